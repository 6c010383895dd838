/** The commit that the files of a folder are compared with. */
import { ChangesUnreadable } from '../../base/errors.ts'
import type { Against } from '../../ports/git/diffs.ts'
import { line, type RunGit } from './run.ts'

export interface Base {
  /** A commit, or the empty tree. */
  readonly id: string
  /** What is compared with it, in words. */
  readonly what: string
}

export async function baseOf(git: RunGit, directory: string, against: Against): Promise<Base | ChangesUnreadable> {
  const inside = await git(directory, 'rev-parse', '--is-inside-work-tree')
  if (inside instanceof Error) return inside
  if (inside.code !== 0 || inside.stdout.toString().trim() !== 'true') return notARepository(inside.trouble)
  if (against.kind === 'revision') return baseAt(git, directory, against.revision)
  const head = await commitOf(git, directory, 'HEAD')
  if (head === undefined) return { id: await emptyTree(git, directory), what: 'nothing is committed yet' }
  return (await whereBranchBegan(git, directory)) ?? { id: head, what: `since the last commit (${short(head)})` }
}

async function baseAt(git: RunGit, directory: string, revision: string): Promise<Base | ChangesUnreadable> {
  const id = await commitOf(git, directory, revision)
  if (id === undefined)
    return new ChangesUnreadable({ reason: `there is no commit, branch or tag "${revision.slice(0, NAME_MAX)}"` })
  const isId = id.startsWith(revision)
  return { id, what: isId ? `since ${short(id)}` : `since ${revision.slice(0, NAME_MAX)} (${short(id)})` }
}

const NAME_MAX = 80

const short = (id: string): string => id.slice(0, 8)

/** A text that begins with a dash is no option here. */
const commitOf = (git: RunGit, directory: string, revision: string): Promise<string | undefined> =>
  line(git(directory, 'rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`))

const emptyTree = async (git: RunGit, directory: string): Promise<string> =>
  (await line(git(directory, 'hash-object', '-t', 'tree', '--stdin'))) ?? '4b825dc642cb6eb9a060e54bf8d69288fbee4904'

/**
 * In a worktree: where its branch left the main one, which is that of the project's own checkout or of its origin. Of several such commits
 * the one with the fewest commits after it counts: all that is older was there before the branch.
 */
async function whereBranchBegan(git: RunGit, directory: string): Promise<Base | undefined> {
  const [own, common] =
    (await line(git(directory, 'rev-parse', '--path-format=absolute', '--git-dir', '--git-common-dir')))?.split('\n') ?? []
  if (own === common || common === undefined) return undefined
  const branch = await line(git(directory, `--git-dir=${common}`, 'symbolic-ref', '--quiet', 'HEAD'))
  const names = [branch, 'refs/remotes/origin/HEAD', 'refs/heads/main', 'refs/heads/master']
  const found = await Promise.all(names.map(async (name) => (name ? sharedWith(git, directory, name) : undefined)))
  const [nearest] = found.filter((one) => one !== undefined).sort((a, b) => a.after - b.after)
  return nearest && { id: nearest.id, what: `since this worktree left ${nearest.name} (${short(nearest.id)})` }
}

async function sharedWith(
  git: RunGit,
  directory: string,
  ref: string,
): Promise<{ readonly id: string; readonly name: string; readonly after: number } | undefined> {
  const id = await line(git(directory, 'merge-base', 'HEAD', ref))
  const after = id && (await line(git(directory, 'rev-list', '--count', `${id}..HEAD`)))
  return id && after ? { id, name: ref.replace(/^refs\/(?:heads|remotes)\//, ''), after: Number(after) } : undefined
}

const notARepository = (trouble: string): ChangesUnreadable =>
  new ChangesUnreadable({
    reason: trouble.includes('dubious')
      ? 'Git reads nothing there: the folder belongs to somebody else'
      : 'the folder is in no Git repository',
  })
