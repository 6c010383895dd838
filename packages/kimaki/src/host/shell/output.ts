/** All that a command says, in bounded memory: its head, its tail, and once something is between them a file with all of it. */
import { StringDecoder } from 'node:string_decoder'
import { boundaryBefore } from '../../base/text.ts'
import type { ShellOutput } from '../../ports/shell.ts'
import { createCleaner } from './cleaner.ts'
import { beginOverflowFile, type OverflowFile } from './overflow-file.ts'
import type { Parts } from './parts.ts'

export interface Output {
  take(chunk: Buffer): void
  read(): ShellOutput
  /** The last word; what is taken later is dropped. */
  close(): ShellOutput
}

export function createOutput(id: string, parts: Pick<Parts, 'folder' | 'log' | 'limits'>): Output {
  const { headChars, tailChars } = parts.limits
  const decoder = new StringDecoder('utf8')
  const cleaner = createCleaner()
  let head = ''
  /** Up to twice as long as is shown: to cut it at every chunk would copy it each time. */
  let tail = ''
  /** Characters between them. */
  let dropped = 0
  let file: OverflowFile | undefined
  let last: ShellOutput | undefined

  function keep(text: string): void {
    const fits = tail === '' ? boundaryBefore(text, headChars - head.length) : 0
    head += text.slice(0, fits)
    tail += text.slice(fits)
    if (file) file.add(text)
    else if (tail.length > tailChars) file = beginOverflowFile(id, head + tail, parts)
    if (tail.length <= 2 * tailChars) return
    const from = boundaryBefore(tail, tail.length - tailChars)
    dropped += from
    tail = tail.slice(from)
  }

  function read(): ShellOutput {
    if (last) return last
    const rest = cleaner.rest()
    if (!file) return { text: head + tail + rest, overflow: undefined }
    const before = untilLineEnd(head)
    const after = fromLineStart(tail.slice(boundaryBefore(tail, tail.length - tailChars)))
    const omitted = head.length - before.length + dropped + tail.length - after.length
    const mark = `${before.endsWith('\n') ? '' : '\n'}[… ${omitted.toLocaleString('en-US')} characters left out …]\n`
    return { text: before + mark + after + rest, overflow: { omitted, ...file.state() } }
  }

  return {
    take(chunk) {
      if (!last) keep(cleaner.add(decoder.write(chunk)))
    },
    read,
    close() {
      keep(cleaner.add(decoder.end()))
      const now = read()
      file?.add(cleaner.rest())
      last = now.overflow && file ? { ...now, overflow: { ...now.overflow, ...file.state() } } : now
      file?.close()
      return last
    },
  }
}

function untilLineEnd(text: string): string {
  const end = text.lastIndexOf('\n') + 1
  return text.length - end <= near(text) ? text.slice(0, end) : text
}

function fromLineStart(text: string): string {
  const begin = text.indexOf('\n') + 1
  return begin <= near(text) ? text.slice(begin) : text
}

/** How far from a cut a line may end for the cut to go there. */
const near = (text: string): number => Math.min(2_000, text.length / 4)
