/**
 * The program of the page, made once when Kimaki is built (about a second): scripts and style that a page carries in itself.
 *
 *     boot, which a page runs ─▶ unpacks `program` ─▶ starts `worker`, which colours the code
 *
 * The library also knows a second highlighter, and every language and theme of Shiki. They stay out: 11 MB that a page does not use.
 */
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build, type Plugin } from 'vite'
import { readLanguages, type Languages } from './languages.ts'

export interface DiffProgram {
  /** Plain JavaScript that needs no module. */
  readonly boot: string
  /** gzip in Base64: of the program, and of its worker. */
  readonly program: string
  readonly worker: string
  readonly style: string
  /** For the Content-Security-Policy: of the scripts as they run. */
  readonly hashes: readonly string[]
  readonly languages: Languages
  /** Of all whose code stands in it; they ask to go along. */
  readonly licences: string
}

export async function bundleDiffPage(): Promise<DiffProgram> {
  const worker = fileURLToPath(import.meta.resolve('@pierre/diffs/worker/worker.js'))
  const [boot, page, workerScript, style, languages, ofGrammars] = await Promise.all([
    script(pathOf('page/boot.ts')),
    script(pathOf('page/main.ts')),
    script(worker),
    readFile(pathOf('page/style.css'), 'utf8'),
    readLanguages(),
    readFile(new URL('../LICENSE', import.meta.resolve('@shikijs/langs/typescript')), 'utf8'),
  ])
  // A script of a page ends at this, wherever it stands; the others are packed.
  if (/<\/script|<!--/i.test(boot.code)) throw new Error('the boot script cannot stand in a page')
  const hashes = [boot, page].map(({ code }) => `sha256-${createHash('sha256').update(code).digest('base64')}`)
  const licences = `${page.licences}\n${workerScript.licences}\n## @shikijs/langs\n\n${ofGrammars}`
  return { boot: boot.code, program: packed(page.code), worker: packed(workerScript.code), style, hashes, languages, licences }
}

const pathOf = (file: string): string => fileURLToPath(new URL(file, import.meta.url))

const packed = (text: string): string => gzipSync(text, { level: 9 }).toString('base64')

async function script(entry: string): Promise<{ readonly code: string; readonly licences: string }> {
  const built = await build({
    configFile: false,
    logLevel: 'error',
    plugins: [leftOut],
    define: { 'process.env.NODE_ENV': '"production"' },
    build: {
      write: false,
      minify: true,
      license: { fileName: 'licences.md' },
      target: 'es2023',
      lib: { entry, formats: ['iife'], name: 'diffPage', fileName: 'page' },
      rolldownOptions: { output: { codeSplitting: false } },
    },
  })
  const made = [built].flat().flatMap((one) => ('output' in one ? one.output : []))
  const chunk = made.find(({ type }) => type === 'chunk')
  const licences = made.find(({ fileName }) => fileName === 'licences.md')
  if (chunk?.type !== 'chunk') throw new Error(`${entry} was bundled into nothing`)
  return { code: chunk.code, licences: licences?.type === 'asset' ? String(licences.source) : '' }
}

/** What the page has of its own takes the place of the catalogues: languages come with the data, themes with the program. */
const LEFT_OUT = /^(?:@pierre\/highlights(?:\/.*)?|@pierre\/theming\/themes|shiki\/(?:wasm|langs|engine\/oniguruma))$/
const NOTHING = `
  export const bundledLanguages = {}, themes = { getTheme: () => undefined }
  export const LiveTokenizer = undefined, codeToTokens = undefined, createOnigurumaEngine = undefined
  export const isSupportedLanguage = () => false
  export default {}`

const leftOut: Plugin = {
  name: 'left-out',
  enforce: 'pre',
  resolveId: (id) => (LEFT_OUT.test(id) ? '\0left-out' : undefined),
  load: (id) => (id === '\0left-out' ? NOTHING : undefined),
}
