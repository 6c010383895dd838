/**
 * All sessions of one data folder.
 *
 * I1  What is told was stored before: every event about a session, a message or a part follows its line on disk.
 * I2  Text that is still being written is told in deltas and stored empty: it is lost with the process.
 */
import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Bus } from '../events/bus.ts'
import { Book } from './book.ts'
import { moment } from '../base/ids.ts'
import type { Message, Part, Session, Stored } from './shapes.ts'

export class Sessions {
  readonly #folder: string
  readonly #bus: Bus
  readonly #books = new Map<string, Book>()

  constructor(dataFolder: string, bus: Bus) {
    this.#folder = join(dataFolder, 'sessions')
    this.#bus = bus
    mkdirSync(this.#folder, { recursive: true })
  }

  /** Newest first. */
  all(): readonly Session[] {
    const ids = readdirSync(this.#folder).map((name) => name.replace('.jsonl', ''))
    return ids.flatMap((id) => this.get(id) ?? []).sort((a, b) => b.time.updated - a.time.updated)
  }

  get(id: string): Session | undefined {
    return this.#book(id)?.session
  }

  messages(session: string): readonly Stored[] {
    return this.#book(session)?.messages() ?? []
  }

  message(session: string, id: string): Stored | undefined {
    return this.#book(session)?.message(id)
  }

  create(session: Session): Session {
    this.#writer(session.id).write({ session })
    this.#tell(session, 'session.created', { info: session })
    return session
  }

  /** Also says that it was just used. */
  change(id: string, change: Partial<Session>): Session | undefined {
    const before = this.get(id)
    if (!before) return undefined
    const session = { ...before, ...change, time: { ...before.time, updated: moment() } }
    this.#writer(id).write({ session })
    this.#tell(session, 'session.updated', { info: session })
    return session
  }

  /** New, or changed. */
  putMessage<Info extends Message>(message: Info): Info {
    this.#writer(message.sessionID).write({ message })
    this.#tell(message.sessionID, 'message.updated', { info: message })
    return message
  }

  /** New, or changed. */
  putPart<Put extends Part>(part: Put): Put {
    this.#writer(part.sessionID).write({ part })
    this.#tell(part.sessionID, 'message.part.updated', { part, time: Date.now() })
    return part
  }

  /** A copy of messages is not told message by message. */
  copy(messages: readonly Stored[]): void {
    for (const { info, parts } of messages) {
      this.#writer(info.sessionID).write({ message: info })
      for (const part of parts) this.#writer(part.sessionID).write({ part })
    }
  }

  delta({ sessionID, messageID, id }: Part, delta: string): void {
    this.#tell(sessionID, 'message.part.delta', { messageID, partID: id, field: 'text', delta })
  }

  removeMessage(session: string, id: string): void {
    this.#writer(session).write({ removed: id })
    this.#tell(session, 'message.removed', { messageID: id })
  }

  removePart(session: string, messageID: string, partID: string): void {
    this.#writer(session).write({ removedPart: { messageID, partID } })
    this.#tell(session, 'message.part.removed', { messageID, partID })
  }

  remove(session: Session): void {
    rmSync(this.#file(session.id), { force: true })
    this.#books.delete(session.id)
    this.#tell(session, 'session.deleted', { info: session })
  }

  #tell(about: Session | string, type: string, properties: Readonly<Record<string, unknown>>): void {
    const session = typeof about === 'string' ? this.get(about) : about
    if (session) this.#bus.tell(session, type, { sessionID: session.id, ...properties })
  }

  /** Only of a session that is there: ids come from outside. */
  #book(id: string): Book | undefined {
    const book = this.#books.get(id)
    if (book) return book
    if (!/^ses_\w+$/.test(id)) return undefined
    const found = new Book(this.#file(id))
    if (found.session) this.#books.set(id, found)
    return found.session ? found : undefined
  }

  #writer(id: string): Book {
    const book = this.#book(id) ?? new Book(this.#file(id))
    this.#books.set(id, book)
    return book
  }

  #file = (id: string): string => join(this.#folder, `${id}.jsonl`)
}
