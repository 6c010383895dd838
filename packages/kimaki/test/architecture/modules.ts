/** The source as the rules see it: read from disk once, parsed once, told by paths from the repository's root. */
import { globSync, readFileSync } from 'node:fs'
import { join, posix, sep } from 'node:path'
import { parseSync, Visitor, type ESTree } from 'vite'

/** Texts by path; paths are relative to the repository's root, with forward slashes. */
export type Tree = ReadonlyMap<string, string>

export interface Import {
  /** A path from the root for what was imported by a relative path, else the name as it was written. */
  readonly target: string
  /** Erased before it runs: `import type`, `export type`, `import('x').Y`. */
  readonly typeOnly: boolean
  /** Loaded when the line runs, not before. */
  readonly lazy: boolean
}

export interface Module {
  readonly path: string
  readonly imports: readonly Import[]
  /** Dotted names and bare identifiers of the code: `Date.now`, `test.each`, `setTimeout`, `new Date()`. */
  readonly names: ReadonlySet<string>
  /** Functions it declares. */
  readonly declares: ReadonlySet<string>
  /** Values of all string literals. */
  readonly literals: ReadonlySet<string>
}

const SOURCES = ['packages/*/*', 'packages/*/{src,test,bench,bin,docs}/**/*'].map((place) => `${place}.{ts,js,cjs,mjs,css,html}`)

/** Every source file of every package. */
export function readSources(root: string): Tree {
  const paths = globSync(SOURCES, { cwd: root }).map((path) => path.split(sep).join('/'))
  return new Map(paths.toSorted().map((path) => [path, readFileSync(join(root, path), 'utf8')]))
}

export function parseTree(tree: Tree): readonly Module[] {
  return [...tree].filter(([path]) => /\.[cm]?[jt]s$/.test(path)).map(([path, text]) => parse(path, text))
}

/** By path and text: a copy of the product has the same files, but for a few. */
const parsed = new Map<string, Module>()

export function parse(path: string, text: string): Module {
  const key = `${path}\0${text}`
  const known = parsed.get(key) ?? read(path, text)
  parsed.set(key, known)
  return known
}

function read(path: string, text: string): Module {
  const { program, errors } = parseSync(path, text)
  const [error] = errors
  if (error) throw new Error(`${path} cannot be parsed: ${error.message}`)
  const imports: Import[] = []
  const names = new Set<string>()
  const declares = new Set<string>()
  const literals = new Set<string>()
  /** Where identifiers stand that refer to nothing: property names, keys. */
  const labels = new Set<number>()
  const found = (specifier: string, typeOnly: boolean, lazy = false): void => {
    const target = specifier.startsWith('.') ? posix.join(posix.dirname(path), specifier) : specifier
    imports.push({ target, typeOnly, lazy })
  }
  new Visitor({
    ImportDeclaration: ({ source, importKind }) => found(source.value, importKind === 'type'),
    ExportAllDeclaration: ({ source, exportKind }) => found(source.value, exportKind === 'type'),
    ExportNamedDeclaration: ({ source, exportKind }) => void (source && found(source.value, exportKind === 'type')),
    ImportExpression: ({ source }) => void (source.type === 'Literal' && found(String(source.value), false, true)),
    TSImportType: ({ source }) => found(source.value, true),
    MemberExpression(node) {
      const name = dotted(node)
      if (name !== undefined) names.add(name)
      if (!node.computed) labels.add(node.property.start)
    },
    Property: (node) => void (!node.computed && !node.shorthand && labels.add(node.key.start)),
    NewExpression: ({ callee, arguments: given }) =>
      void (callee.type === 'Identifier' && given.length === 0 && names.add(`new ${callee.name}()`)),
    FunctionDeclaration: ({ id }) => void (id && declares.add(id.name)),
    Identifier: ({ name, start }) => void (!labels.has(start) && names.add(name)),
    Literal: ({ value }) => void (typeof value === 'string' && literals.add(value)),
  }).visit(program)
  return { path, imports, names, declares, literals }
}

/** `a.b.c` of plain names; undefined for anything else. */
function dotted(node: ESTree.Expression): string | undefined {
  if (node.type === 'Identifier') return node.name
  if (node.type !== 'MemberExpression' || node.computed || node.property.type !== 'Identifier') return undefined
  const object = dotted(node.object)
  return object === undefined ? undefined : `${object}.${node.property.name}`
}
