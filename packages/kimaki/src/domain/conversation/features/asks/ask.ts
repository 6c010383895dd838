/** An ask as a conversation knows it: what is asked, how far it is answered, and its end. */
import type { Ask } from '../../../agent.ts'
import type { Allowance } from '../../../allowance.ts'
import type { CoveringRule } from './covering.ts'
import type { Form } from './question-form.ts'

export interface KnownAsk extends Ask {
  /** The newest user message when the agent asked: the run that waits. */
  readonly during: string | undefined
  /** Unix ms. Missing of an ask that was just heard of, or by an earlier version. */
  readonly openedAt?: number
  /** See `audit.ts`. Missing of an ask of an earlier version. */
  readonly audited?: 'asked' | 'answered' | 'ended'
  /** It came while this ask with the same words was open, so it has no card of its own as long as that one is open. */
  readonly twinOf?: string
  /** A subagent asks: its "no" does not stop the run of the thread. */
  readonly isChild?: true
  /** Of questions: what is answered so far. */
  readonly form: Form
  /** Messages that replied to its card, by the ids of their prompts: they are none. */
  readonly repliedIn?: readonly string[]
  readonly phase:
    | { readonly kind: 'open' }
    | { readonly kind: 'answering'; readonly answer: Answer }
    | { readonly kind: 'ended'; readonly end: AskEnd }
}

/** `by`: the name of the person. */
export type Answer =
  /** `always`: for the project folder, which is a row of its own. `forThread`: by a button that cards do not have any more. */
  | { readonly kind: 'allow'; readonly by: string; readonly userId?: string; readonly forThread?: true; readonly always?: true }
  /** A person allowed as much before. `rules`: what covers it; missing: it was allowed for the thread. */
  | { readonly kind: 'covered'; readonly rules?: readonly CoveringRule[] }
  /** With words the agent goes on; without them its run stops. */
  | { readonly kind: 'deny'; readonly by: string; readonly userId?: string; readonly words?: string }
  /** Nobody answered a permission for so long: the agent is told, and goes on. */
  | { readonly kind: 'timed-out'; readonly afterMs: number }
  | { readonly kind: 'answer'; readonly by: string; readonly userId?: string }
  /** A message for the agent follows. */
  | { readonly kind: 'pass-over' }

export type AskEnd =
  | Answer
  /** Somebody answered in OpenCode itself, or a rejection of another ask took this one with it. */
  | { readonly kind: 'elsewhere'; readonly isRejected: boolean }
  /** The run that waited for it is over. */
  | { readonly kind: 'expired' }
  /** So is its server; the card offers to go on, unless the agent got another message since. */
  | { readonly kind: 'server-gone'; readonly isLapsed?: true }
  /** `by` has taken that offer. */
  | { readonly kind: 'gone-on'; readonly by: string }

export interface AsksSlice {
  readonly asks: readonly KnownAsk[]
  /** For as long as the conversation lasts: by cards of earlier versions. */
  readonly allowed: readonly Allowance[]
}
