/** Rules: docs/architecture.md is true where it names files and crash points. */

/** Rooms and files that the tree in the page names: paths below its first line. Folders end with a slash. */
export function treeOf(page: string, root: string): readonly string[] {
  const block = page.split('```').find((piece) => piece.replace(/^\w*\n/, '').startsWith(`${root}\n`))
  const named: string[] = []
  /** Folders above the current line, each with its indentation. */
  let above: readonly { readonly indent: number; readonly path: string }[] = []
  for (const line of (block ?? '').split('\n').filter((each) => each.startsWith(' '))) {
    const indent = line.search(/\S/)
    const folder = /^([\w-]+\/)/.exec(line.trim())?.[1]
    above = above.filter((one) => one.indent < indent)
    const here = above.at(-1)?.path ?? ''
    if (folder !== undefined) above = [...above, { indent, path: here + folder }]
    if (folder !== undefined) named.push(here + folder)
    for (const [file] of line.matchAll(/(?<![\w/.-])[\w-]+\.ts\b/g)) named.push((above.at(-1)?.path ?? '') + file)
  }
  return named
}

/** `files`: those that exist, relative to the tree's first line. */
export function treeViolations(named: readonly string[], files: readonly string[]): readonly string[] {
  const folders = new Set(files.flatMap((file) => [...file.matchAll(/\//g)].map(({ index }) => file.slice(0, index + 1))))
  const there = new Set([...files, ...folders])
  const known = new Set(named)
  return [
    ...named.filter((path) => !there.has(path)).map((path) => `${path}: is named in the page but does not exist`),
    ...[...there].filter((path) => !known.has(path)).map((path) => `${path}: is not named in the page`),
    ...named.filter((path, index) => named.indexOf(path) !== index).map((path) => `${path}: is named twice`),
  ]
}

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
