/** Rule: a page is true where it names crash points. */

export interface NamedPoint {
  readonly name: string
  /** First words of the row it belongs to. */
  readonly row: string
}

/** The table below `heading` must name every crash point in its row, and nothing that looks like one but is none. */
export function pointViolations(page: string, heading: string, points: readonly NamedPoint[]): readonly string[] {
  const [, below = ''] = page.split(`\n## ${heading}\n`)
  const [section = ''] = below.split('\n## ')
  const rows = section.split('\n').filter((line) => line.startsWith('| '))
  const named = rows.flatMap((line) => [...line.matchAll(/`([a-z]+(?:-[a-z]+)+)`/g)].map(([, name = '']) => name))
  const isThere = ({ name, row }: NamedPoint): boolean => rows.some((line) => line.includes(row) && line.includes(`\`${name}\``))
  return [
    ...points.filter((point) => !isThere(point)).map(({ name, row }) => `${name}: is not in the row "${row}"`),
    ...named.filter((name) => !points.some((point) => point.name === name)).map((name) => `${name}: is no crash point`),
  ]
}
