/**
 * A prompt: one message on its way through the agent.
 *
 *   waiting ──▶ preparing ──▶ ready ──▶ sending ──▶ delivered ──▶ ended
 *      └─(no files, no command)─▶┘        ▲            │
 *                                         └── resend ◀─┘   (the run was cut off before any tool had started)
 *
 * `sending`: the effect that submits it is on record. `delivered`: its message stands in the session (a 204 proves nothing).
 * `resend`: to be posted again under the same ids. `ended` is the one visible end.
 */
import { deriveId } from '../../base/ids.ts'
import type { IncomingMessage, ThreadStarter } from '../message/incoming.ts'
import type { PreparedAttachment } from '../message/prompt.ts'
import type { AgentFailure, CommandCall, PromptPart } from '../agent.ts'
import type { Beginning } from './request.ts'

export interface Prompt {
  /** What it came from, e.g. `discord:1234`. */
  readonly id: string
  /** Order of arrival: the inbox sequence. */
  readonly order: number
  readonly message: IncomingMessage
  /** Unix ms, our clock: when its author's rights were looked at. */
  readonly acceptedAt: number
  /** It stood in the queue before it ran. */
  readonly waited?: true
  /** The conversation began with it. */
  readonly begins?: Beginning
  /** It was submitted as this command. */
  readonly command?: CommandCall
  /** Its message was edited or deleted when it was with the session already (`run/recall.ts`). */
  readonly recall?: Recall
  readonly phase: PromptPhase
}

export type Recall =
  /**
   * What its author wants of it: `message` is what it is to say, without it the message is to go. `asked`: an effect is on record.
   * `times`: how many there were, and how many when the last one was `over`.
   */
  | { readonly kind: 'wanted' | 'asked'; readonly message?: IncomingMessage; readonly times: number }
  | { readonly kind: 'over'; readonly times: number }
  /** It stands in the session, under this id, without its words. `leaves`: the run that would answer it is stopped, and it is taken out. */
  | { readonly kind: 'emptied'; readonly messageId: string; readonly leaves?: 'asked' | 'done' }

export type PromptPhase =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'preparing' }
  /** `commands`: names the agent knows, where they were asked for. */
  | {
      readonly kind: 'ready'
      readonly prepared: readonly PreparedAttachment[]
      readonly commands?: readonly string[]
      readonly starter?: ThreadStarter
    }
  | ({ readonly kind: 'sending' | 'resend' } & Submitted)
  /** `created`: Unix ms, OpenCode's clock: when the session took it in. */
  | ({ readonly kind: 'delivered'; readonly created: number } & Submitted)
  | { readonly kind: 'ended'; readonly end: PromptEnd }

export interface Submitted {
  readonly messageId: string
  readonly parts: readonly PromptPart[]
  /** How often it was posted again after a cut. */
  readonly resends: number
}

export type PromptEnd =
  /** `by`: the assistant message that was the final answer. */
  | { readonly kind: 'answered'; readonly by: string }
  /** Read together with a later prompt, which carries the visible end. */
  | { readonly kind: 'merged' }
  /** A tool had started when the run was cut off: the agent's affair is unknown, the person decides. */
  | { readonly kind: 'interrupted' }
  | { readonly kind: 'failed'; readonly reason: FailReason }
  /** Its message was deleted before the agent got it. */
  | { readonly kind: 'withdrawn' }
  /** A person stopped the run. */
  | { readonly kind: 'stopped-by'; readonly by: string }
  /** The run was stopped, but by nobody here: in a terminal, or by a plugin of the user. */
  | { readonly kind: 'stopped-elsewhere' }
  /** Nobody is to be told: a feature stopped the run and its own block says so, or the thread is gone. */
  | { readonly kind: 'stopped' }

export type FailReason =
  | { readonly kind: 'agent'; readonly failure: AgentFailure }
  /** The model answered nothing, over and over. */
  | { readonly kind: 'empty-loop' }
  /** Its answers had words, but none had an end that OpenCode knows: it asked the model again and again. */
  | { readonly kind: 'endless-answer' }
  /** It called the same tool with the same input, and that failed each time. */
  | { readonly kind: 'repeated-failure'; readonly tool: string }
  /** The context is too large even after it was summed up. */
  | { readonly kind: 'context-overflow' }
  /** The model sent nothing for so long. */
  | { readonly kind: 'stalled'; readonly afterMs: number }
  /** The turn worked for as long as the operator allows. */
  | { readonly kind: 'too-long'; readonly limitMin: number }
  /** The message had no words, and none of its files could be read. */
  | { readonly kind: 'nothing-to-read' }
  /** The session was deleted outside Kimaki before the answer stood in the thread. `isUnread`: it had not taken the message in. */
  | { readonly kind: 'session-gone'; readonly isUnread?: true }
  /** Posted again several times, and each run was cut off. */
  | { readonly kind: 'gave-up' }
  /** The line people read, worded where the trouble was met. */
  | { readonly kind: 'told'; readonly text: string }

export type DeliveredPrompt = Prompt & { readonly phase: Extract<PromptPhase, { kind: 'delivered' }> }

export const isDelivered = (prompt: Prompt): prompt is DeliveredPrompt => prompt.phase.kind === 'delivered'
/** On its way, but the agent has not got it: it can still be changed or taken back. */
export const isNotSubmitted = ({ phase }: Prompt): boolean =>
  phase.kind === 'waiting' || phase.kind === 'preparing' || phase.kind === 'ready'
export const isLive = (prompt: Prompt): boolean => prompt.phase.kind !== 'ended'
/** Its agent works on it, or may. */
export const isSubmitted = ({ phase }: Prompt): boolean =>
  phase.kind === 'sending' || phase.kind === 'delivered' || phase.kind === 'resend'
export const isSending = ({ phase }: Prompt): boolean => phase.kind === 'sending'

/** Whether the agent has read it is being found out. */
export const isRecalled = ({ phase, recall }: Pick<Prompt, 'phase'> & { readonly recall?: Recall | undefined }): boolean =>
  phase.kind !== 'ended' && (recall?.kind === 'wanted' || recall?.kind === 'asked')

/** Its emptied message is just being taken out of the session. */
export const isLeaving = ({ recall }: Prompt): boolean => recall?.kind === 'emptied' && recall.leaves === 'asked'

/** The message that a prompt becomes in a session (docs/decisions/0002). */
export const messageIdOf = (install: string, session: string, promptId: string): string =>
  deriveId('msg_', install, session, promptId)

/** Discord's messages have a number; requests of programs bring a key of their own. */
export const promptIdOf = (messageId: string): string => (/^\d+$/.test(messageId) ? `discord:${messageId}` : messageId)
