/** Rules: every library has one owner, and every runtime dependency is one that is used. */
import type { Module } from './modules.ts'
import { SRC } from './plan.ts'

/** `owners`: library to the room or file below `src/` that may import it. */
export function strayLibraries(modules: readonly Module[], owners: Readonly<Record<string, string>>): readonly string[] {
  return modules
    .filter(({ path }) => path.startsWith(SRC))
    .flatMap(({ path, imports }) =>
      imports.flatMap(({ target }) => {
        const library = libraryOf(target)
        const owner = owners[library]
        if (target.startsWith('packages/') || (target.startsWith('node:') && owner === undefined)) return []
        if (owner === undefined) return [`${path}: ${library} has no owner`]
        return path.startsWith(SRC + owner) ? [] : [`${path}: ${library} belongs to ${owner}`]
      }),
    )
}

/** A dependency counts as used when its owner imports it, or names it to find a file of it. */
export function idleDependencies(
  dependencies: readonly string[],
  modules: readonly Module[],
  owners: Readonly<Record<string, string>>,
): readonly string[] {
  return dependencies.flatMap((name) => {
    const owner = owners[name]
    if (owner === undefined) return [`${name}: has no owner`]
    const used = modules.some(
      ({ path, literals }) => path.startsWith(SRC + owner) && [...literals].some((text) => libraryOf(text) === name),
    )
    return used ? [] : [`${name}: is not used by ${owner}`]
  })
}

/** `@scope/name/sub` -> `@scope/name`, `name/sub` -> `name`. */
function libraryOf(specifier: string): string {
  if (specifier.startsWith('node:')) return specifier
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/')
}
