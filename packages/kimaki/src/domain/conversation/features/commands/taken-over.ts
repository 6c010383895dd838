/** A thread of the older Kimaki goes on: its conversation begins here with the first that is said in it, in the session it had there. */
import type { Preference } from '../../../models/preferences.ts'
import { models } from './models.ts'
import type { Conversation } from '../../state.ts'

export interface TakenOver {
  readonly session: string
  /** Who answers in the thread, as people had chosen there. */
  readonly chosen: Preference
}

/** `at`: when that was said, in Unix ms. What the session said before stands in the thread already. */
export const takeOver = (begun: Conversation, { session, chosen }: TakenOver, at: number): Conversation => ({
  ...begun,
  session: { kind: 'open', id: session },
  closedUpTo: at - 1,
  features: { ...begun.features, [models.name]: { own: chosen } },
})
