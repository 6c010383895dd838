/** The plan of the house as tables: who may import whom, between rooms and inside them. */
import type { Tree } from '../test/architecture/modules.ts'
import type { Order, Room } from '../test/architecture/plan.ts'

interface TablePlan {
  /** The folder of the rooms: a path from the repository's root that ends with a slash. */
  readonly root: string
  readonly rooms: Readonly<Record<string, Room>>
  /** Library to the room or file that may import it. */
  readonly owners: Readonly<Record<string, string>>
}

/** A row and a column for each room that there is; adapters, to which all of Node is open, share theirs. */
export function importTable(sources: Tree, { root, rooms, owners }: TablePlan): string {
  const names = Object.keys(rooms).filter((name) => exists(sources, root + name))
  const columns = names.filter((name) => rooms[name]?.node !== 'all')
  const adapters = names.filter((name) => rooms[name]?.node === 'all')
  const rows = Map.groupBy(names, (name) => (rooms[name]?.node === 'all' ? JSON.stringify(rooms[name].rooms) : name))
  return table(
    ['may import →', ...columns, 'adapters', 'Node', 'libraries'],
    [...rows.values()].map((same) => {
      const room = rooms[same[0] ?? '']
      const libraries = same.flatMap((name) => librariesOf(name, owners))
      return [
        same.map((name) => `**${name}**`).join(' '),
        ...columns.map((column) => room?.rooms[column] ?? ''),
        adapters.some((name) => room?.rooms[name] !== undefined) ? 'yes' : '',
        nodeModules(room),
        libraries.join(', '),
      ]
    }),
  )
}

/** A row for each folder whose entries have an order. */
export function orderTable(sources: Tree, orders: Readonly<Record<string, Order>>, root: string): string {
  const rows = Object.entries(orders).flatMap(([folder, order]) => {
    if (!folder.startsWith(root)) return []
    const floors = order
      .map((entries) => entries.filter((entry) => entry === '*' || exists(sources, `${folder}/${entry}`)))
      .filter((entries) => entries.length > 0)
    return floors.length < 2 ? [] : [[`\`${folder.slice(root.length)}/\``, floors.map(floor).join(' → ')]]
  })
  return table(
    [
      'inside',
      'floors from the bottom up; a file imports from the floors below its own (files of the folder itself also from each other)',
    ],
    rows,
  )
}

const exists = (sources: Tree, path: string): boolean => [...sources.keys()].some((file) => `${file}/`.startsWith(`${path}/`))

const floor = (entries: readonly string[]): string =>
  entries.map((entry) => (entry === '*' ? 'its own files' : `\`${entry}\``)).join(' ')

function nodeModules(room: Room | undefined): string {
  if (room === undefined || room.node === 'all') return room ? 'all' : ''
  const places = Map.groupBy(Object.entries(room.node), ([, place]) => place)
  return [...places]
    .map(([place, modules]) => `${modules.map(([name]) => name.replace('node:', '')).join(', ')} in \`${place}\``)
    .join('; ')
}

const librariesOf = (room: string, owners: TablePlan['owners']): readonly string[] =>
  Object.entries(owners)
    .filter(([, owner]) => owner === `${room}/` || owner.startsWith(`${room}/`))
    .map(([library, owner]) => (owner === `${room}/` ? library : `${library} in \`${owner}\``))

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  return [line(head), `|${'---|'.repeat(head.length)}`, ...rows.map(line)].join('\n')
}
