/** What the provider refused for now, in the open turn: OpenCode asks it again by itself, and one notice a run says so. */
import type { SessionStatus } from '../../agent.ts'
import { defineFeature, keep } from '../feature.ts'
import { promptUnderWay } from '../run/derive.ts'
import type { Conversation } from '../state.ts'

export interface Retries {
  /** The user message under way when it began: one notice a run. */
  readonly during: string
  /** How often the provider was asked again. */
  readonly times: number
  /** OpenCode's number of the last attempt; it begins anew with each step of a run. */
  readonly attempt: number
  /** What the provider said last. */
  readonly message: string
}

export const retry = defineFeature<Retries | undefined>({
  name: 'retry',
  version: 1,
  initial: undefined,
  on: {
    'session-read': (retries, { snapshot }, state) => keep(after(retries, snapshot.status, state)),
    agent: (retries, { event }, state) => keep(event.kind === 'status' ? after(retries, event.status, state) : retries),
  },
  closeTurn: () => undefined,
})

/** The same attempt may be told more than once. */
function after(retries: Retries | undefined, status: SessionStatus, state: Conversation): Retries | undefined {
  if (status.kind !== 'retry') return retries
  const during = promptUnderWay(state)
  // A run whose prompt belongs to a closed turn had its notice in that turn.
  const isOpen = state.turn.messages.some(({ id }) => id === during)
  if (during === undefined || !isOpen) return retries
  const { attempt, message } = status
  if (retries?.during !== during) return { during, times: 1, attempt, message }
  return retries.attempt === attempt ? retries : { during, times: retries.times + 1, attempt, message }
}
