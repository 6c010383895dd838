/** All that a command writes, in bounded memory: its head, its tail, and once something is between them a file with all of it. */
import { StringDecoder } from 'node:string_decoder'
import { boundaryBefore } from '../../base/text.ts'
import type { ShellOutput } from '../../ports/shell.ts'
import { AnsiFilter } from './ansi.ts'
import type { ShellDeps } from './deps.ts'
import { OverflowFile } from './overflow-file.ts'
import { Tail } from './tail.ts'

const PIECE_BYTES = 16 * 1024

type Deps = Pick<ShellDeps, 'folder' | 'log' | 'limits'>

export class CommandOutput {
  readonly #id: string
  readonly #deps: Deps
  readonly #decoder = new StringDecoder('utf8')
  readonly #filter = new AnsiFilter()
  #head = ''
  /** Once the head is full. What it has dropped is in the file only. */
  #tail: Tail | undefined
  #file: OverflowFile | undefined
  #closed: ShellOutput | undefined

  /** `id` names the file. */
  constructor(id: string, deps: Deps) {
    this.#id = id
    this.#deps = deps
  }

  /** Drops a chunk that comes after `close`. */
  take(chunk: Buffer): void {
    // In small pieces: a string of a whole chunk is so large that V8 frees it late.
    for (let at = 0; at < chunk.length && !this.#closed; at += PIECE_BYTES)
      this.#keep(this.#filter.add(this.#decoder.write(chunk.subarray(at, at + PIECE_BYTES))))
  }

  /** How the output ends now, at most so many characters of it. */
  end(chars: number): string {
    const rest = this.#filter.rest()
    const tail = this.#tail?.last(chars) ?? ''
    const all = (tail.length < chars ? this.#head.slice(-chars) : '') + tail + rest
    return all.slice(boundaryBefore(all, all.length - chars))
  }

  read(): ShellOutput {
    if (this.#closed) return this.#closed
    const rest = this.#filter.rest()
    const { length, dropped } = this.#tail ?? { length: 0, dropped: 0 }
    const kept = this.#tail?.last(length) ?? ''
    if (!this.#file) return { text: this.#head + kept + rest, overflow: undefined }
    const head = untilLineEnd(this.#head)
    const tail = fromLineStart(kept.slice(boundaryBefore(kept, length - this.#deps.limits.tailChars)))
    const omitted = this.#head.length - head.length + dropped + length - tail.length
    const mark = `${head.endsWith('\n') ? '' : '\n'}[… ${omitted.toLocaleString('en-US')} characters left out …]\n`
    return { text: head + mark + tail + rest, overflow: { omitted, ...this.#file.state() } }
  }

  /** The final output. */
  close(): ShellOutput {
    this.#keep(this.#filter.add(this.#decoder.end()))
    const output = this.read()
    const file = this.#file
    file?.add(this.#filter.rest())
    this.#closed = output.overflow && file ? { ...output, overflow: { ...output.overflow, ...file.state() } } : output
    file?.close()
    return this.#closed
  }

  #keep(text: string): void {
    const { headChars, tailChars } = this.#deps.limits
    const fits = this.#tail ? 0 : boundaryBefore(text, headChars - this.#head.length)
    this.#head += text.slice(0, fits)
    if (fits < text.length) {
      this.#tail ??= new Tail(tailChars)
      // Before it drops anything the file has begun.
      if (!this.#file && this.#tail.length + text.length - fits > tailChars)
        this.#file = OverflowFile.begin(this.#id, this.#head + this.#tail.last(this.#tail.length) + text.slice(fits), this.#deps)
      else this.#file?.add(text)
      this.#tail.add(text.slice(fits))
    }
  }
}

function untilLineEnd(text: string): string {
  const end = text.lastIndexOf('\n') + 1
  return text.length - end <= near(text) ? text.slice(0, end) : text
}

function fromLineStart(text: string): string {
  const start = text.indexOf('\n') + 1
  return start <= near(text) ? text.slice(start) : text
}

/** A cut moves to the end of a line that is no farther away than this. */
const near = (text: string): number => Math.min(2_000, text.length / 4)
