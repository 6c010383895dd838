/** Everything that can happen to a conversation. Time is a field (`at`, Unix ms). */
import type { IncomingMessage } from '../message/incoming.ts'
import type { AgentEvent, Snapshot, TurnFacts } from './agent.ts'
import type { Effect, Outcome, WakeReason } from './effect.ts'
import type { AsideOrigin } from './prompt.ts'

export type Input = { readonly at: number } &
  /** From the inbox: durable before it runs. `order` is its sequence there. */
  (
    | (Extract<Asked, { kind: 'message' }> & { readonly order: number })
    /** A message whose handling failed three times: told, not run. `text` is the line people read. */
    | { readonly kind: 'set-aside'; readonly order: number; readonly message: IncomingMessage; readonly text: string }
    | Exclude<Asked, { kind: 'message' }>
    | { readonly kind: 'outcome'; readonly effect: Effect; readonly outcome: Outcome }
    /** A shell command has said more: all of its output until now. */
    | { readonly kind: 'command-output'; readonly commandId: string; readonly text: string }
    | { readonly kind: 'agent'; readonly event: AgentEvent }
    /** `meanwhile`: what the stream told while the session was read; it may be newer. */
    | { readonly kind: 'snapshot'; readonly snapshot: Snapshot; readonly meanwhile: readonly AgentEvent[] }
    /** The session could not be read; `text` says why, `final` that trying again is of no use. */
    | { readonly kind: 'unreadable'; readonly text: string; readonly final: boolean }
    | { readonly kind: 'described'; readonly answerId: string; readonly facts: TurnFacts }
    | { readonly kind: 'posted'; readonly postId: string; readonly messageId: string }
    /** A card shows this text now (or never will: its message is gone). */
    | { readonly kind: 'edited'; readonly postId: string; readonly shown: string }
    /** Discord refuses the post for good; `fallback` is the line to post instead. */
    | { readonly kind: 'post-refused'; readonly postId: string; readonly fallback: string }
    /** `text` is told in the project channel if anybody waits for an answer. */
    | { readonly kind: 'thread-gone'; readonly text: string }
    | { readonly kind: 'thread-renamed'; readonly name: string }
    /** The bot started again, or the agent's server did: look at everything that is open. */
    | { readonly kind: 'resume' }
    | { readonly kind: 'wake'; readonly why: WakeReason }
  )

/** What people ask: on record before anything happens because of it. */
export type Asked =
  | {
      readonly kind: 'message'
      readonly message: IncomingMessage
      /** Asked aside elsewhere: begins the conversation in a thread that was opened for it. */ readonly aside?: AsideOrigin
    }
  /** Its last form. */
  | { readonly kind: 'edited-message'; readonly message: IncomingMessage }
  | { readonly kind: 'deleted-message'; readonly messageId: string }
  | { readonly kind: 'pressed'; readonly press: Press }

/** A button of ours was pressed by somebody who may use the agent (Discord docs: Message Components). */
export interface Press {
  readonly id: string
  readonly guildId: string
  /** The thread. */
  readonly channelId: string
  readonly messageId: string
  readonly customId: string
  readonly userId: string
  readonly userName: string
}
