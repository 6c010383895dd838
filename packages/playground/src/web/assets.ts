/** The files of the page: read once, served under fixed names. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { bundlePage } from './bundle.ts'

export interface Asset {
  readonly type: string
  readonly body: string | Uint8Array
}

export async function loadAssets(): Promise<ReadonlyMap<string, Asset>> {
  const loaded = await Promise.all([
    ...PAGE_FILES.map(([path, file, type]) => load(path, join(PAGE, file), type)),
    ...GLYPHS.map((subset) =>
      load(`/font/${subset}.woff2`, join(FONT, `noto-sans-symbols-2-${subset}-400-normal.woff2`), 'font/woff2'),
    ),
    bundlePage().then((body): [string, Asset] => ['/page.js', { type: 'text/javascript', body }]),
  ])
  return new Map(loaded)
}

async function load(path: string, file: string, type: string): Promise<[string, Asset]> {
  return [path, { type, body: await readFile(file) }]
}

const PAGE = fileURLToPath(new URL('../page/', import.meta.url))
const FONT = fileURLToPath(new URL('files/', import.meta.resolve('@fontsource/noto-sans-symbols-2/package.json')))
/** ⬥ ⬦ ◼ ✗ ⋅ stand in the first, ⨯ in the second. The browser fetches a subset when it meets one of its characters. */
const GLYPHS = ['symbols', 'math']

const STYLES = ['base', 'layout', 'sidebar', 'status', 'sheets', 'messages', 'markdown', 'cards', 'composer', 'files', 'commands']
const PAGE_FILES: readonly (readonly [path: string, file: string, type: string])[] = [
  ['/', 'index.html', 'text/html'],
  ['/icon.svg', 'icon.svg', 'image/svg+xml'],
  ...STYLES.map((name) => [`/style/${name}.css`, `style/${name}.css`, 'text/css'] as const),
]
