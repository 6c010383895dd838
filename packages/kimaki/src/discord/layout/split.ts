/**
 * Long Markdown in chunks that each stand alone. Two stages: lines become units that fit a chunk together with the fence lines
 * they may need (a longer line is broken at a space past the half, else hard), then units are packed into chunks.
 *
 * Every chunk has at most `limit` units and is its own `trim()`, because Discord trims. A fence open at its end is closed, and
 * opened again by the next one. Nothing but whitespace at cuts and blank lines at the beginning of a fence gets lost.
 */
import { boundaryBefore } from '../../base/text.ts'
import { closingLine, fenceLine, openingLine } from './fence.ts'
import type { Fence, FenceLine } from './fence.ts'

/** `limit` in UTF-16 units, taken as 10 when smaller. A blank text has no chunk. */
export function split(text: string, limit: number): readonly string[] {
  const size = Math.max(limit, MIN_LIMIT)
  const units = unitsOf(text.trim(), size)
  const chunks: string[] = []
  for (let from = 0; from < units.length;) {
    const chunk = nextChunk(units, from, size)
    if (chunk.content !== '') chunks.push(chunk.content)
    from = chunk.next
  }
  return chunks
}

const MIN_LIMIT = 10

type Unit = FenceLine & {
  readonly text: string
  /** What joins it to the unit before: a newline, or nothing within a broken line. */
  readonly lead: '\n' | ''
}

function unitsOf(text: string, size: number): readonly Unit[] {
  // Opening and closing line together leave at least half of every chunk to the code.
  const widest = Math.floor(size / 4)
  const units: Unit[] = []
  let open: Fence | undefined
  let opener = ''
  for (const line of text.split('\n')) {
    const read = fenceLine(line, open, widest)
    open = read.role === 'opens' || read.role === 'code' ? read.fence : undefined
    if (read.role === 'opens') opener = line
    if (line.trim() === '') {
      // Discord shows no blank line at the beginning of a fence.
      if (units.at(-1)?.role !== 'opens') units.push({ ...read, text: '', lead: '\n' })
      continue
    }
    const width = read.role === 'code' ? size - fenceCost(read.fence, opener) : size
    for (const [index, piece] of brokenLine(line, width).entries()) {
      units.push({ ...read, text: piece, lead: index === 0 ? '\n' : '' })
    }
  }
  return units
}

function fenceCost(fence: Fence, opener: string): number {
  return Math.max(opener.length, openingLine(fence).length) + closingLine(fence).length + 2
}

function brokenLine(line: string, width: number): readonly string[] {
  const pieces: string[] = []
  let rest = line
  while (rest.length > width) {
    const space = rest.lastIndexOf(' ', width - 1)
    const at = space >= width / 2 ? space + 1 : boundaryBefore(rest, width)
    pieces.push(rest.slice(0, at))
    rest = rest.slice(at)
  }
  return [...pieces, rest].filter((piece) => piece.trim() !== '')
}

interface Cut {
  readonly end: number
  readonly length: number
  /** The line that closes the fence which is open here, or nothing. */
  readonly tail: string
  readonly next: number
}

/** The longest run of units that fits; one that ends outside a fence is preferred when it fills more than half. */
function nextChunk(units: readonly Unit[], from: number, size: number): { readonly content: string; readonly next: number } {
  const first = units[from]
  if (first === undefined || first.text === '') return { content: '', next: from + 1 }
  const head = first.role === 'code' ? `${openingLine(first.fence)}\n` : ''
  let length = head.length - first.lead.length
  let longest: Cut | undefined
  let outside: Cut | undefined
  for (let at = from; at < units.length && length <= size; at += 1) {
    length += (units[at]?.lead.length ?? 0) + (units[at]?.text.length ?? 0)
    const cut = cutAfter(units, at)
    if (cut === undefined || length + cut.tail.length > size) continue
    longest = { ...cut, end: at + 1, length }
    if (cut.tail === '') outside = longest
  }
  const best = outside !== undefined && outside.length > size / 2 ? outside : longest
  if (best === undefined) return { content: first.text.trim(), next: from + 1 }
  const body = units
    .slice(from, best.end)
    .map((unit, index) => (index === 0 ? unit.text : unit.lead + unit.text))
    .join('')
  return { content: (head + body).trim() + best.tail, next: best.next }
}

/** May a chunk end after this unit? Not after a blank line, and not between an opening line and its code. */
function cutAfter(units: readonly Unit[], at: number): Pick<Cut, 'tail' | 'next'> | undefined {
  const unit = units[at]
  if (unit === undefined || unit.text === '') return undefined
  if (unit.role === 'prose' || unit.role === 'closes') return { tail: '', next: at + 1 }
  let follower = at + 1
  while (units[follower]?.text === '') follower += 1
  const role = units[follower]?.role
  if (unit.role === 'opens') return role === 'code' || role === 'closes' ? undefined : { tail: '', next: at + 1 }
  // The closing line written here stands for the text's own one.
  return { tail: `\n${closingLine(unit.fence)}`, next: role === 'closes' ? follower + 1 : at + 1 }
}
