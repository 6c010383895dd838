/**
 * Output as a person would see it at the end, line by line: escapes and control characters out, and of a line that was
 * written over (`\r`, progress bars) its last state. A line is finished by its newline; one that does not end is let go when
 * it is long, so that the memory is bounded.
 */
import { stripControl } from '../../base/text.ts'

const LONGEST_LINE = 16 * 1024

export interface Cleaner {
  /** What is finished now. */
  add(text: string): string
  /** How the unfinished line looks now. */
  rest(): string
}

export function createCleaner(): Cleaner {
  let open = ''
  return {
    add(text) {
      const all = open + text
      const finished = all.lastIndexOf('\n') + 1
      open = lastState(all.slice(finished))
      const lines = clean(all.slice(0, finished))
      if (open.length <= LONGEST_LINE) return lines
      const piece = withoutOpenEscape(open)
      open = open.slice(piece.length)
      return lines + clean(piece)
    },
    rest: () => clean(withoutOpenEscape(open)),
  }
}

/** C0 but tab and newline, DEL, C1. */
const CONTROL = /[^\P{Cc}\n\t]/u

/** Most output has nothing to clean. */
function clean(text: string): string {
  if (!CONTROL.test(text)) return text
  const states = text.includes('\r')
    ? text
        .split('\n')
        .map((line) => withoutEnd(lastState(line)))
        .join('\n')
    : text
  return stripControl(states)
}

/** What was written after the last `\r` that something follows, and the `\r` at its end: a newline may come. */
function lastState(line: string): string {
  const end = withoutEnd(line).length
  if (end === line.length) return line.slice(line.lastIndexOf('\r') + 1)
  return `${line.slice(line.lastIndexOf('\r', end - 1) + 1, end)}\r`
}

function withoutEnd(line: string): string {
  let end = line.length
  while (line[end - 1] === '\r') end -= 1
  return line.slice(0, end)
}

const ESC = String.fromCodePoint(0x1b)
const BEL = String.fromCodePoint(0x07)
/** An escape that has begun and may go on in what comes. */
const OPEN_ESCAPE = new RegExp(`${ESC}(?:\\[[0-?]*[ -/]*|\\][^${BEL}${ESC}]*|[ -/]*)$`)

/** A real one is short; whatever is longer is text that begins like one. */
function withoutOpenEscape(text: string): string {
  const from = text.lastIndexOf(ESC)
  if (from === -1 || text.length - from > 1024) return text
  return OPEN_ESCAPE.test(text.slice(from)) ? text.slice(0, from) : text
}
