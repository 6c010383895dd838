/** What an answer of a megabyte costs that is full of tables: an opening and a file, of which only the beginning is parsed. */
import { layout } from '../../src/discord/layout/layout.ts'
import { rowOf, type Row } from '../row.ts'

const PIECE = 'Some *words*.\n\n| cup | tea |\n|---|---|\n| 1 | `assam` |\n| 2 | |\n\n'

/** Milliseconds of processor time, the first time included: it is the one that counts. */
export function longAnswer(n: number): Row {
  const text = PIECE.repeat(Math.ceil(1_000_000 / PIECE.length))
  const samples = Array.from({ length: n }, () => {
    const before = process.threadCpuUsage()
    const shown = layout([{ key: 'part/prt_1', text, closed: true, notify: false, byAgent: true }])
    const { user, system } = process.threadCpuUsage(before)
    if (shown.length !== 1 || shown[0]?.file === undefined) throw new Error('a megabyte is to be an opening and a file')
    return (user + system) / 1000
  })
  return rowOf(
    { figure: 'answer of 1 MB with tables → opening and file (CPU)', unit: 'ms', target: { kind: 'at most', value: 60 } },
    samples,
  )
}
