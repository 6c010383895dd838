/** The program of the page of a diff: made when Kimaki is built, and in the checkout when somebody asks for the first diff. */
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { DiffUnavailable } from '../../base/errors.ts'

/** As `packages/diff-page` makes it. */
export interface DiffProgram {
  /** Plain JavaScript. */
  readonly boot: string
  /** gzip in Base64. */
  readonly program: string
  readonly worker: string
  readonly style: string
  /** For a Content-Security-Policy. */
  readonly hashes: readonly string[]
  readonly languages: {
    /** By language: names of grammars. */
    readonly needs: Readonly<Record<string, readonly string[]>>
    /** By name, as JSON. */
    readonly grammars: Readonly<Record<string, string>>
    /** By extension or whole file name: a language. */
    readonly ofNames: Readonly<Record<string, string>>
  }
}

/** Beside the bundle. It is read for each diff: 5 MB that nobody needs between two diffs. */
const BUILT = join(import.meta.dirname, 'diff-page.json')
const SOURCE = join(import.meta.dirname, '../../../../diff-page/src/bundle.ts')

let made: Promise<DiffProgram> | undefined

export async function readProgram(): Promise<DiffProgram | DiffUnavailable> {
  try {
    if (existsSync(BUILT)) return JSON.parse(await readFile(BUILT, 'utf8')) as DiffProgram
    made ??= import(pathToFileURL(SOURCE).href).then(({ bundleDiffPage }: { bundleDiffPage(): Promise<DiffProgram> }) =>
      bundleDiffPage(),
    )
    return await made
  } catch (error) {
    made = undefined
    return new DiffUnavailable({ reason: `the program of the page cannot be read: ${String(error)}` })
  }
}
