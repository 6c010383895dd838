/** Rules: packages know only whom they may know, and the small worlds not even the product's name. */
import type { Module, Tree } from './modules.ts'

export interface PackagePlan {
  /** What the source of each package may import. */
  readonly packages: Readonly<Record<string, readonly string[]>>
  readonly smallWorlds: readonly string[]
}

export function packageViolations(modules: readonly Module[], { packages, smallWorlds }: PackagePlan): readonly string[] {
  return modules.flatMap(({ path, imports }) => {
    const [, name = '', area] = path.split('/')
    const own = packages[name]
    if (!own) return [`${path}: "${name}" is no package of the plan`]
    const allowed = area === 'test' || area === 'bench' ? [...own, ...smallWorlds] : own
    return imports.flatMap(({ target }) => {
      const other = packageOf(target, packages)
      const fine = other === undefined || other === name || allowed.includes(other)
      return fine ? [] : [`${path}: may not import ${target}`]
    })
  })
}

/** The workspace package an import leads to, by name or by path. */
function packageOf(target: string, packages: PackagePlan['packages']): string | undefined {
  if (target.startsWith('packages/')) return target.split('/')[1]
  return Object.keys(packages).find((name) => target === name || target.startsWith(`${name}/`))
}

export function nameViolations(tree: Tree, smallWorlds: readonly string[], product: string): readonly string[] {
  return [...tree].flatMap(([path, text]) => {
    const inside = smallWorlds.some((name) => path.startsWith(`packages/${name}/`))
    return inside && text.toLowerCase().includes(product) ? [`${path}: names "${product}"`] : []
  })
}
