/**
 * A table of GitHub's Markdown, of which Discord knows nothing. It is a record for each row, a line for each cell; or, with its columns
 * aligned, code for as many columns as a phone shows. Nothing of a cell is dropped.
 */
import { isBlank } from '../../base/text.ts'
import { widthOf } from '../../base/width.ts'
import { codeSpans } from './inline.ts'

export interface Table {
  readonly heads: Row
  readonly sides: readonly Side[]
  readonly rows: readonly Row[]
}

/** The table that begins at this line, and how many lines it has; undefined: none begins here. */
export function readTable(lines: readonly string[], at: number): { readonly table: Table; readonly length: number } | undefined {
  const header = lines[at] ?? ''
  const rule = lines[at + 1] ?? ''
  if (!header.includes('|') || !rule.includes('-') || !RULE.test(rule)) return undefined
  const heads = cellsOf(header)
  const sides = cellsOf(rule).map((cell): Side => (cell.endsWith(':') ? (cell.startsWith(':') ? 'middle' : 'right') : 'left'))
  if (heads.length !== sides.length || (heads.length < 2 && !rule.includes('|'))) return undefined
  let end = at + 2
  while (end < lines.length && isRow(lines[end] ?? '')) end += 1
  const rows = lines.slice(at + 2, end).map((line) => fitted(cellsOf(line), line, heads.length))
  return { table: { heads, sides, rows }, length: end - at }
}

/** For a message of text: code where a phone can show it, records else. */
export function tableText(table: Table): string {
  const { plain, widths } = measured(table)
  return isTooWide(widths) ? recordsOf(table).join('\n\n') : inBlocks(alignedLines(plain, table.sides, widths))
}

/** A text for each row, which names its cells. */
export const recordsOf = ({ heads, rows }: Table): readonly string[] => records(heads, rows)

/** Can a phone show its columns beside each other? */
export const isNarrow = (table: Table): boolean => !isTooWide(measured(table).widths)

/** As wide as it gets: for a file. */
export function alignedTable(table: Table): string {
  const { plain, widths } = measured(table)
  const { top, rows } = alignedLines(plain, table.sides, widths)
  return [top, ...rows].join('\n')
}

type Side = 'left' | 'middle' | 'right'
type Row = readonly string[]

/** GFM: a table ends at a blank line, or where another block begins. */
const isRow = (line: string): boolean => line.includes('|') && !OTHER_BLOCK.test(line)

/** Cells of a row, without the marks around them; a pipe behind a backslash is part of its cell. */
const cellsOf = (line: string): Row =>
  cellsBetween(
    line,
    [...line.matchAll(PIPE)].map(({ index }) => index),
  )

function cellsBetween(line: string, pipes: readonly number[]): Row {
  const ends = [...pipes, line.length]
  const cells = ends.map((end, index) => line.slice(index === 0 ? 0 : (ends[index - 1] ?? 0) + 1, end).trim())
  const from = cells[0] === '' ? 1 : 0
  const to = cells.length > from + 1 && cells.at(-1) === '' ? -1 : undefined
  return cells.slice(from, to).map((cell) => cell.replaceAll(String.raw`\|`, '|'))
}

/** A row with too many cells has pipes in its code, as models write it; what is still left over belongs to the last cell. */
function fitted(cells: Row, line: string, count: number): Row {
  if (cells.length <= count) return [...cells, ...Array<string>(count - cells.length).fill('')]
  const spans = codeSpans(line)
  const pipes = [...line.matchAll(PIPE)].map(({ index }) => index)
  const outside = cellsBetween(
    line,
    pipes.filter((pipe) => !spans.some(({ start, end }) => start < pipe && pipe < end)),
  )
  if (outside.length <= count) return fitted(outside, '', count)
  return [...outside.slice(0, count - 1), outside.slice(count - 1).join(' | ')]
}

function measured({ heads, rows }: Table): { readonly plain: readonly Row[]; readonly widths: readonly number[] } {
  const plain = [heads, ...rows].map((row) => row.map(withoutMarks))
  const widths = heads.map((_, column) => Math.max(1, ...plain.map((row) => widthOf(row[column] ?? ''))))
  return { plain, widths }
}

const isTooWide = (widths: readonly number[]): boolean =>
  widths.reduce((sum, one) => sum + one, BETWEEN.length * (widths.length - 1)) > WIDEST

interface Aligned {
  /** The heads of the columns and the line below. */
  readonly top: string
  readonly rows: readonly string[]
}

function alignedLines([heads = [], ...rows]: readonly Row[], sides: readonly Side[], widths: readonly number[]): Aligned {
  const lineOf = (row: Row): string =>
    row
      .map((cell, column) => padded(cell, widths[column] ?? 0, sides[column] ?? 'left'))
      .join(BETWEEN)
      .trimEnd()
  return { top: `${lineOf(heads)}\n${widths.map((width) => '─'.repeat(width)).join('─┼─')}`, rows: rows.map(lineOf) }
}

/** A long one in several blocks, each below the heads of its columns: so each makes sense in a message of its own. */
function inBlocks({ top, rows }: Aligned): string {
  const blocks: string[] = []
  let block = top
  for (const line of rows) {
    if (block !== top && block.length + line.length >= BLOCK_MAX) {
      blocks.push(block)
      block = top
    }
    block += `\n${line}`
  }
  return [...blocks, block].map((text) => `\`\`\`\n${text}\n\`\`\``).join('\n')
}

function padded(cell: string, width: number, side: Side): string {
  const free = width - widthOf(cell)
  const before = side === 'left' ? 0 : side === 'right' ? free : Math.floor(free / 2)
  return ' '.repeat(before) + cell + ' '.repeat(free - before)
}

function records(heads: Row, rows: readonly Row[]): readonly string[] {
  if (rows.length === 0) return [boldOf(heads.map(withoutMarks))].filter((text) => text !== '')
  const named = (cell: string, column: number): string => {
    const head = withoutMarks(heads[column] ?? '')
    if (isBlank(cell)) return ''
    return isBlank(head) ? cell.replace(BEGINS_FENCE, '\u200B') : `**${head}**: ${cell}`
  }
  const texts = rows.map((row) =>
    row
      .map(named)
      .filter((line) => line !== '')
      .join('\n'),
  )
  const first = heads.filter((_, column) => rows.every((row) => isBlank(row[column] ?? ''))).map(withoutMarks)
  return [boldOf(first), ...texts].filter((text) => text !== '')
}

const boldOf = (heads: Row): string =>
  heads
    .filter((head) => !isBlank(head))
    .map((head) => `**${head}**`)
    .join(', ')

/** Code shows the marks of Markdown as they are written. */
const withoutMarks = (cell: string): string =>
  cell
    .replaceAll(/<br\s*\/?>/gi, ' ')
    .replaceAll(/(\*\*|__)(?=\S)(.{1,500}?\S?)\1/g, '$2')
    .replaceAll(/(`+)([^`]{1,500})\1/g, '$2')
    .replaceAll(/``(?=`)/g, '``\u200B')

/** A cell is one line: nothing in it opens a fence. */
const BEGINS_FENCE = /^(?=`{3}|~{3})/
const PIPE = /(?<!\\)\|/g
const RULE = /^[ \t]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$/
const OTHER_BLOCK = /^[ \t]*(?:>|#{1,6}[ \t]|`{3}|~{3}|[-*+][ \t]|\d{1,9}[.)][ \t])/
const BETWEEN = ' │ '
/** Columns of a phone in Discord's font for code, held sideways. */
const WIDEST = 60
const BLOCK_MAX = 1800
