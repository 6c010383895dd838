/** Everything that can happen to a conversation. Time is a field (`at`, Unix ms). */
import type { IncomingMessage } from '../message/incoming.ts'
import type { AgentEvent, LastWritten, Snapshot } from '../agent.ts'
import type { AnyOutcome, Effect } from './effect.ts'
import type { RunEvent } from './event.ts'
import type { Request } from './request.ts'
import type { Right } from '../rights.ts'

export type Input = { readonly at: number } &
  /** From the inbox: durable before it runs. `order` is its sequence there. */
  (
    | (Extract<Request, { kind: 'message' }> & { readonly order: number })
    /** A message whose handling failed three times: told, not run. `text` is the line people read. */
    | { readonly kind: 'dead-letter'; readonly order: number; readonly message: IncomingMessage; readonly text: string }
    | (Extract<Request, { kind: 'pressed' }> & { readonly order: number })
    | Exclude<Request, { kind: 'message' | 'command' | 'pressed' }>
    /** `isMissed`: an earlier process accepted it but did not acknowledge it, so it is not run. */
    | (Extract<Request, { kind: 'command' }> & { readonly order: number; readonly isMissed?: boolean })
    | { readonly kind: 'outcome'; readonly effect: Effect; readonly outcome: AnyOutcome }
    /** Something that runs for a feature tells it how far it is, or what it found. */
    | { readonly kind: 'report'; readonly owner: string; readonly report: unknown }
    | { readonly kind: 'agent'; readonly event: AgentEvent }
    /** `meanwhile`: what the stream told while the session was read; it may be newer. */
    | { readonly kind: 'snapshot'; readonly snapshot: Snapshot; readonly meanwhile: readonly AgentEvent[] }
    /** The session could not be read; `text` says why, `final` that trying again is of no use, `isGone` that it was deleted. */
    | { readonly kind: 'unreadable'; readonly text: string; readonly final: boolean; readonly isGone?: true }
    /** `isForeign`: the message that stands for the post was written by another process. */
    | { readonly kind: 'posted'; readonly postId: string; readonly messageId: string; readonly isForeign?: true }
    /** An editable post shows this now. */
    | { readonly kind: 'post-edited'; readonly postId: string; readonly shown: string }
    /** An editable post stays as it is for ever: its message is gone, or Discord refuses the new content. */
    | { readonly kind: 'post-fixed'; readonly postId: string }
    /** Discord does not let the bot post it for now. `code`: Discord's; `missing`: rights the bot lacks in the project channel. */
    | { readonly kind: 'post-held'; readonly postId: string; readonly code: number; readonly missing: readonly Right[] }
    /** Discord refuses the post for good; `fallback` is the line to post instead. */
    | { readonly kind: 'post-refused'; readonly postId: string; readonly fallback: string }
    /** `text` is told in the project channel if anybody waits for an answer. */
    | { readonly kind: 'thread-gone'; readonly text: string }
    | { readonly kind: 'thread-renamed'; readonly name: string }
    /** Another process may have written in the session: its title, and what stands there last. */
    | { readonly kind: 'session-written'; readonly session: string; readonly title: string; readonly last: LastWritten }
    /** The bot started again, or the agent's server did: look at everything that is open. */
    | { readonly kind: 'resume' }
    /** The agent's server lives but answers nothing, answers again, or is gone; it runs programs that nobody was told of. */
    | Extract<RunEvent, { kind: 'server-silent' | 'server-answers' | 'server-ended' | 'programs-found' }>
    /** Two threads of the project write the same file. */
    | Extract<RunEvent, { kind: 'file-collided' }>
    /** A `set-alarm` is due. */
    | { readonly kind: 'alarm'; readonly owner: string; readonly name: string }
    /** The turn before was closed: what has waited for that goes on. */
    | { readonly kind: 'turn-closed' }
    /** The agent of another conversation has ended its work: this one may begin (`Rules.hasRoom`). */
    | { readonly kind: 'room-freed' }
    /** People have allowed more for the project folder, or less (`Rules.allowed`). */
    | { readonly kind: 'allowances-changed' }
  )
