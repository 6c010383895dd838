/** All that a command writes, in bounded memory: its head, its tail, and once something is between them a file with all of it. */
import { StringDecoder } from 'node:string_decoder'
import { boundaryBefore } from '../../base/text.ts'
import type { ShellOutput } from '../../ports/shell.ts'
import { AnsiFilter } from './ansi.ts'
import type { ShellDeps } from './deps.ts'
import { OverflowFile } from './overflow-file.ts'

type Deps = Pick<ShellDeps, 'folder' | 'log' | 'limits'>

export class CommandOutput {
  readonly #id: string
  readonly #deps: Deps
  readonly #decoder = new StringDecoder('utf8')
  readonly #filter = new AnsiFilter()
  #head = ''
  /** Up to twice as long as is shown: to cut it at every chunk would copy it each time. */
  #tail = ''
  /** Characters between head and tail that are in the file only. */
  #dropped = 0
  #file: OverflowFile | undefined
  #closed: ShellOutput | undefined

  /** `id` names the file. */
  constructor(id: string, deps: Deps) {
    this.#id = id
    this.#deps = deps
  }

  /** Drops a chunk that comes after `close`. */
  take(chunk: Buffer): void {
    if (!this.#closed) this.#keep(this.#filter.add(this.#decoder.write(chunk)))
  }

  read(): ShellOutput {
    if (this.#closed) return this.#closed
    const rest = this.#filter.rest()
    if (!this.#file) return { text: this.#head + this.#tail + rest, overflow: undefined }
    const { tailChars } = this.#deps.limits
    const head = untilLineEnd(this.#head)
    const tail = fromLineStart(this.#tail.slice(boundaryBefore(this.#tail, this.#tail.length - tailChars)))
    const omitted = this.#head.length - head.length + this.#dropped + this.#tail.length - tail.length
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
    const fits = this.#tail === '' ? boundaryBefore(text, headChars - this.#head.length) : 0
    this.#head += text.slice(0, fits)
    this.#tail += text.slice(fits)
    if (this.#file) this.#file.add(text)
    else if (this.#tail.length > tailChars) this.#file = OverflowFile.begin(this.#id, this.#head + this.#tail, this.#deps)
    if (this.#tail.length <= 2 * tailChars) return
    const from = boundaryBefore(this.#tail, this.#tail.length - tailChars)
    this.#dropped += from
    this.#tail = this.#tail.slice(from)
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
