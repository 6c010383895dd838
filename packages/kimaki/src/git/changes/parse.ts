/** Reads what `git diff --raw -z -p` prints: a list of files, and one patch (or two) for each of them. Pure. */
import type { ChangedFile } from '../../domain/changes.ts'

export interface Tracked extends Omit<ChangedFile, 'content'> {
  readonly patch: string
  /** Git says so: it has compared bytes, not lines. */
  readonly isBinary: boolean
  /** Of its content before. */
  readonly blob: string
}

export function parseDiff(printed: string): readonly Tracked[] {
  const end = printed.indexOf('\0\0')
  if (end === -1) return []
  const entries = entriesIn(printed.slice(0, end))
  // A line of a file begins with a blank, a plus or a minus, so no line of one is taken for this.
  const patches = printed.slice(end + 2).split(/^(?=diff --git )/m)
  let next = patches[0]?.startsWith('diff --git ') ? 0 : 1
  return entries.flatMap((entry) => {
    // A file that became a link, or the other way round: Git writes it as deleted, and as added.
    const count = entry.letter === 'T' ? 2 : 1
    const own = patches.slice(next, next + count)
    next += count
    // Of a file that was written anew with the same words there is a head, and nothing below it.
    return own.filter((patch) => patch.trimEnd().includes('\n')).map((patch) => trackedOf(entry, patch))
  })
}

interface Entry {
  readonly letter: string
  readonly blob: string
  readonly path: string
  readonly from?: string
}

/** `:mode mode blob blob letter`, the path, and for renames the path after it (git docs: diff-format). A conflict has no patch. */
function entriesIn(raw: string): readonly Entry[] {
  const fields = raw.split('\0')
  const entries: Entry[] = []
  for (let at = 0; at < fields.length;) {
    const [, , blob = '', , kind = ''] = (fields[at] ?? '').split(' ')
    const letter = kind.slice(0, 1)
    const isMoved = letter === 'R' || letter === 'C'
    const [first = '', second = ''] = fields.slice(at + 1, at + 3)
    entries.push(isMoved ? { letter, blob, path: second, from: first } : { letter, blob, path: first })
    at += isMoved ? 3 : 2
  }
  return entries.filter(({ letter }) => letter !== 'U')
}

function trackedOf({ letter, blob, path, from }: Entry, patch: string): Tracked {
  const isAdded = letter === 'A' || /^new file mode /m.test(headOf(patch))
  const isDeleted = letter === 'D' || /^deleted file mode /m.test(headOf(patch))
  const status = letter === 'R' ? 'renamed' : isAdded ? 'added' : isDeleted ? 'deleted' : 'changed'
  const isBinary = /^(?:Binary files .* differ|GIT binary patch)$/m.test(headOf(patch))
  return { path, ...(from !== undefined && { from }), status, ...countsOf(patch), patch, isBinary, blob }
}

/** What stands before the first line of a file. */
const headOf = (patch: string): string => {
  const at = patch.indexOf('\n@@ ')
  return at === -1 ? patch : patch.slice(0, at)
}

function countsOf(patch: string): Pick<ChangedFile, 'added' | 'deleted'> {
  const at = patch.indexOf('\n@@ ')
  const lines = at === -1 ? '' : patch.slice(at)
  return { added: lines.match(/^\+/gm)?.length ?? 0, deleted: lines.match(/^-/gm)?.length ?? 0 }
}
