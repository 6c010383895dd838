/** The tree of the product's source as a page shows it: each folder with what it is for, each file with what its header says it is. */
import { posix } from 'node:path'
import type { Tree } from '../test/architecture/modules.ts'

/** Where the second column begins. */
const COLUMN = 28
/** A sentence that is longer loses what it has in brackets, then ends at a colon or semicolon. */
const LONG = 120

export interface TreePlan {
  /** The folder at the top: a path from the repository's root that ends with a slash. */
  readonly root: string
  /** What each folder below it is for, in the order in which they are shown. */
  readonly purposes: Readonly<Record<string, string>>
}

/** Throws for a folder without a purpose and a file without a header: the page would have nothing to say of them. */
export function sourceTree(sources: Tree, { root, purposes }: TreePlan): string {
  const files = [...sources]
    .filter(([path]) => path.startsWith(root))
    .map(([path, text]) => [path.slice(root.length), text] as const)
  const order = Object.keys(purposes)
  const rows = (folder: string, depth: number): readonly string[] => {
    const own = files.filter(([path]) => posix.dirname(path) === (folder || '.'))
    const inner = [...new Set(files.flatMap(([path]) => folderBelow(folder, path)))]
    return [
      ...own.map(([path, text]) => row(depth, posix.basename(path), summary(path, text))),
      ...inner
        .toSorted((a, b) => order.indexOf(a) - order.indexOf(b))
        .flatMap((each) => [row(depth, `${posix.basename(each)}/`, purposeOf(each, purposes)), ...rows(each, depth + 1)]),
    ]
  }
  return ['```', root.slice(0, -1), ...rows('', 1), '```'].join('\n')
}

/** The folder directly in `folder` on the way to the file, if there is one. */
function folderBelow(folder: string, path: string): readonly string[] {
  const prefix = folder === '' ? '' : `${folder}/`
  const [name = '', ...rest] = path.startsWith(prefix) ? path.slice(prefix.length).split('/') : []
  return rest.length === 0 ? [] : [prefix + name]
}

const row = (depth: number, name: string, words: string): string => `${`${'  '.repeat(depth)}${name}`.padEnd(COLUMN)}  ${words}`

function purposeOf(folder: string, purposes: TreePlan['purposes']): string {
  const purpose = purposes[folder]
  if (purpose === undefined) throw new Error(`${folder}/ has no purpose in packages/kimaki/docs/folders.ts`)
  return purpose
}

/** The first sentence of the header, without its full stop. */
function summary(path: string, text: string): string {
  const [, comment = ''] = /^(?:#!.*\n)?\/\*\*([\s\S]*?)\*\//.exec(text) ?? []
  const [paragraph = ''] = comment
    .replaceAll(/^[ \t]*\* ?/gm, '')
    .trim()
    .split(/\n\s*\n/)
  const words = paragraph.replaceAll(/\s+/g, ' ')
  const sentence = /^.*?(?:\?|(?=\.))(?=\.?(?: [A-Z@`"(]|$))/.exec(words)?.[0] ?? words
  if (sentence === '') throw new Error(`${path} does not begin with a comment that says what it is`)
  return shortened(sentence).replace(/[:;]$/, '')
}

function shortened(sentence: string): string {
  if (sentence.length <= LONG) return sentence
  const plain = sentence.replaceAll(/ \([^)]*\)/g, '')
  return plain.length <= LONG ? plain : (/^.{0,119}(?=[:;] )/.exec(plain)?.[0] ?? plain)
}
