/** Rule: imports inside the product go only where the plan lets them. */
import type { Import, Module } from './modules.ts'
import { SRC, type Room } from './plan.ts'

export function roomViolations(modules: readonly Module[], rooms: Readonly<Record<string, Room>>): readonly string[] {
  return modules
    .filter(({ path }) => path.startsWith(SRC))
    .flatMap((module) => {
      const name = roomOf(module.path)
      const room = rooms[name]
      if (!room) return [`${module.path}: "${name}" is no room of the plan`]
      const troubles = module.imports.map((one) => trouble(module.path, one, name, room))
      return troubles.flatMap((reason) => (reason === undefined ? [] : [`${module.path}: ${reason}`]))
    })
}

function trouble(path: string, { target, typeOnly }: Import, name: string, room: Room): string | undefined {
  if (target.startsWith('node:')) {
    const part = room.node === 'all' ? '' : room.node[target]
    return part !== undefined && path.startsWith(SRC + part) ? undefined : `${target} may not be imported here`
  }
  if (!target.startsWith('packages/')) return undefined
  if (target === 'packages/kimaki/package.json') return name === 'cli' ? undefined : 'package.json is for cli'
  if (!target.startsWith(SRC)) return `imports ${target}, which is not source of the product`
  const other = roomOf(target)
  if (other === name) return undefined
  const reach = room.rooms[other]
  if (reach === undefined) return `${name} may not import ${other} (${target})`
  return reach === 'types' && !typeOnly ? `${name} may import only types of ${other} (${target})` : undefined
}

/** The first folder below `src/`; a file without one is its own name, which no plan knows. */
export const roomOf = (path: string): string => path.slice(SRC.length).split('/')[0] ?? ''
