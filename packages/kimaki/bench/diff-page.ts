/** The page of a diff: how long it takes to make, from the changes to the HTML. */
import { documentsOf } from '../src/host/diff-page/document.ts'
import { readProgram } from '../src/host/diff-page/program.ts'
import { pageData } from '../src/view/diff/page.ts'
import { changedFile } from '../test/support/changed-file.ts'
import { rowOf, type Row } from './row.ts'

const LINES = 2000
const FILES = 20

/** Nothing but the process of the bench: it is work of the bot itself. */
export async function diffPages(n: number): Promise<Row> {
  const program = await readProgram()
  if (program instanceof Error) throw program
  const half = Array.from({ length: LINES / FILES / 2 }, (_, line) => `export const value${line} = brew(${line}, 'a cup')`)
  const files = Array.from({ length: FILES }, (_, file) => changedFile(`src/part-${file}.ts`, half, half.toReversed()))
  const took: number[] = []
  for (let times = 0; times < n; times += 1) {
    const begun = performance.now()
    const data = pageData('bench', { what: 'since main', files }, { languages: program.languages.ofNames, clean: (text) => text })
    documentsOf(program, data, { limitBytes: 10 * 1024 * 1024, pagesMax: 2 })
    took.push(performance.now() - begun)
  }
  return rowOf({ figure: `page of a diff, ${LINES} lines`, unit: 'ms', target: { kind: 'at most', value: 300 } }, took)
}
