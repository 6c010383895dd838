/** Words that somebody who speaks in a thread may mean, so that they are written down as they are spelt: agents, names of the session, files. */

export interface Known {
  readonly agents: readonly string[]
  /** What was said in the session, newest last. */
  readonly said: readonly string[]
  /** Paths of the project's files. */
  readonly files: readonly string[]
}

/** Whisper reads the last 224 tokens of what it is told; a name is two or three of them. */
const LENGTH_MAX = 700

/** Separated by commas; empty where nothing is known. */
export function vocabularyOf({ agents, said, files }: Known): string {
  const names = new Set([...agents, ...said.toReversed().flatMap(namesIn), ...files.toSorted(byDepth).flatMap(namesOfFile)])
  const taken: string[] = []
  let length = 0
  for (const name of names) {
    length += name.length + 2
    if (length > LENGTH_MAX) break
    taken.push(name)
  }
  return taken.join(', ')
}

/** Names that a dictionary does not have: with capitals inside, digits, underscores or dots. */
const namesIn = (text: string): readonly string[] =>
  [...text.slice(0, LOOKED_AT).matchAll(/[\p{L}_$][\p{L}\p{N}_$.-]{2,39}/gu)]
    .map(([word]) => word.replace(/[.-]+$/, ''))
    .filter((word) => /[a-z][A-Z]|[\p{L}][_\d.][\p{L}\d]|\p{Lu}{2}/u.test(word))

const LOOKED_AT = 4000

function namesOfFile(path: string): readonly string[] {
  const name = path.slice(path.lastIndexOf('/') + 1)
  return name.length > 2 && name.length <= 40 && !name.startsWith('.') ? [name] : []
}

const byDepth = (one: string, other: string): number => depthOf(one) - depthOf(other)
const depthOf = (path: string): number => path.split('/').length
