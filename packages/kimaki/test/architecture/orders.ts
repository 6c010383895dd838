/** Rule: inside a room (and inside the small packages) imports go one way too, from the entries of a folder to those below them. */
import { forkOf } from './cycles.ts'
import type { Module } from './modules.ts'
import type { Order } from './plan.ts'

/** `orders`: by folder, from the repository's root. */
export function orderViolations(modules: readonly Module[], orders: Readonly<Record<string, Order>>): readonly string[] {
  const unlisted = modules.flatMap(({ path }) => unlistedEntry(path, orders))
  const upward = modules.flatMap(({ path, imports }) =>
    imports.flatMap(({ target, lazy }) => {
      if (lazy || !target.startsWith('packages/') || target === path) return []
      const { folder, from, to } = forkOf(path, target)
      const order = orders[folder]
      if (!order) return []
      const [mine, other] = [floorOf(order, from), floorOf(order, to)]
      // Files that have no name in the list share a floor; cycles between them are another rule's affair.
      const fine = other < mine || (other === mine && isLoose(order, from) && isLoose(order, to))
      return fine ? [] : [`${path}: ${from} may not import ${to} (${target})`]
    }),
  )
  return [...new Set(unlisted), ...upward]
}

function unlistedEntry(path: string, orders: Readonly<Record<string, Order>>): readonly string[] {
  return Object.entries(orders).flatMap(([folder, order]) => {
    if (!path.startsWith(`${folder}/`)) return []
    const entry = path.slice(folder.length + 1).split('/')[0] ?? ''
    return floorOf(order, entry) === -1 ? [`${folder}/${entry}: has no place in the order of its folder`] : []
  })
}

/** -1 when it stands nowhere. `*` stands for every file that has no name in the list. */
function floorOf(order: Order, entry: string): number {
  const named = order.findIndex((floor) => floor.includes(entry))
  return named === -1 && entry.includes('.') ? order.findIndex((floor) => floor.includes('*')) : named
}

const isLoose = (order: Order, entry: string): boolean => !order.some((floor) => floor.includes(entry))
