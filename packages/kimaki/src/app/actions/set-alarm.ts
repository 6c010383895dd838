/** Wakes the run or a feature after a while. */
import type { SetAlarm } from '../../domain/conversation/effect.ts'
import { defineAction } from './definition.ts'

export const alarm = defineAction<SetAlarm>({
  kind: 'set-alarm',
  start:
    ({ timers, clock }) =>
    (conversation, { owner, name, delayMs }) =>
      timers.set(`alarm/${owner}/${name}/${conversation.id}`, delayMs, () =>
        conversation.push({ kind: 'alarm', owner, name, at: clock.now() }),
      ),
})
