/**
 * Long Markdown in chunks that each stand alone. Two stages: lines become units that fit a chunk together with the fence lines
 * they may need (a longer line is broken at a space past the half, else hard, but through no link, mention, spoiler or code), then units are packed into chunks.
 *
 * Every chunk has at most `limit` units and is its own `trim()`, because Discord trims. A fence open at its end is closed, and
 * opened again by the next one. Nothing gets lost but whitespace at cuts, blank lines at the beginning of a fence and fences without anything in them.
 */
import { boundaryBefore, cut } from '../../base/text.ts'
import { closingLine, fenceLine, openingLine } from './fence.ts'
import type { Fence, FenceLine } from './fence.ts'
import { unbreakable, type Range } from './inline.ts'

/** `limit` in UTF-16 units, taken as 10 when smaller. A blank text has no chunk. */
export function split(text: string, limit: number): readonly string[] {
  const size = Math.max(limit, MIN_LIMIT)
  const whole = text.trim()
  const units = unitsOf(whole, size)
  // Opening lines alone: shown as they are, so that every text with something in it shows something.
  if (units.length === 0 && whole !== '') return [cut(whole, size, '')]
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
    if (read.role === 'prose' || read.role === 'opens') dropLoneOpener(units)
    const width = read.role === 'code' ? size - fenceCost(read.fence, opener) : size
    const quoted = read.role === 'prose' || read.fence.quote !== ''
    units.push(...brokenLine(line, width, { quoted, isCode: read.role === 'code' }).map((piece) => ({ ...read, ...piece })))
  }
  dropLoneOpener(units)
  return units
}

/** An opening line without code would show nothing, but swallow what is joined to this text. */
function dropLoneOpener(units: Unit[]): void {
  if (units.at(-1)?.role === 'opens') units.pop()
}

function fenceCost(fence: Fence, opener: string): number {
  return Math.max(opener.length, openingLine(fence).length) + closingLine(fence).length + 2
}

/** A broken quote goes on as a quote. */
function brokenLine(
  line: string,
  width: number,
  { quoted, isCode }: { readonly quoted: boolean; readonly isCode: boolean },
): readonly Pick<Unit, 'text' | 'lead'>[] {
  if (line.length <= width) return [{ text: line, lead: '\n' }]
  const found = quoted ? (QUOTE.exec(line)?.[0] ?? '') : ''
  const quote = found.length <= width / 4 ? found : ''
  const room = width - quote.length
  const rest = line.slice(quote.length)
  return cutLine(rest, room, isCode ? [] : unbreakable(rest))
    .filter((piece) => piece.trim() !== '')
    .map((piece, index) => ({ text: quote + piece, lead: index === 0 || quote !== '' ? '\n' : '' }))
}

/** At a space past the half, else hard; never through what is one thing and fits into a piece of its own. */
function cutLine(line: string, room: number, ranges: readonly Range[]): readonly string[] {
  const whole = ranges.filter(({ start, end }) => end - start <= room)
  const pieces: string[] = []
  let next = 0
  let from = 0
  while (line.length - from > room) {
    while (next < whole.length && (whole[next]?.end ?? 0) <= from) next += 1
    const near: Range[] = []
    for (let at = next; at < whole.length && (whole[at]?.start ?? 0) < from + room; at += 1) {
      const { start = 0, end = 0 } = whole[at] ?? {}
      near.push({ start: start - from, end: end - from })
    }
    const rest = line.slice(from)
    const length = cutBefore(rest, room, near)
    pieces.push(rest.slice(0, length))
    from += length
  }
  return [...pieces, line.slice(from)]
}

function cutBefore(text: string, room: number, whole: readonly Range[]): number {
  const around = (at: number): Range | undefined => whole.find(({ start, end }) => start < at && at < end)
  for (let space = text.lastIndexOf(' ', room - 1); space >= room / 2;) {
    const range = around(space + 1)
    if (range === undefined) return space + 1
    space = range.start === 0 ? -1 : text.lastIndexOf(' ', range.start - 1)
  }
  const hard = boundaryBefore(text, room)
  const { start = hard } = around(hard) ?? {}
  return start > 0 ? start : hard
}

const QUOTE = /^[ \t]*(?:>[ \t]*)+/

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
    const place = cutAfter(units, at)
    if (place === undefined || length + place.tail.length > size) continue
    longest = { ...place, end: at + 1, length }
    if (place.tail === '') outside = longest
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
  if (unit === undefined || unit.text === '' || unit.role === 'opens') return undefined
  if (unit.role !== 'code') return { tail: '', next: at + 1 }
  let follower = at + 1
  while (units[follower]?.text === '') follower += 1
  // The closing line written here stands for the text's own one.
  return { tail: `\n${closingLine(unit.fence)}`, next: units[follower]?.role === 'closes' ? follower + 1 : at + 1 }
}
