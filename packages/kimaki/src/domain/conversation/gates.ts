/** Who holds what back, and why: the run and the features, asked in one place (an operator may ask, too). */
import type { Conversation } from './state.ts'

/** Submitting prompts, stopping a step for a newer message, releasing the queue, ending an answered run. */
export type Gate = 'submit' | 'interrupt' | 'release-queue' | 'finish'

/** The reason, as a sentence an operator reads; undefined: nobody holds it back. */
export type HeldBy = (gate: Gate, state: Conversation) => string | undefined
