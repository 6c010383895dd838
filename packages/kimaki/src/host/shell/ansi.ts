/**
 * Turns terminal output into the text a person would see at the end, line by line: escapes and control characters go, and of a line that
 * was written over (`\r`, progress bars) the last state stays. A newline finishes a line; a long line without one is handed on in pieces,
 * so that the memory is bounded.
 */
import { stripControl } from '../../base/text.ts'

const LONGEST_LINE = 16 * 1024

export class AnsiFilter {
  #unfinished = ''

  /** Returns the lines that are finished now. */
  add(text: string): string {
    const all = this.#unfinished + text
    const finished = all.lastIndexOf('\n') + 1
    this.#unfinished = lastState(all.slice(finished))
    const lines = clean(all.slice(0, finished))
    if (this.#unfinished.length <= LONGEST_LINE) return lines
    const piece = withoutOpenEscape(this.#unfinished)
    this.#unfinished = this.#unfinished.slice(piece.length)
    return lines + clean(piece)
  }

  /** How the unfinished line looks now. */
  rest(): string {
    return clean(withoutOpenEscape(this.#unfinished))
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

/** The text after the last `\r` that has text behind it. A `\r` at the very end stays: a newline may come, and the two are one line end. */
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
/** An escape sequence at the end of the text that may go on in the next chunk. */
const OPEN_ESCAPE = new RegExp(`${ESC}(?:\\[[0-?]*[ -/]*|\\][^${BEL}${ESC}]*|[ -/]*)$`)

/** A real escape sequence is short; a longer one is text that begins like an escape. */
function withoutOpenEscape(text: string): string {
  const from = text.lastIndexOf(ESC)
  if (from === -1 || text.length - from > 1024) return text
  return OPEN_ESCAPE.test(text.slice(from)) ? text.slice(0, from) : text
}
