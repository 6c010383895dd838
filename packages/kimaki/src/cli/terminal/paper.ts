/** Writes tables to stdout: for a person at a terminal in its width, in colours unless `NO_COLOR` is set; plain for a program. */
import { tableLines, type Column, type Paper } from './table.ts'

type Environment = Readonly<Record<string, string | undefined>>

interface Stdout {
  readonly isTTY?: boolean
  readonly columns?: number
}

export function paperOf(stdout: Stdout, environment: Environment): Paper {
  if (stdout.isTTY !== true) return { width: undefined, isColoured: false }
  const isColoured = !environment['NO_COLOR'] && environment['TERM'] !== 'dumb'
  return { width: stdout.columns ?? 80, isColoured }
}

export function writeTable(
  { config, print }: { readonly config: { readonly environment: Environment }; readonly print: (line: string) => void },
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
): void {
  const screen = process.stdout
  const paper = paperOf(screen, config.environment)
  // `print` would take out the colours, which are ours: the cells have passed it, each by itself (`table.ts`).
  const write = paper.isColoured ? (line: string) => void screen.write(`${line}\n`) : print
  for (const line of tableLines(columns, rows, paper)) write(line)
}
