/**
 * The page of a diff as HTML that needs nothing else, neither a server nor the network.
 *
 * D1. What stands in files is JSON or packed, never markup: the program of the page makes text of it.
 * D2. Its policy lets run the two scripts whose hashes it names, and load nothing from anywhere.
 * D3. A page has at most `limitBytes`. A diff that has more is packed first, and then cut into pages; a file that is too large alone is only
 *     named.
 */
import { gzipSync } from 'node:zlib'
import type { PageData, PageFile } from '../../view/diff/page.ts'
import type { DiffProgram } from './program.ts'

/** `pagesMax`: files that would stand on later pages are only named on the last one. */
export function documentsOf(
  program: DiffProgram,
  data: PageData,
  { limitBytes, pagesMax }: { readonly limitBytes: number; readonly pagesMax: number },
): readonly string[] {
  const whole = documentOf(program, data, 'plain')
  if (Buffer.byteLength(whole) <= limitBytes) return [whole]
  const fits = (files: readonly PageFile[]): boolean =>
    Buffer.byteLength(documentOf(program, { ...data, files }, 'packed')) <= limitBytes
  const pages = cut(data.files, fits)
  const kept = pages.slice(0, pagesMax)
  const rest = pages.slice(pagesMax).flat().map(onlyNamed)
  const last = kept.at(-1)
  const all = last && rest.length > 0 ? [...kept.slice(0, -1), ...cut([...last.map(onlyNamed), ...rest], fits).slice(0, 1)] : kept
  return all.map((files, index) => {
    const part = all.length > 1 ? { part: { number: index + 1, of: all.length } } : {}
    return documentOf(program, { ...data, files, ...part }, 'packed')
  })
}

/** Halves what does not fit, so that each page is looked at once or twice. */
function cut(files: readonly PageFile[], fits: (files: readonly PageFile[]) => boolean): readonly (readonly PageFile[])[] {
  if (fits(files)) return [files]
  const [only] = files
  if (only && files.length === 1) return [[onlyNamed(only)]]
  const middle = middleOf(files)
  return [...cut(files.slice(0, middle), fits), ...cut(files.slice(middle), fits)]
}

/** Where half of what stands in them is behind. */
function middleOf(files: readonly PageFile[]): number {
  const sizes = files.map(({ shown }) => JSON.stringify(shown).length)
  const half = sizes.reduce((sum, size) => sum + size, 0) / 2
  let before = 0
  const middle = sizes.findIndex((size) => (before += size) >= half)
  return Math.min(Math.max(middle, 1), files.length - 1)
}

const onlyNamed = (file: PageFile): PageFile =>
  file.shown.kind === 'named' ? file : { ...file, shown: { kind: 'named', why: 'This file is too large to be shown.' } }

function documentOf(program: DiffProgram, data: PageData, how: 'plain' | 'packed'): string {
  const json = JSON.stringify(data)
  const held =
    how === 'plain'
      ? `<script type="application/json" id="data">${json.replaceAll('<', '\\u003c')}</script>`
      : packedScript('packed-data', packed(json))
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy(program.hashes)}">
<title>${escaped(`Diff of ${data.title}`)}</title>
<style>${program.style}</style>
</head>
<body>
<p role="status">The changes are being unpacked.</p>
<noscript>This page shows changes of files with a script of its own. Allow scripts for this file to read them.</noscript>
${packedScript('program', program.program)}
${packedScript('worker', program.worker)}
${packedScript('grammars', packed(grammarsFor(program, data)))}
${held}
<script>${program.boot}</script>
</body>
</html>
`
}

const packedScript = (id: string, base64: string): string => `<script type="text/plain" id="${id}">${base64}</script>`

const packed = (text: string): string => gzipSync(text, { level: 6 }).toString('base64')

/** Of the languages that stand in the page: what the highlighter needs. */
function grammarsFor({ languages: { needs, grammars } }: DiffProgram, { files }: PageData): string {
  const used = new Set(files.flatMap(({ shown }) => (shown.kind === 'patch' && shown.language ? [shown.language] : [])))
  const lists = [...used].map(
    (name) => `${JSON.stringify(name)}:[${(needs[name] ?? []).map((grammar) => grammars[grammar]).join(',')}]`,
  )
  return `{${lists.join(',')}}`
}

/** Styles stand in attributes of coloured words, so they cannot be named by hash. */
const policy = (hashes: readonly string[]): string =>
  [
    "default-src 'none'",
    `script-src ${hashes.map((hash) => `'${hash}'`).join(' ')}`,
    'worker-src blob:',
    "style-src 'unsafe-inline'",
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ')

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

const escaped = (text: string): string => text.replaceAll(/[&<>"]/g, (letter) => ESCAPES[letter] ?? letter)
