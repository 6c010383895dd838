/** An ask as a conversation knows it: what is asked, how far it is answered, and its end. */
import type { Ask } from '../../../agent.ts'
import type { Allowance } from './allowance.ts'
import type { Form } from './question-form.ts'

export interface KnownAsk extends Ask {
  /** The newest user message when the agent asked: the run that waits. */
  readonly during: string | undefined
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
  | { readonly kind: 'allow'; readonly by: string; readonly forThread?: true }
  /** A person allowed as much for the thread before. */
  | { readonly kind: 'covered' }
  /** With words the agent goes on; without them its run stops. */
  | { readonly kind: 'deny'; readonly by: string; readonly words?: string }
  | { readonly kind: 'answer'; readonly by: string }
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
  /** For as long as the conversation lasts. */
  readonly allowed: readonly Allowance[]
}
