/**
 * A prompt: one message of a person on its way through the agent.
 *
 *   (queued ──▶) waiting ──▶ preparing ──▶ ready ──▶ handing ──▶ seen ──▶ ended
 *      └─(no files, no command)─▶┘         ▲          │
 *                                          └── cut ◀──┘   (the run was cut off before any tool had started)
 *
 * `handing`: the effect that posts it is on record. `seen`: its message stands in the session (a 204 proves nothing).
 * `cut`: to be posted again under the same ids. `ended` is the one visible end.
 */
import type { IncomingMessage } from '../message/incoming.ts'
import type { PreparedAttachment } from '../message/prompt.ts'
import type { AgentFailure, CommandCall, Fork, PromptPart } from './agent.ts'

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
  /** It was asked aside, in another thread: this one answers it. */
  readonly aside?: AsideOrigin
  /** It was handed over as this command. */
  readonly command?: CommandCall
  readonly phase: PromptPhase
}

/** Where a question aside comes from, and the copy of that session which answers it. */
export interface AsideOrigin {
  /** The thread it was asked in, and its session. */
  readonly from: string
  readonly parent: string
  readonly fork: Fork
  /** Name of the thread that was opened for it, and title of the copy. */
  readonly name: string
}

export type PromptPhase =
  | { readonly kind: 'queued' }
  | { readonly kind: 'waiting' }
  | { readonly kind: 'preparing' }
  /** `commands`: names the agent knows, where that was asked. */
  | { readonly kind: 'ready'; readonly prepared: readonly PreparedAttachment[]; readonly commands?: readonly string[] }
  | ({ readonly kind: 'handing' | 'cut' } & HandedOver)
  /** `created`: Unix ms, OpenCode's clock: when the session took it in. */
  | ({ readonly kind: 'seen'; readonly created: number } & HandedOver)
  | { readonly kind: 'ended'; readonly end: PromptEnd }

export interface HandedOver {
  readonly messageId: string
  readonly parts: readonly PromptPart[]
  /** How often it was posted again after a cut. */
  readonly resends: number
}

export type PromptEnd =
  /** `by`: the assistant message that was the final answer. */
  | { readonly kind: 'answered'; readonly by: string }
  /** Read together with a later prompt, which carries the visible end. */
  | { readonly kind: 'merged'; readonly into: string }
  /** A tool had started when the run was cut off: the agent's affair is unknown, the person decides. */
  | { readonly kind: 'interrupted' }
  | { readonly kind: 'failed'; readonly reason: FailReason }
  /** Taken out of the queue by a person. */
  | { readonly kind: 'removed'; readonly by: string }
  /** Its message was deleted before the agent got it. */
  | { readonly kind: 'withdrawn' }
  /** A person stopped the run. */
  | { readonly kind: 'stopped-by'; readonly by: string }
  /** Nobody is to be told: the agent stopped over a rejected ask (its own line says so), or the thread is gone. */
  | { readonly kind: 'stopped' }

export type FailReason =
  | { readonly kind: 'agent'; readonly failure: AgentFailure }
  /** The model answered nothing, over and over. */
  | { readonly kind: 'runaway' }
  /** The context is too large even after it was summed up. */
  | { readonly kind: 'overfull' }
  /** The model sent nothing for so long. */
  | { readonly kind: 'silent'; readonly afterMs: number }
  /** Posted again several times, and each run was cut off. */
  | { readonly kind: 'gave-up' }
  /** The line people read, worded where the trouble was met. */
  | { readonly kind: 'told'; readonly text: string }

export type SeenPrompt = Prompt & { readonly phase: Extract<PromptPhase, { kind: 'seen' }> }

export const isSeen = (prompt: Prompt): prompt is SeenPrompt => prompt.phase.kind === 'seen'
export const isQueued = (prompt: Prompt): boolean => prompt.phase.kind === 'queued'
/** On its way, but the agent has not got it: it can still be changed or taken back. */
export const isNotHandedOver = ({ phase }: Prompt): boolean =>
  phase.kind === 'waiting' || phase.kind === 'preparing' || phase.kind === 'ready'
export const isLive = (prompt: Prompt): boolean => prompt.phase.kind !== 'ended'
