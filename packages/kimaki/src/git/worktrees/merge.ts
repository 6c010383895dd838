/**
 * Merges a worktree: its commits are put on top of the target, then the target moves on to them. Nothing is squashed, nothing is forced.
 *
 *     looked at ─▶ rebased ─▶ target moved ─▶ merged
 *                     └─▶ conflict: the rebase waits in the worktree, and the next attempt goes on from there
 *
 * M1. Whatever could refuse is looked at before anything moves: the target's checkout too.
 * M2. The tips of branch and target are kept (`refs.ts`) before they move; the target's, under the id of the merge, says that it was moved.
 * M3. The target moves from the tip that was read, or not at all. Where the project has it checked out, git merges there, fast-forward only.
 */
import { realpath } from 'node:fs/promises'
import { WorktreeError } from '../../base/errors.ts'
import type { MergedWorktree, MergeRequest } from '../../ports/git/worktrees.ts'
import { reasonOf, type Git } from '../process.ts'
import { keptUnder, keepForUndo, moveRef, tipOf } from '../refs.ts'
import { isAncestor } from './base.ts'
import { entriesOf } from './entries.ts'
import { changesIn, isRebasing } from './list.ts'

const REBASE_MS = 60_000

interface MergeDeps {
  readonly git: Git
  readonly now: () => number
}

interface Place {
  readonly branch: string
  readonly target: string
  /** Where the target is checked out; undefined: nowhere. */
  readonly checkout: string | undefined
}

export async function mergeWorktree(deps: MergeDeps, request: MergeRequest): Promise<MergedWorktree | WorktreeError> {
  const { git } = deps
  const { directory } = request
  if (await isRebasing(git, directory)) return conflictIn(git, directory)
  const place = await lookedAt(git, request)
  if (place instanceof Error) return place
  const { branch, target } = place
  const [tip, targetTip] = [await tipOf(git, directory, 'HEAD'), await tipOf(git, directory, `refs/heads/${target}`)]
  if (tip === undefined || targetTip === undefined) return error(`the branch ${target} is gone`)
  const moved = await keptUnder(git, directory, targetOf(request))
  if (moved !== undefined && moved !== targetTip && (await isAncestor(git, directory, tip, targetTip)))
    return { kind: 'merged', branch, target, from: moved, to: tip, commits: await countOf(git, directory, moved, tip) }
  const commits = await countOf(git, directory, targetTip, tip)
  if (commits === 0) return error(`${branch} has no commit that ${target} does not have: there is nothing to merge`)
  const rebased = (await isAncestor(git, directory, targetTip, tip))
    ? undefined
    : await rebase(deps, request, { branch, target, tip })
  if (rebased) return rebased
  const to = await tipOf(git, directory, 'HEAD')
  if (to === undefined || !(await isAncestor(git, directory, targetTip, to)))
    return error(`${target} has moved meanwhile: merge again`)
  const kept = await keepForUndo(git, directory, { id: targetOf(request), commit: targetTip, now: deps.now() })
  if (kept instanceof Error) return kept
  const failed = await advance(git, request.source, { ...place, from: targetTip, to })
  return failed ?? { kind: 'merged', branch, target, from: targetTip, to, commits: await countOf(git, directory, targetTip, to) }
}

const targetOf = ({ id }: MergeRequest): string => `${id}-target`

const error = (reason: string): WorktreeError => new WorktreeError({ reason })

/** M1 */
async function lookedAt(git: Git, { directory, source, target: wanted }: MergeRequest): Promise<Place | WorktreeError> {
  const branch = await git.ask(directory, ['symbolic-ref', '--quiet', '--short', 'HEAD'])
  if (branch instanceof Error) return error('no branch is checked out in the worktree: check one out there first')
  const parent = await git.ask(directory, ['rev-parse', '--show-superproject-working-tree'])
  if (parent instanceof Error || parent !== '') return error('the folder is a submodule: merge in its own repository')
  const changes = await changesIn(git, directory)
  if (changes instanceof Error) return changes
  if (changes.length > 0)
    return error(`${changes.length} changes in the worktree are not committed: have the agent commit them first`)
  const target = wanted ?? (await usualTarget(git, directory, source))
  if ((await tipOf(git, directory, `refs/heads/${target}`)) === undefined) return error(`there is no branch "${target}" here`)
  if (target === branch) return error(`the worktree has ${target} itself checked out`)
  const entries = await entriesOf(git, source)
  if (entries instanceof Error) return entries
  const holder = entries.find((entry) => entry.branch === target)?.directory
  const home = await realpath(source).catch(() => source)
  if (holder === undefined) return { branch, target, checkout: undefined }
  if (holder !== home) return error(`${target} is checked out in another worktree, ${holder}`)
  const there = await changesIn(git, source)
  if (there instanceof Error) return there
  const tracked = there.filter((line) => !line.startsWith('??'))
  if (tracked.length > 0)
    return error(`${target} is checked out in the project folder, which has uncommitted changes: commit them there first`)
  return { branch, target, checkout: source }
}

