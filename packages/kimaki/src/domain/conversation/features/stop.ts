/** The buttons that end a run: on the notice of a provider that refuses for now. They name the user message whose run they end. */
import { defineFeature, type FeatureChange } from '../feature.ts'
import type { ButtonPress } from '../request.ts'
import { coveredPrompts, isIdle, promptUnderWay } from '../run/derive.ts'
import type { Conversation } from '../state.ts'

export const stop = defineFeature<undefined>({
  name: 'stop',
  version: 1,
  initial: undefined,
  buttons: {
    stop: (_, about, press, state) => stopIfUnderWay(about, press, state, 'keep'),
    'stop-all': (_, about, press, state) => stopIfUnderWay(about, press, state, 'drop'),
  },
})

function stopIfUnderWay(
  about: string,
  { userName }: ButtonPress,
  state: Conversation,
  unread: 'keep' | 'drop',
): FeatureChange<undefined> {
  const isUnderWay = !isIdle(state) && promptUnderWay(state) === about && coveredPrompts(state).length > 0
  return { slice: undefined, requests: isUnderWay ? [{ kind: 'stop-run', by: userName, unread }] : [] }
}
