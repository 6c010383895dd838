/**
 * Removes a worktree that Kimaki has made. Nothing that somebody could miss goes with it: work that is not committed, or that no other branch
 * has, refuses; files that git ignores are moved to the trash, except for folders of dependencies; the tip of the branch is kept.
 *
 * R1. The tip is kept, then the files are moved, then the folder goes, then the branch, then the claim: an attempt after a crash goes on.
 * R2. Git itself looks once more whether the folder is clean: `git worktree remove` runs without `--force`.
 */
import { existsSync } from 'node:fs'
import { cp, mkdir, readdir, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { WorktreeError } from '../../base/errors.ts'
import type { RemovedWorktree } from '../../ports/git/worktrees.ts'
import { reasonOf, type Git } from '../process.ts'
import { dayOf, forgetOldUndo, isOldDay, keepForUndo, moveRef, tipOf } from '../refs.ts'
import type { Claim, Claims } from './claims.ts'
import { entriesOf } from './entries.ts'
import { changesIn, isRebasing } from './list.ts'

interface RemoveDeps {
  readonly git: Git
  readonly claims: Claims
  readonly now: () => number
  /** The folder `trash` of the data folder. */
  readonly trash: string
}

export async function removeWorktree(
  deps: RemoveDeps,
  source: string,
  directory: string,
): Promise<RemovedWorktree | WorktreeError> {
  const { git, claims, now } = deps
  const claim = (await claims.of(source)).find((one) => one.directory === directory)
  if (!claim?.isReady)
    return new WorktreeError({ reason: 'Kimaki has not made that worktree: remove it with `git worktree remove`' })
  const entries = await entriesOf(git, source)
  if (entries instanceof Error) return entries
  const entry = entries.find((one) => one.directory === directory)
  const branch = entry ? entry.branch : claim.branch
  const isThere = existsSync(join(directory, '.git'))
  const refused = await refusal(deps, claim, { branch, isThere })
  if (refused) return refused
  const ref = `refs/heads/${claim.branch}`
  const tip = await tipOf(git, source, ref)
  const undoRef = tip === undefined ? undefined : await keepForUndo(git, source, { id: claim.id, commit: tip, now: now() })
  if (undoRef instanceof Error) return undoRef
  const trash = join(deps.trash, `${dayOf(now())}-${claim.slug}-${claim.id.replaceAll(/[^\w-]/g, '-').slice(-12)}`)
  const trashed = isThere ? await moveIgnored(git, directory, trash) : []
  if (trashed instanceof Error) return trashed
  if (entry) {
    const removed = await git.run(source, ['worktree', 'remove', ...(isThere ? [] : ['--force']), '--', directory])
    if (removed.code !== 0) return new WorktreeError({ reason: reasonOf(removed, ['worktree']) })
  }
  if (tip !== undefined) {
    const moved = await moveRef(git, source, ref, { from: tip, to: undefined })
    if (moved) return moved
  }
  await claims.giveBack(claim)
  await forgetOldUndo(git, source, now())
  await emptyTrash(deps.trash, now())
  return { branch, undoRef, trashed, trash: trashed.length > 0 ? trash : undefined }
}

async function refusal(
  { git }: RemoveDeps,
  { source, directory, branch: made }: Claim,
  { branch, isThere }: { readonly branch: string | undefined; readonly isThere: boolean },
): Promise<WorktreeError | undefined> {
  if (isThere && (await isRebasing(git, directory)))
    return new WorktreeError({ reason: 'a rebase is in progress there: end it first' })
  const changes = isThere ? await changesIn(git, directory) : []
  if (changes instanceof Error) return changes
  if (changes.length > 0) {
    const some = changes.slice(0, 5).map((line) => line.slice(3))
    return new WorktreeError({
      reason: `it has changes that are not committed (${some.join(', ')}): commit them, or take them back`,
    })
  }
  const head = isThere ? await tipOf(git, directory, 'HEAD') : undefined
  for (const tip of new Set([head, await tipOf(git, source, `refs/heads/${made}`)])) {
    const alone = tip === undefined ? 0 : await aloneIn(git, source, tip, [made, branch])
    if (alone > 0) {
      const what = alone === 1 ? 'a commit' : `${alone} commits`
      return new WorktreeError({
        reason: `it has ${what} that no other branch has: merge first, with /merge-worktree in its thread`,
      })
    }
  }
  return undefined
}

/** Commits that no branch has but these, here or at a remote, and no tag. */
async function aloneIn(git: Git, source: string, tip: string, own: readonly (string | undefined)[]): Promise<number> {
  const excluded = own.flatMap((branch) => (branch === undefined ? [] : [`--exclude=${branch}`]))
  const counted = await git.ask(source, ['rev-list', '--count', tip, '--not', ...excluded, '--branches', '--remotes', '--tags'])
  return counted instanceof Error ? 1 : Number(counted)
}

/** Made anew from a lockfile or by a build tool; nobody's work. */
const DEPENDENCIES = /(?:^|\/)(?:node_modules|\.venv|venv|__pycache__|target|\.next|\.turbo|\.gradle|\.cache)\/?$/

/** The paths that were moved, as git names them. */
async function moveIgnored(git: Git, directory: string, trash: string): Promise<readonly string[] | WorktreeError> {
  const listed = await git.run(directory, ['ls-files', '-z', '--others', '--ignored', '--exclude-standard', '--directory'])
  if (listed.code !== 0) return new WorktreeError({ reason: 'git cannot tell which files it ignores there' })
  const ignored = listed.stdout.split('\0').filter((path) => path !== '' && !DEPENDENCIES.test(path))
  for (const path of ignored) {
    const target = join(trash, path)
    await mkdir(dirname(target), { recursive: true, mode: 0o700 })
    await moved(join(directory, path), target)
  }
  return ignored.map((path) => path.replace(/\/$/, ''))
}

/** Onto another disk: copied, whole before the original goes. */
async function moved(from: string, to: string): Promise<void> {
  try {
    await rename(from, to)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EXDEV') throw error
    await cp(from, to, { recursive: true, preserveTimestamps: true, verbatimSymlinks: true })
    await rm(from, { recursive: true, force: true })
  }
}

async function emptyTrash(trash: string, now: number): Promise<void> {
  for (const name of await readdir(trash).catch(() => [])) {
    const day = /^(\d{8})-/.exec(basename(name))?.[1]
    if (day !== undefined && isOldDay(day, now)) await rm(join(trash, name), { recursive: true, force: true })
  }
}
