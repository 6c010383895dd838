/** Who holds what back, and why: the run and the features, asked in one place (an operator may ask, too). */
import type { Gate } from './feature.ts'
import type { Conversation } from './state.ts'

/** The reason, as a sentence an operator reads; undefined: nobody holds it back. */
export type HeldBy = (gate: Gate, state: Conversation) => string | undefined
