/** The server of the agent lives but answers nothing, while somebody waits: one notice a run says so, and what came of it. */
import { defineFeature, keep } from '../feature.ts'
import { isLive } from '../prompt.ts'

export interface ServerSilence {
  /** The prompt that waited when it began. */
  readonly during: string
  /** How long it had been silent, and how long it may be until it is ended: milliseconds. */
  readonly forMs: number
  readonly endsAtMs: number
  readonly state: 'silent' | 'answers' | 'ended'
}

export const silence = defineFeature<ServerSilence | undefined>({
  name: 'silence',
  version: 1,
  initial: undefined,
  on: {
    'server-silent'(known, { forMs, endsAtMs }, { turn }) {
      const during = known?.during ?? turn.prompts.find(isLive)?.id
      return keep(during === undefined ? known : { during, forMs, endsAtMs, state: 'silent' })
    },
    'server-answers': (known) => keep(known?.state === 'silent' ? { ...known, state: 'answers' } : known),
    'server-ended': (known) => keep(known?.state === 'silent' ? { ...known, state: 'ended' } : known),
  },
  closeTurn: () => undefined,
})