/** The branch that the remote calls its own; else main; else what the project has checked out. */
async function usualTarget(git: Git, directory: string, source: string): Promise<string> {
  const remote = await git.ask(directory, ['symbolic-ref', '--quiet', '--short', 'refs/remotes/origin/HEAD'])
  const named = remote instanceof Error ? 'main' : remote.replace(/^origin\//, '')
  if ((await tipOf(git, directory, `refs/heads/${named}`)) !== undefined) return named
  const checkedOut = await git.ask(source, ['symbolic-ref', '--quiet', '--short', 'HEAD'])
  return checkedOut instanceof Error ? named : checkedOut
}

const countOf = async (git: Git, cwd: string, from: string, to: string): Promise<number> => {
  const counted = await git.ask(cwd, ['rev-list', '--count', `${from}..${to}`])
  return counted instanceof Error ? 0 : Number(counted)
}

/** Undefined: it is done. */
async function rebase(
  { git, now }: MergeDeps,
  { id, directory }: MergeRequest,
  { branch, target, tip }: { readonly branch: string; readonly target: string; readonly tip: string },
): Promise<undefined | MergedWorktree | WorktreeError> {
  const kept = await keepForUndo(git, directory, { id: `${id}-branch`, commit: tip, now: now() })
  if (kept instanceof Error) return kept
  const args = ['rebase', '--no-update-refs', '--no-autostash', `refs/heads/${target}`]
  const ran = await git.run(directory, args, { hooks: true, timeoutMs: REBASE_MS })
  if (ran.code === 0) return undefined
  if (!(await isRebasing(git, directory))) return error(`${branch} could not be rebased onto ${target}: ${reasonOf(ran, args)}`)
  const conflict = await conflictIn(git, directory)
  if (conflict.kind === 'conflict' && conflict.files.length > 0) return conflict
  // A hook refused, or it took too long: nobody could resolve anything.
  await git.run(directory, ['rebase', '--abort'], { timeoutMs: REBASE_MS })
  return error(`${branch} could not be rebased onto ${target}, and stands where it was: ${reasonOf(ran, args)}`)
}

async function conflictIn(git: Git, directory: string): Promise<MergedWorktree> {
  const listed = await git.run(directory, ['diff', '--name-only', '--diff-filter=U', '-z'])
  return { kind: 'conflict', files: listed.stdout.split('\0').filter((path) => path !== '') }
}

/** M3 */
async function advance(
  git: Git,
  source: string,
  { target, checkout, from, to }: Place & { readonly from: string; readonly to: string },
): Promise<WorktreeError | undefined> {
  if (checkout === undefined) return moveRef(git, source, `refs/heads/${target}`, { from, to })
  const args = ['merge', '--ff-only', '--no-autostash', '--quiet', to]
  const ran = await git.run(checkout, args, { hooks: true, timeoutMs: REBASE_MS })
  return ran.code === 0 ? undefined : error(`${target} could not move on in the project folder: ${reasonOf(ran, args)}`)
}

/** The rebase that waits is given up: the branch stands where it stood. */
export async function abortRebase(git: Git, directory: string): Promise<undefined | WorktreeError> {
  if (!(await isRebasing(git, directory))) return undefined
  const ran = await git.run(directory, ['rebase', '--abort'], { timeoutMs: REBASE_MS })
  return ran.code === 0 ? undefined : error(reasonOf(ran, ['rebase']))
}
