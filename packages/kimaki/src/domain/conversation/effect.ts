/**
 * Effects and actions: what a conversation wants done. An effect is a row before it runs; after a crash it is asked whether it happened,
 * then done again if not (`app/effects/`). An action is not on record: losing it loses nothing, because the state asks for it anew
 * (`app/actions/`). Whoever wants one declares its shape: `run/effects.ts` and the features.
 */

export interface Effect {
  /** Names what is to be done: it runs once at a time, and again only when it is asked for again. */
  readonly key: string
  readonly kind: string
  /** `run`, the name of the feature that gets the outcome, or `nobody`. */
  readonly owner: string
}

export interface Action {
  readonly kind: string
}

/** How an effect ended; each effect has outcomes of its own beside these. */
export type Outcome<Own extends { readonly kind: string } = never> =
  | Own
  | { readonly kind: 'done' }
  /** `text` is the line people read. */
  | { readonly kind: 'failed'; readonly text: string }
  /** What it was about has vanished: the thread's channel, the message, or of an ask the server that asked. */
  | { readonly kind: 'gone' }

/** An outcome of which only its owner knows more. */
export interface AnyOutcome {
  readonly kind: string
  readonly [field: string]: unknown
}

/** Wakes its owner after a while: `alarm` with the same name comes back as an input. Of several for a name the earliest counts. */
export interface SetAlarm extends Action {
  readonly kind: 'set-alarm'
  readonly owner: string
  readonly name: string
  readonly delayMs: number
}

export const setAlarm = (owner: string, name: string, delayMs: number): SetAlarm => ({ kind: 'set-alarm', owner, name, delayMs })
