/** The tree of the files: folders with one folder alone in them share a line. */
import type { PageFile } from '../data.ts'
import { button, make } from './make.ts'

export interface Tree {
  readonly element: HTMLElement
  /** Marks the file that is being read. */
  mark(index: number): void
  /** Shows the files whose paths have these words. */
  filter(words: string): void
}

interface Folder {
  readonly folders: Map<string, Folder>
  readonly files: number[]
}

export function createTree(files: readonly PageFile[], onChosen: (index: number) => void): Tree {
  const root: Folder = { folders: new Map(), files: [] }
  for (const [index, { path }] of files.entries()) folderOf(root, path.split('/').slice(0, -1)).files.push(index)
  const leaves = files.map((file, index) => leaf(file, () => onChosen(index)))
  const element = make('ul', { class: 'tree' }, ...linesOf(root, leaves))
  let marked: HTMLElement | undefined
  return {
    element,
    mark(index) {
      marked?.removeAttribute('aria-current')
      marked = leaves[index]?.querySelector('button') ?? undefined
      marked?.setAttribute('aria-current', 'true')
      marked?.scrollIntoView({ block: 'nearest' })
    },
    filter(words) {
      const wanted = words.trim().toLowerCase()
      for (const [index, one] of leaves.entries()) one.hidden = !files[index]?.path.toLowerCase().includes(wanted)
      for (const folder of element.querySelectorAll<HTMLElement>('li.folder'))
        folder.hidden = folder.querySelector('li.file:not([hidden])') === null
    },
  }
}

function folderOf(root: Folder, names: readonly string[]): Folder {
  let folder = root
  for (const name of names) {
    const known = folder.folders.get(name) ?? { folders: new Map(), files: [] }
    folder.folders.set(name, known)
    folder = known
  }
  return folder
}

function linesOf({ folders, files }: Folder, leaves: readonly HTMLElement[]): readonly HTMLElement[] {
  const below = [...folders].map(([name, folder]) => {
    const [names, last] = alone([name], folder)
    return make('li', { class: 'folder' }, make('span', {}, `${names.join('/')}/`), make('ul', {}, ...linesOf(last, leaves)))
  })
  return [...below, ...files.flatMap((index) => leaves[index] ?? [])]
}

/** A folder with nothing in it but one other shows both names. */
function alone(names: readonly string[], folder: Folder): readonly [readonly string[], Folder] {
  const [only, ...others] = folder.folders
  return folder.files.length === 0 && only && others.length === 0 ? alone([...names, only[0]], only[1]) : [names, folder]
}

const LETTERS = { added: 'A', changed: 'M', deleted: 'D', renamed: 'R' } as const

function leaf({ path, status, added, deleted }: PageFile, onPress: () => void): HTMLElement {
  const name = path.slice(path.lastIndexOf('/') + 1)
  const one = button('', { title: path, 'data-path': path }, onPress)
  one.append(
    make('abbr', { class: status, title: status }, LETTERS[status]),
    make('span', { class: 'name' }, name),
    ...(added > 0 ? [make('span', { class: 'added' }, `+${added}`)] : []),
    ...(deleted > 0 ? [make('span', { class: 'deleted' }, `−${deleted}`)] : []),
  )
  return make('li', { class: 'file' }, one)
}
