/** Rule: files that import each other at run time, directly or around corners, are one file in disguise. */
import type { Module } from './modules.ts'

/** Each cycle once, as the path around it. What is loaded lazily or only for its types closes no cycle. */
export function cycles(modules: readonly Module[]): readonly string[] {
  const next = new Map(
    modules.map(({ path, imports }) => [path, imports.filter((one) => !one.typeOnly && !one.lazy).map(({ target }) => target)]),
  )
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
