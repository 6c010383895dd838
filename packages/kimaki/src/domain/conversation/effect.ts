/**
 * What a conversation wants done. An effect is a row before it runs; after a crash it is asked whether it happened, then done
 * again if not. A hint is not on record: losing it loses nothing, because the state asks for it anew.
 */
import type { IncomingMessage } from '../message/incoming.ts'
import type { PreparedAttachment } from '../message/prompt.ts'
import type { AsideOrigin } from './prompt.ts'
import type { AnsweredBy, Ask, AssistantMessage, CommandCall, Fork, PromptPart } from './agent.ts'
import type { CommandEnd, CommandOutput } from './shell.ts'

export type Effect = {
  /** Names what is to be done: it runs once at a time, and again only when it is asked for again. */ readonly key: string
} & (
  | {
      readonly kind: 'open-thread'
      readonly channelId: string
      readonly messageId: string
      readonly name: string
      readonly authorId: string
    }
  | { readonly kind: 'open-session'; readonly directory: string; readonly mark: string }
  | { readonly kind: 'prepare'; readonly promptId: string; readonly directory: string; readonly message: IncomingMessage }
  | {
      readonly kind: 'prompt'
      readonly promptId: string
      readonly directory: string
      readonly session: string
      readonly messageId: string
      readonly parts: readonly PromptPart[]
      readonly resend: boolean
      /** Messages that leave the session before: itself, where a later one stands behind it, and later ones that are posted again after it. */
      readonly takeOut?: readonly string[]
      /** Messages that stand before it in the session and are not answered yet. */
      readonly behind: readonly string[]
      /** The next message is ready: this one is only put into the session, and read together with it. */
      readonly followed?: true
      /** It stood in the queue: its author's rights are looked at again, however short that was. */
      readonly waited?: true
      readonly as?: AnsweredBy
      readonly command?: CommandCall
      readonly guildId: string
      readonly authorId: string
    }
  | {
      /** Copies the session for a question aside; what runs in it goes on. */
      readonly kind: 'fork'
      readonly promptId: string
      readonly directory: string
      readonly session: string
      readonly mark: string
      readonly title: string
      readonly message: IncomingMessage
      readonly guildId: string
      readonly authorId: string
    }
  | {
      /** Opens a thread for the copy and puts the question into its inbox. */
      readonly kind: 'open-aside'
      readonly promptId: string
      readonly guildId: string
      readonly channelId: string
      readonly directory: string
      readonly message: IncomingMessage
      readonly aside: AsideOrigin
    }
  | { readonly kind: 'reject-ask'; readonly directory: string; readonly ask: Ask }
  | {
      readonly kind: 'abort'
      readonly directory: string
      readonly session: string
      /** Messages in it that nobody is to read any more. */
      readonly drop?: readonly string[]
    }
  | {
      /** Stops the run, unless a step has begun meanwhile that could read the message. */
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
  | {
      readonly kind: 'shell'
      readonly commandId: string
      /** As it was written. */
      readonly command: string
      readonly directory: string
      readonly guildId: string
      readonly authorId: string
    }
)

export type EffectKind = Effect['kind']

/** Why it is safe to hand out each kind again after a crash. */
export const AFTER_A_CRASH: Readonly<
  Record<EffectKind, { readonly by: 'key' | 'probe' | 'idempotent' | 'never'; readonly why: string }>
> = {
  'open-thread': { by: 'key', why: 'a thread started from a message has its id; a second start answers 160004' },
  'open-session': { by: 'probe', why: 'the session carries the conversation as its mark and is looked for first' },
  prepare: { by: 'idempotent', why: 'files are written again under the same derived names; names of commands are only read' },
  prompt: { by: 'probe', why: 'the session is read for the message id first; ids belong to the prompt, not to the attempt' },
  fork: { by: 'probe', why: 'the copy is born with the question as its mark and is looked for first' },
  'open-aside': { by: 'probe', why: 'the inbox row names the thread; before it, a thread of ours of that name is looked for' },
  'reject-ask': { by: 'idempotent', why: 'an ask that is gone counts as rejected' },
  interrupt: { by: 'probe', why: 'the session is read first: a message that was picked up is left alone' },
  abort: { by: 'idempotent', why: 'aborting an idle session changes nothing, what was dropped is gone' },
  shell: { by: 'never', why: 'nobody knows how far it came: its thread is told that it was cut off' },
}

/** How an effect ended. `text` is the line people read. */
export type Outcome =
  | { readonly kind: 'thread-opened'; readonly threadId: string }
  | { readonly kind: 'session-opened'; readonly session: string }
  | { readonly kind: 'forked'; readonly fork: Fork }
  /** `commands`: names the agent knows, where that was asked. */
  | { readonly kind: 'prepared'; readonly prepared: readonly PreparedAttachment[]; readonly commands?: readonly string[] }
  | { readonly kind: 'seen'; readonly created: number }
  /** A message handed over before it is missing in the session: nothing was posted. */
  | { readonly kind: 'gap' }
  | { readonly kind: 'done' }
  /** The run was stopped for a message that still waits. */
  | { readonly kind: 'aborted' }
  /** Without `output` it stays what was told last. */
  | {
      readonly kind: 'command-ended'
      readonly end: CommandEnd
      readonly tookMs: number
      readonly output: CommandOutput | undefined
    }
  | { readonly kind: 'failed'; readonly text: string }
  /** The thread's channel or the message vanished; of an ask, the server that asked. */
  | { readonly kind: 'gone' }

export type Hint =
  /** Read the session's snapshot after `delayMs`; with `ifQuiet` only if the run still does not show by then. */
  | { readonly kind: 'read-session'; readonly delayMs: number; readonly ifQuiet?: true }
  | { readonly kind: 'describe'; readonly answer: AssistantMessage; readonly startedAt: number }
  | { readonly kind: 'rename'; readonly threadId: string; readonly name: string }
  | { readonly kind: 'add-member'; readonly threadId: string; readonly userId: string }
  | { readonly kind: 'wake'; readonly why: WakeReason; readonly delayMs: number }
  /** Should the process end before, so has the command. */
  | { readonly kind: 'stop-command'; readonly commandId: string }

/** An open text part may have to be closed because a tool runs; a model may have fallen silent; a message may wait for too long; a turn has
 * been settled, and the queue goes on.
 */
export type WakeReason = 'overtaken' | 'silence' | 'waiting' | 'settled'
