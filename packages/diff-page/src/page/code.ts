/** The changes themselves, in the library's view: it draws the lines that can be seen, and a worker colours them. */
import { CodeView, processFile, registerCustomLanguage, registerCustomTheme, type CodeViewItem } from '@pierre/diffs'
import { WorkerPoolManager } from '@pierre/diffs/worker'
import dark from '@shikijs/themes/github-dark-high-contrast'
import light from '@shikijs/themes/github-light-high-contrast'
import type { PageFile } from '../data.ts'
import { button, make } from './make.ts'
import { imagesOf } from './images.ts'

export type Theme = 'system' | 'light' | 'dark'

export interface Look {
  readonly isSplit: boolean
  readonly wraps: boolean
  readonly theme: Theme
}

export interface Code {
  /** Scrolls to a file, by its place in the list. */
  show(index: number): void
  /** The file at the top of what can be seen. */
  current(): number
  /** Opens a file that is closed, and closes one that is open. */
  toggle(index: number): void
  apply(look: Look): void
  onScroll(listener: () => void): void
}

export interface CodeOptions {
  readonly root: HTMLElement
  readonly files: readonly PageFile[]
  /** By name: what Shiki needs of a language. */
  readonly grammars: Readonly<Record<string, readonly unknown[]>>
  readonly worker: string
  readonly look: Look
}

/** Colours that are told from each other, and from red and green behind them, by people with weak eyes. */
const THEMES = { dark: 'github-dark-high-contrast', light: 'github-light-high-contrast' } as const

/** Its grey is read well on white only, and not on green or red. */
const withDarkerComments = (theme: object): unknown => JSON.parse(JSON.stringify(theme).replaceAll(/#66707b/gi, '#48515a'))

/** Above this the worker sends back more than one frame can take in. */
const COLOURED_MAX = 400_000

export function createCode({ root, files, grammars, worker, look }: CodeOptions): Code {
  for (const [name, grammar] of Object.entries(grammars))
    registerCustomLanguage(name, async () => ({ default: grammar as never }))
  registerCustomTheme(THEMES.dark, async () => dark)
  registerCustomTheme(THEMES.light, async () => withDarkerComments(light) as never)
  const items: Item[] = files.map((file, index) => itemOf(file, index))

  const toggle = (index: number): void => {
    const item = items[index]
    if (!item) return
    const next: Item = { ...item, collapsed: item.collapsed !== true, version: (item.version ?? 0) + 1 }
    items[index] = next
    view.updateItem(next)
  }

  const options = (of: Look) => ({
    theme: THEMES,
    themeType: of.theme,
    diffStyle: of.isSplit ? ('split' as const) : ('unified' as const),
    overflow: of.wraps ? ('wrap' as const) : ('scroll' as const),
    diffIndicators: 'classic' as const,
    lineDiffType: 'word' as const,
    hunkSeparators: 'simple' as const,
    tokenizeMaxLength: COLOURED_MAX,
    stickyHeaders: true,
    unsafeCSS: READABLE,
    renderHeaderPrefix: (_file: unknown, context: { readonly item: { readonly id: string } }) =>
      opener(Number(context.item.id), items, toggle),
    renderHeaderMetadata: (_file: unknown, context: { readonly item: { readonly id: string } }) =>
      noteOf(files[Number(context.item.id)]),
    // What scrolls sideways must be reached by keys.
    onPostRender: (node: HTMLElement) => {
      for (const code of node.shadowRoot?.querySelectorAll('code') ?? []) code.tabIndex = 0
    },
    renderAnnotation: (annotation: { readonly metadata: Note }) => imagesOf(annotation.metadata),
  })
  const view = new CodeView<Note>(options(look), pool(worker))
  view.setup(root)
  view.setItems(items)
  view.render(true)

  return {
    show(index) {
      view.scrollTo({ type: 'item', id: String(index), align: 'start', behavior: 'instant' })
    },
    current: () => indexAt(view, files.length),
    toggle,
    apply: (next) => view.setOptions(options(next)),
    onScroll: (listener) => void view.subscribeToScroll(listener),
  }
}

interface Note {
  readonly before?: string
  readonly after?: string
}

type Item = CodeViewItem<Note>

function itemOf({ path, from, shown }: PageFile, index: number): Item {
  const id = String(index)
  if (shown.kind === 'patch') {
    const parsed = processFile(shown.patch, { isGitDiff: true, cacheKey: id })
    if (parsed)
      return {
        id,
        type: 'diff',
        // Git puts names with odd letters into quotation marks.
        fileDiff: {
          ...parsed,
          name: path,
          ...(from !== undefined && { prevName: from }),
          lang: shown.language ?? 'text',
        },
        collapsed: shown.collapsed !== undefined,
        version: 0,
      }
  }
  const contents = shown.kind === 'named' ? shown.why : shown.kind === 'images' ? 'Image' : 'This cannot be shown.'
  const file = { name: path, contents, lang: 'text' as const, cacheKey: id }
  if (shown.kind !== 'images') return { id, type: 'file', file, version: 0 }
  return { id, type: 'file', file, version: 0, annotations: [{ lineNumber: 1, metadata: shown }] }
}

function opener(index: number, items: readonly Item[], toggle: (index: number) => void): HTMLElement {
  const isOpen = items[index]?.collapsed !== true
  const label = `${isOpen ? 'Close' : 'Open'} this file`
  return button(isOpen ? '▾' : '▸', { class: 'opener', 'aria-expanded': isOpen ? 'true' : 'false', 'aria-label': label }, () =>
    toggle(index),
  )
}

const noteOf = (file: PageFile | undefined): HTMLElement | undefined =>
  file?.shown.kind === 'patch' && file.shown.collapsed !== undefined
    ? make('span', { class: 'note' }, file.shown.collapsed)
    : undefined

/** The last file that begins above the upper edge. */
function indexAt(view: CodeView<Note>, count: number): number {
  const top = view.getScrollTop() + EDGE
  let [low, high] = [0, count - 1]
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if ((view.getTopForItem(String(middle)) ?? 0) <= top) low = middle
    else high = middle - 1
  }
  return low
}

const EDGE = 12

/** The colours of the library for numbers are too light to be read by everybody. */
const READABLE = `
  [data-column-number] { color: light-dark(#57606a, #b7bdc8) !important; }
  [data-additions-count] { color: light-dark(#055d20, #56d364) !important; }
  [data-deletions-count] { color: light-dark(#a0111f, #ff938a) !important; }
`

/** Two: one for what is seen now, one for what comes next. A page without them is black and white until its own thread has coloured it. */
function pool(code: string): WorkerPoolManager {
  const url = URL.createObjectURL(new Blob([code], { type: 'text/javascript' }))
  return new WorkerPoolManager(
    { workerFactory: () => new Worker(url), poolSize: 2, onWorkerError: (event) => event.preventDefault() },
    { theme: THEMES, lineDiffType: 'word', preferredHighlighter: 'shiki-js' },
  )
}
