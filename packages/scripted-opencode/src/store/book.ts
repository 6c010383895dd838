/**
 * One session on disk: a file that is only appended to, a line for each session object, message, part or removal. What stands
 * in it is what the last line about each says. A write is with the kernel when it returns, so it outlives a killed process;
 * a line that is cut off is passed over. What another process has written meanwhile is read before each use.
 */
import { appendFileSync, closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs'
import type { Message, Part, Session, Stored } from './shapes.ts'

export type Line =
  | { readonly session: Session }
  | { readonly message: Message }
  | { readonly part: Part }
  | { readonly removed: string }
  | { readonly removedPart: { readonly messageID: string; readonly partID: string } }

const NEWLINE = 10

interface Page {
  info: Message
  /** Of its first line: a message that is timed anew keeps its place. */
  readonly since: number
  readonly parts: Map<string, Part>
}

export class Book {
  readonly #file: string
  readonly #pages = new Map<string, Page>()
  #session: Session | undefined
  #read = 0
  /** The last line there is was cut off. */
  #isTorn = false

  constructor(file: string) {
    this.#file = file
  }

  /** `undefined` when nothing has been written, or it was removed. */
  get session(): Session | undefined {
    this.#refresh()
    return this.#session
  }

  /** In the order in which they came: by the time each had at first, then by id; parts by id. */
  messages(): readonly Stored[] {
    this.#refresh()
    return [...this.#pages.values()].sort((a, b) => a.since - b.since || (a.info.id < b.info.id ? -1 : 1)).map(whole)
  }

  message(id: string): Stored | undefined {
    this.#refresh()
    const page = this.#pages.get(id)
    return page && whole(page)
  }

  write(line: Line): void {
    this.#refresh()
    const bytes = Buffer.from(`${this.#isTorn ? '\n' : ''}${JSON.stringify(line)}\n`)
    appendFileSync(this.#file, bytes)
    this.#read += bytes.length
    this.#isTorn = false
    this.#take(line)
  }

  #refresh(): void {
    const size = statSync(this.#file, { throwIfNoEntry: false })?.size ?? 0
    if (size <= this.#read) return
    const file = openSync(this.#file, 'r')
    const bytes = Buffer.alloc(fstatSync(file).size - this.#read)
    const count = readSync(file, bytes, 0, bytes.length, this.#read)
    closeSync(file)
    this.#read += count
    this.#isTorn = bytes[count - 1] !== NEWLINE
    for (const text of bytes.toString('utf8', 0, count).split('\n')) {
      const line = parsed(text)
      if (line) this.#take(line)
    }
  }

  #take(line: Line): void {
    if ('session' in line) this.#session = line.session
    else if ('removed' in line) this.#pages.delete(line.removed)
    else if ('removedPart' in line) this.#pages.get(line.removedPart.messageID)?.parts.delete(line.removedPart.partID)
    else if ('part' in line) this.#pages.get(line.part.messageID)?.parts.set(line.part.id, line.part)
    else {
      const page = this.#pages.get(line.message.id)
      if (page) page.info = line.message
      else this.#pages.set(line.message.id, { info: line.message, since: line.message.time.created, parts: new Map() })
    }
  }
}

function whole({ info, parts }: Page): Stored {
  return { info, parts: [...parts.values()].sort((a, b) => (a.id < b.id ? -1 : 1)) }
}

function parsed(text: string): Line | undefined {
  if (text === '') return undefined
  try {
    return JSON.parse(text) as Line
  } catch {
    return undefined
  }
}
