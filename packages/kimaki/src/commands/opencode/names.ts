/**
 * Names in Discord for what OpenCode offers in a project. Each ends with what it is: `/git/commit` of the project is `/git-commit-cmd`. The
 * names of one project are distinct; what a name means in another one is that project's.
 */
import type { Offered, OfferedAgent, OfferedCommand } from '../../domain/offered.ts'

/** Discord's limit; in UTF-16 units never more than its characters. */
const NAME_MAX = 32

const MARKS = { agent: '-agent', command: '-cmd', mcp: '-mcp-prompt', skill: '-skill' } as const
type Kind = keyof typeof MARKS

export type Named =
  | { readonly kind: 'agent'; readonly offered: OfferedAgent }
  | { readonly kind: 'command' | 'mcp' | 'skill'; readonly offered: OfferedCommand }

/** In the order in which they are given room. */
const KINDS: readonly Kind[] = ['agent', 'command', 'mcp', 'skill']

/** By their names in Discord. `isTaken`: names of other commands. */
export function namesOf({ agents, commands }: Offered, isTaken: (name: string) => boolean): ReadonlyMap<string, Named> {
  const all: readonly Named[] = [
    ...agents.map((offered) => ({ kind: 'agent', offered }) as const),
    ...commands.map((offered) => ({ kind: offered.source, offered }) as const),
  ]
  const named = new Map<string, Named>()
  for (const kind of KINDS) {
    // One that keeps its name goes before one whose name has to be changed; sorted, so that the same names come out each time.
    const ofKind = all.filter((each) => each.kind === kind).toSorted(byName)
    for (const each of [...ofKind.filter(isPlain), ...ofKind.filter((one) => !isPlain(one))]) {
      const name = distinct(each, (candidate) => named.has(candidate) || isTaken(candidate))
      if (name !== undefined) named.set(name, each)
    }
  }
  return named
}

/** It looks like the name of something OpenCode offers. */
export const isOffered = (name: string): boolean => Object.values(MARKS).some((mark) => name.endsWith(mark))

const byName = (a: Named, b: Named): number => (a.offered.name < b.offered.name ? -1 : 1)

const isPlain = ({ kind, offered }: Named): boolean => wordsOf(offered.name) === offered.name && fits(offered.name, MARKS[kind])

const fits = (words: string, end: string): boolean => words.length + end.length <= NAME_MAX

/** Discord takes letters and digits of every script, `-`, `_` and `'`, in lower case (Discord docs: Application Command Naming). */
const wordsOf = (name: string): string =>
  name
    .toLowerCase()
    .normalize('NFC')
    .replaceAll(/[^-_'\p{L}\p{N}]+/gu, '-')
    .replaceAll(/-{2,}/g, '-')
    .replaceAll(/^-|-$/g, '')

/** Undefined where nothing is left of the name. */
function distinct({ kind, offered }: Named, isTaken: (name: string) => boolean): string | undefined {
  const words = wordsOf(offered.name)
  if (words === '') return undefined
  for (let nth = 1; ; nth += 1) {
    const end = `${nth === 1 ? '' : `-${nth}`}${MARKS[kind]}`
    const name = `${cutTo(words, NAME_MAX - end.length)}${end}`
    if (!isTaken(name)) return name
  }
}

function cutTo(words: string, max: number): string {
  let kept = ''
  for (const character of words) {
    if (kept.length + character.length > max) break
    kept += character
  }
  return kept.replace(/-$/, '')
}
