/** Tables of the command line: columns of one width; where a terminal is too narrow for them, a record for each row. Pure. */
import { cut, lineForTerminal } from '../../base/text.ts'
import { widthOf } from '../../base/width.ts'

export interface Column {
  readonly title: string
  /** Its text may be cut, down to `SHORTEST`. Ids and paths are for copying: they stay whole. */
  readonly mayBeCut?: true
}

export interface Paper {
  /** Columns of the terminal; undefined: a program reads it, lines may be as long as they are, and stand without heads. */
  readonly width: number | undefined
  readonly isColoured: boolean
}

const BETWEEN = '  '
const SHORTEST = 8

export function tableLines(columns: readonly Column[], rows: readonly (readonly string[])[], paper: Paper): readonly string[] {
  const cells = rows.map((row) => columns.map((_, index) => lineForTerminal(row[index] ?? '')))
  const heads = paper.width === undefined ? [] : [columns.map(({ title }) => title)]
  const widths = columns.map((_, index) => Math.max(...[...heads, ...cells].map((row) => widthOf(row[index] ?? ''))))
  const fitting = paper.width === undefined ? widths : narrowed(columns, widths, paper.width)
  if (!fitting) return recordLines(columns, cells, paper)
  const line = (row: readonly string[]): string =>
    row
      .map((cell, index) => padded(cell, fitting[index] ?? 0))
      .join(BETWEEN)
      .trimEnd()
  return [...heads.map((row) => strong(line(row), paper)), ...cells.map(line)]
}

/** Undefined: they do not fit. */
function narrowed(columns: readonly Column[], widths: readonly number[], width: number): readonly number[] | undefined {
  const over = widths.reduce((sum, one) => sum + one, BETWEEN.length * (widths.length - 1)) - width
  if (over <= 0) return widths
  const index = columns.findLastIndex(({ mayBeCut }) => mayBeCut)
  const left = (widths[index] ?? 0) - over
  return index === -1 || left < SHORTEST ? undefined : widths.with(index, left)
}

function recordLines(columns: readonly Column[], cells: readonly (readonly string[])[], paper: Paper): readonly string[] {
  const labels = Math.max(...columns.map(({ title }) => title.length))
  return cells.flatMap((row, at) => [
    ...(at === 0 ? [] : ['']),
    ...columns.map(({ title }, index) => `${strong(title.padEnd(labels), paper)}${BETWEEN}${row[index] ?? ''}`),
  ])
}

function padded(cell: string, width: number): string {
  const text = widthOf(cell) > width ? cutTo(cell, width) : cell
  return text + ' '.repeat(Math.max(width - widthOf(text), 0))
}

/** Wide characters take two columns. */
function cutTo(cell: string, width: number): string {
  for (let units = width; units > 1; units -= 1) {
    const text = cut(cell, units)
    if (widthOf(text) <= width) return text
  }
  return '…'
}

const strong = (text: string, { isColoured }: Paper): string => (isColoured ? `\u001B[1m${text}\u001B[22m` : text)
