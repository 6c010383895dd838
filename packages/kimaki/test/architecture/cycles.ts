/** Rules: files that import each other, directly or around corners, are one file in disguise; so are folders. */
import type { Module } from './modules.ts'

/**
 * Each cycle once, as the path around it. An import of types counts: who needs only the type of what needs them still cannot be
 * read alone. What is loaded lazily closes no cycle.
 */
export function cycles(modules: readonly Module[]): readonly string[] {
  const paths = new Set(modules.map(({ path }) => path))
  return circles(new Map(modules.map((module) => [module.path, targetsOf(module, paths)])))
}

/** The same among the entries of each folder, where one of them is a folder: `a/` imports `b/` and `b/` imports `a/`, though no two files do. */
export function folderCycles(modules: readonly Module[]): readonly string[] {
  const paths = new Set(modules.map(({ path }) => path))
  const folders = new Map<string, Map<string, Set<string>>>()
  for (const module of modules) {
    for (const target of targetsOf(module, paths)) {
      const fork = forkOf(module.path, target)
      if (fork.from.includes('.') && fork.to.includes('.')) continue
      const entries = folders.get(fork.folder) ?? new Map<string, Set<string>>()
      folders.set(fork.folder, entries.set(fork.from, (entries.get(fork.from) ?? new Set()).add(fork.to)))
    }
  }
  return [...folders].flatMap(([folder, entries]) => {
    const next = new Map([...entries].map(([entry, targets]) => [entry, [...targets]]))
    return circles(next).map((way) => `${folder}: ${way}`)
  })
}

const targetsOf = ({ path, imports }: Module, paths: ReadonlySet<string>): readonly string[] =>
  imports.filter(({ lazy, target }) => !lazy && paths.has(target) && target !== path).map(({ target }) => target)

/** The folder two files share, and the entries of it in which they are. */
export function forkOf(path: string, target: string): { readonly folder: string; readonly from: string; readonly to: string } {
  const [from, to] = [path.split('/'), target.split('/')]
  const depth = from.findIndex((name, index) => name !== to[index])
  return { folder: from.slice(0, depth).join('/'), from: from[depth] ?? '', to: to[depth] ?? '' }
}

function circles(next: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const done = new Set<string>()
  const found: string[] = []
  const visit = (path: string, way: readonly string[]): void => {
    const from = way.indexOf(path)
    if (from !== -1) return void found.push([...way.slice(from), path].join(' -> '))
    if (done.has(path)) return
    for (const target of next.get(path) ?? []) visit(target, [...way, path])
    done.add(path)
  }
  for (const path of next.keys()) visit(path, [])
  return found
}
