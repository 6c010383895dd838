/** The page: a bar, the tree of the files, and the changes. Everything can be done with the keyboard, and with a thumb. */
import type { PageData } from '../data.ts'
import { createCode, type Look, type Theme } from './code.ts'
import { button, make } from './make.ts'
import { createTree } from './tree.ts'
import { textOf, unpacked } from './unpacked.ts'

const WIDE = '(min-width: 1100px)'
const PHONE = '(max-width: 799px)'
const THEMES: readonly Theme[] = ['system', 'light', 'dark']

async function start(): Promise<void> {
  const [worker, grammars, data] = await Promise.all([unpacked('worker'), unpacked('grammars'), readData()])
  const { files } = data
  let look: Look = { isSplit: matchMedia(WIDE).matches, wraps: matchMedia(PHONE).matches, theme: 'system' }

  const root = make('main', { tabindex: 0, 'aria-label': 'Changes' })
  const filter = make('input', { type: 'search', placeholder: 'Find a file', 'aria-label': 'Find a file' })
  const tree = createTree(files, (index) => {
    document.body.classList.remove('shows-files')
    go(index)
  })
  const nav = make('nav', { 'aria-label': 'Files' }, filter, tree.element)
  const bar = make('header', {}, ...barOf(data), controls())
  document.body.replaceChildren(bar, nav, root)
  const code = createCode({ root, files, grammars: JSON.parse(grammars) as never, worker, look })
  show(look)
  tree.mark(0)

  /** The file that was gone to last, until the reader scrolls away from it. */
  let gone: number | undefined
  function go(index: number): void {
    if (index < 0 || index >= files.length) return
    gone = index
    code.show(index)
    tree.mark(index)
  }
  const here = (): number => gone ?? code.current()
  const leave = (): void => void (gone = undefined)
  for (const kind of ['wheel', 'touchmove', 'pointerdown'] as const) root.addEventListener(kind, leave, { passive: true })
  code.onScroll(() => tree.mark(here()))
  filter.addEventListener('input', () => tree.filter(filter.value))

  function show(next: Look): void {
    look = next
    document.documentElement.dataset['theme'] = next.theme
    document.querySelector('#split')?.setAttribute('aria-pressed', String(next.isSplit))
    document.querySelector('#wrap')?.setAttribute('aria-pressed', String(next.wraps))
    const theme = document.querySelector('#theme')
    if (theme) theme.textContent = `Theme: ${next.theme}`
    code.apply(next)
  }

  const split = (): void => show({ ...look, isSplit: !look.isSplit })
  const wrap = (): void => show({ ...look, wraps: !look.wraps })
  const theme = (): void => show({ ...look, theme: THEMES[(THEMES.indexOf(look.theme) + 1) % THEMES.length] ?? 'system' })

  function controls(): HTMLElement {
    const drawer = (): void => void document.body.classList.toggle('shows-files')
    return make(
      'div',
      { class: 'controls', role: 'toolbar', 'aria-label': 'View' },
      button('Files', { id: 'files', title: 'The files (f)' }, drawer),
      button('↑', { 'aria-label': 'Previous file', title: 'Previous file (k)' }, () => go(here() - 1)),
      button('↓', { 'aria-label': 'Next file', title: 'Next file (j)' }, () => go(here() + 1)),
      button('Side by side', { id: 'split', title: 'Side by side (s)' }, () => split()),
      button('Wrap', { id: 'wrap', title: 'Wrap long lines (w)' }, () => wrap()),
      button('Theme', { id: 'theme', title: 'Light or dark (t)' }, () => theme()),
    )
  }

  const KEYS: Readonly<Record<string, () => void>> = {
    j: () => go(here() + 1),
    k: () => go(here() - 1),
    s: split,
    w: wrap,
    t: theme,
    x: () => code.toggle(here()),
    '/': () => filter.focus(),
    f: () => {
      document.body.classList.toggle('shows-files')
      filter.focus()
    },
    Escape: () => {
      document.body.classList.remove('shows-files')
      root.focus()
    },
  }
  document.addEventListener('keydown', (event) => {
    const isTyping = event.target instanceof HTMLInputElement && event.key !== 'Escape'
    const act = event.ctrlKey || event.metaKey || event.altKey || isTyping ? undefined : KEYS[event.key]
    if (!act) return
    event.preventDefault()
    act()
  })
}

const readData = async (): Promise<PageData> =>
  JSON.parse(document.querySelector('#packed-data') ? await unpacked('packed-data') : textOf('data')) as PageData

function barOf({ title, what, part, files }: PageData): readonly HTMLElement[] {
  const sum = (of: 'added' | 'deleted'): number => files.reduce((all, file) => all + file[of], 0)
  const pages = part ? `, page ${part.number} of ${part.of}` : ''
  return [
    make('h1', {}, title),
    make('p', {}, what),
    make(
      'p',
      { class: 'counts' },
      `${files.length} ${files.length === 1 ? 'file' : 'files'}${pages} `,
      make('span', { class: 'added' }, `+${sum('added')}`),
      ' ',
      make('span', { class: 'deleted' }, `−${sum('deleted')}`),
    ),
  ]
}

void start()
