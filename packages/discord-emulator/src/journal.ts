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
  | MessageChange
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

/** A message came to be, changed or went; `message` is its state after (before, for deletes). `messageId` repeats `message.id`. */
interface MessageChange {
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

export interface Journal {
  readonly entries: readonly JournalEntry[]
  append(record: JournalRecord): void
  /** As `append`, for a message that looks the same whenever it is shown: it is shown when someone reads `message`. */
  appendShownLater<Source>(record: Omit<MessageChange, 'message'>, source: Source, show: (source: Source) => APIMessage): void
  /** Called with each new entry; returns the unsubscribe. */
  onEntry(listener: (entry: JournalEntry) => void): () => void
}

export function createJournal(now: () => number = () => performance.timeOrigin + performance.now()): Journal {
  const entries: JournalEntry[] = []
  const listeners = new Set<(entry: JournalEntry) => void>()
  const add = (entry: JournalEntry) => {
    entries.push(entry)
    for (const listener of listeners) listener(entry)
  }
  return {
    entries,
    append: (record) => add(entryOf(record, entries.length, now())),
    appendShownLater: (record, source, show) => add(new ShownLater(record, source, show, { seq: entries.length, at: now() })),
    onEntry(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

/** Written out by kind: V8 keeps the fields of a literal inside the object, which makes an entry 40 bytes smaller than a spread one. */
function entryOf(record: JournalRecord, seq: number, at: number): JournalEntry {
  switch (record.kind) {
    case 'request': {
      const { kind, method, route, path, botId, status, code, startedAt, fault } = record
      return { seq, at, kind, method, route, path, botId, status, code, startedAt, fault }
    }
    case 'message': {
      const { kind, action, by, authorId, channelId, parentId, messageId, content, attachedTexts, nonce, message } = record
      return { seq, at, kind, action, by, authorId, channelId, parentId, messageId, content, attachedTexts, nonce, message }
    }
    case 'dispatch': {
      const { kind, botId, sessionId, event, sequence, subjectId, replayed } = record
      return { seq, at, kind, botId, sessionId, event, sequence, subjectId, replayed }
    }
    case 'gateway':
    default: {
      const { kind, botId, sessionId, what, code } = record
      return { seq, at, kind, botId, sessionId, what, code }
    }
  }
}

/** A message in the journal without what it looks like: 170 bytes instead of the 340 of one that was shown. */
class ShownLater<Source> implements EntryBase, MessageChange {
  readonly kind = 'message'
  readonly seq: number
  readonly at: number
  readonly action: MessageChange['action']
  readonly by: MessageChange['by']
  readonly authorId: string
  readonly channelId: string
  readonly parentId: string | undefined
  readonly messageId: string
  readonly content: string
  readonly attachedTexts: readonly string[]
  readonly nonce: string | undefined
  readonly #source: Source
  readonly #show: (source: Source) => APIMessage

  constructor(
    record: Omit<MessageChange, 'message'>,
    source: Source,
    show: (source: Source) => APIMessage,
    { seq, at }: EntryBase,
  ) {
    this.seq = seq
    this.at = at
    this.action = record.action
    this.by = record.by
    this.authorId = record.authorId
    this.channelId = record.channelId
    this.parentId = record.parentId
    this.messageId = record.messageId
    this.content = record.content
    this.attachedTexts = record.attachedTexts
    this.nonce = record.nonce
    this.#source = source
    this.#show = show
  }

  get message(): APIMessage {
    return this.#show(this.#source)
  }

  toJSON(): object {
    return Object.assign({}, this, { message: this.message })
  }
}
