/** What the emulator remembers of its own life: append-only, in the order things took effect. */
import type { APIMessage } from 'discord-api-types/v10'

interface EntryBase {
  /** Position in the journal, from 0, without gaps. */
  readonly seq: number
  /** Unix milliseconds with fraction. */
  readonly at: number
}

export type JournalEntry = EntryBase & JournalRecord

export type JournalRecord =
  | {
      /** One REST or CDN request (`status` 0: not carried out, by a fault; `route` `(unknown)`: no such route), written when its answer was sent (or withheld: `fault`). */
      readonly kind: 'request'
      readonly method: string
      /** Route template, e.g. `/channels/:channel/messages`. */
      readonly route: string
      readonly path: string
      readonly botId: string | undefined
      readonly status: number
      /** Discord's JSON error code, if any. */
      readonly code: number | undefined
      readonly startedAt: number
      readonly fault: string | undefined
    }
  | {
      /** A message came to be, changed or went; `message` is its state after (before, for deletes). `messageId` repeats `message.id`. */
      readonly kind: 'message'
      readonly action: 'create' | 'update' | 'delete'
      readonly by: 'person' | 'bot' | 'system'
      readonly authorId: string
      readonly channelId: string
      /** The thread's parent channel, or undefined for a message in a plain channel. */
      readonly parentId: string | undefined
      readonly messageId: string
      readonly content: string
      /** Texts of the attachments that are text (≤ 1 MiB each), so that a reader sees what a person could open. */
      readonly attachedTexts: readonly string[]
      readonly nonce: string | undefined
      readonly message: APIMessage
    }
  | {
      /** A gateway dispatch was written to a bot's socket (`replayed`: during a resume). */
      readonly kind: 'dispatch'
      readonly botId: string
      readonly sessionId: string
      readonly event: string
      readonly sequence: number
      readonly subjectId: string | undefined
      readonly replayed: boolean
    }
  | {
      /** `close`: a close frame was sent or received, with its code. `lost`: the socket ended without one (cut, killed, heartbeats missing). */
      readonly kind: 'gateway'
      readonly botId: string | undefined
      readonly sessionId: string | undefined
      readonly what: 'connect' | 'identify' | 'resume' | 'resumed' | 'invalid-session' | 'heartbeat' | 'close' | 'lost'
      readonly code: number | undefined
    }

export interface Journal {
  readonly entries: readonly JournalEntry[]
  append(record: JournalRecord): void
  /** Called with each new entry; returns the unsubscribe. */
  onEntry(listener: (entry: JournalEntry) => void): () => void
}

export function createJournal(now: () => number = () => performance.timeOrigin + performance.now()): Journal {
  const entries: JournalEntry[] = []
  const listeners = new Set<(entry: JournalEntry) => void>()
  return {
    entries,
    append(record) {
      const entry: JournalEntry = { seq: entries.length, at: now(), ...record }
      entries.push(entry)
      for (const listener of listeners) listener(entry)
    },
    onEntry(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
