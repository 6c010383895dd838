/** The effects and actions that the run asks for. */
import type { IncomingMessage, ThreadStarter } from '../../message/incoming.ts'
import type { PreparedAttachment } from '../../message/prompt.ts'
import type { Level } from '../../models/in-force.ts'
import type { AgentEvent, AnsweredBy, CommandCall, PermissionRule, PromptPart, Snapshot } from '../../agent.ts'
import type { Action, Effect, Outcome } from '../effect.ts'
import type { PromptEnd } from '../prompt.ts'

export interface RunEffectBase extends Effect {
  readonly owner: 'run'
}

export interface OpenThread extends RunEffectBase {
  readonly kind: 'open-thread'
  readonly channelId: string
  readonly messageId: string
  readonly name: string
  /** Who is added to the thread. */
  readonly userId: string | undefined
}

export interface OpenSession extends RunEffectBase {
  readonly kind: 'open-session'
  readonly directory: string
  readonly mark: string
  readonly rules?: readonly PermissionRule[]
}

export interface Prepare extends RunEffectBase {
  readonly kind: 'prepare'
  readonly promptId: string
  readonly directory: string
  readonly message: IncomingMessage
  /** The message that its thread was opened from is fetched, too. */
  readonly withStarter?: true
}

export interface SubmitPrompt extends RunEffectBase {
  readonly kind: 'prompt'
  readonly promptId: string
  /** Whose rights are asked for again; undefined: a program's, which has them by being on this machine. */
  readonly userId: string | undefined
  readonly guildId: string
  /** It stood in the queue: its author's rights are looked at again, however short that was. */
  readonly waited: boolean
  readonly directory: string
  readonly session: string
  readonly messageId: string
  readonly parts: readonly PromptPart[]
  readonly resend: boolean
  /**
   * Message ids to delete from the session first, so that re-posting keeps the order: this message if others follow it, and every later
   * message that will be re-posted.
   */
  readonly removeFirst?: readonly string[]
  /** Messages that stand before it in the session and are not answered yet. */
  readonly after: readonly string[]
  /** The next message is ready: this one is only put into the session, and read together with it. */
  readonly noReply?: true
  readonly answeredBy?: AnsweredBy
  readonly command?: CommandCall
}

export interface Abort extends RunEffectBase {
  readonly kind: 'abort'
  readonly directory: string
  readonly session: string
  /** Messages in it that nobody is to read any more. */
  readonly drop?: readonly string[]
  /** The prompt whose emptied message leaves the session. */
  readonly promptId?: string
}

/** Stops the run, unless a step has begun meanwhile that could read the message. */
export interface Interrupt extends RunEffectBase {
  readonly kind: 'interrupt'
  readonly directory: string
  readonly session: string
  readonly promptId: string
  readonly messageId: string
  /** The assistant message that is cut off. */
  readonly stepId: string
  /** Not before this, by the bot's clock. */
  readonly due: number
}

/** Changes a message in the session, or empties it, unless a step has read it. */
export interface RecallMessage extends RunEffectBase {
  readonly kind: 'recall'
  readonly directory: string
  readonly session: string
  readonly promptId: string
  readonly messageId: string
  /** What it is to say; undefined: nothing. */
  readonly reworded?: { readonly message: IncomingMessage; readonly parts: readonly PromptPart[] }
}

/** Reads what was said in the session of a conversation that goes on with it. */
export interface ReadHistory extends RunEffectBase {
  readonly kind: 'read-history'
  readonly directory: string
  readonly session: string
}

export type RunEffect = OpenThread | OpenSession | Prepare | SubmitPrompt | Abort | Interrupt | RecallMessage | ReadHistory

export type RunOutcome = Outcome<
  | { readonly kind: 'thread-opened'; readonly threadId: string; readonly isTheirs?: true }
  | { readonly kind: 'session-opened'; readonly session: string }
  /** `commands`: names the agent knows, where they were asked for. */
  | {
      readonly kind: 'prepared'
      readonly prepared: readonly PreparedAttachment[]
      readonly commands?: readonly string[]
      readonly starter?: ThreadStarter
    }
  /** `answeredBy`: whom the prompt named; `by`: why. */
  | { readonly kind: 'delivered'; readonly created: number; readonly answeredBy?: AnsweredBy; readonly by?: Level }
  /** The session was deleted outside Kimaki: nothing was posted. */
  | { readonly kind: 'session-gone' }
  /** A terminal works in the session: nothing was posted. */
  | { readonly kind: 'busy-elsewhere' }
  /** A message submitted before it is missing in the session: nothing was posted. */
  | { readonly kind: 'gap' }
  /** The run was stopped for a message that still waits. */
  | { readonly kind: 'aborted' }
  /** Nobody has read the message; it says nothing any more, or what it should. */
  | { readonly kind: 'emptied' | 'reworded' }
  /** The session does not hold the message. */
  | { readonly kind: 'absent' }
  /** `meanwhile`: what the stream told while it was read. */
  | { readonly kind: 'history-read'; readonly snapshot: Snapshot; readonly meanwhile: readonly AgentEvent[] }
  /** The agent has read the message as it was. */
  | { readonly kind: 'read' }
>

/** Reads the session's snapshot after `delayMs`; with `ifQuiet` only if the run still does not show by then. */
export interface ReadSession extends Action {
  readonly kind: 'read-session'
  readonly delayMs: number
  readonly ifQuiet?: true
}

export interface AddMember extends Action {
  readonly kind: 'add-member'
  readonly threadId: string
  readonly userId: string
}

/** The end of the prompts for which the effect was made. */
export const failedWith = (outcome: RunOutcome): PromptEnd & { readonly kind: 'failed' } => ({
  kind: 'failed',
  reason: { kind: 'told', text: outcome.kind === 'failed' ? outcome.text : `✗ unexpected outcome: ${outcome.kind}` },
})

export const readSession = (delayMs: number): ReadSession => ({ kind: 'read-session', delayMs })
