/** Pages of diffs as files, from changes that a test makes up. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { documentsOf } from '../../../src/host/diff-page/document.ts'
import { readProgram } from '../../../src/host/diff-page/program.ts'
import type { ChangedFile } from '../../../src/domain/changes.ts'
import { pageData } from '../../../src/view/diff/page.ts'

export interface DiffPage {
  readonly url: string
  /** As it was written. */
  readonly html: string
  remove(): void
}

export async function writeDiffPage(files: readonly ChangedFile[], title = 'garden'): Promise<DiffPage> {
  const program = await readProgram()
  if (program instanceof Error) throw program
  const changes = { what: 'since the last commit (a1b2c3d4)', files }
  const data = pageData(title, changes, { languages: program.languages.ofNames, clean: (text) => text })
  const [html = ''] = documentsOf(program, data, { limitBytes: 10 * 1024 * 1024, pagesMax: 2 })
  const folder = mkdtempSync(join(tmpdir(), 'kimaki-diff-'))
  const file = join(folder, 'diff.html')
  writeFileSync(file, html)
  return { url: pathToFileURL(file).href, html, remove: () => rmSync(folder, { recursive: true, force: true }) }
}
