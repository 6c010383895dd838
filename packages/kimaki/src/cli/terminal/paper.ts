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
  const paper = paperOf(process.stdout, config.environment)
  // What `print` takes out of texts of others is the colours, too; cells are clean already.
  const write = paper.isColoured ? (line: string) => void process.stdout.write(`${line}\n`) : print
  for (const line of tableLines(columns, rows, paper)) write(line)
}
