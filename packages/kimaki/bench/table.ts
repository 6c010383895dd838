/** The rows as text, in columns. */
import { isMissed, type Row } from './row.ts'

const HEAD = ['', 'n', 'p50', 'p95', 'target', '']

export function tableOf(rows: readonly Row[]): string {
  const lines = [HEAD, ...rows.map(cellsOf)]
  const widths = HEAD.map((_, column) => Math.max(...lines.map((cells) => (cells[column] ?? '').length)))
  return lines
    .map((cells) =>
      cells
        .map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

function cellsOf(row: Row): readonly string[] {
  const { figure, n, p50, p95, unit, target } = row
  const wanted = target ? `${target.kind === 'at most' ? '≤' : '≥'} ${amount(target.value, unit)}` : ''
  return [figure, String(n), amount(p50, unit), amount(p95, unit), wanted, target ? (isMissed(row) ? 'MISSED' : 'ok') : '']
}

function amount(value: number, unit: string): string {
  const digits = Math.abs(value) < 100 && !Number.isInteger(value) ? 1 : 0
  return `${value.toFixed(digits)} ${unit}`
}
