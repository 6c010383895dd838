/** Takes a merge back: the target returns to where it was, if nobody has built on it. */
import { realpath } from 'node:fs/promises'
import { WorktreeError } from '../../base/errors.ts'
import type { UndoRequest } from '../../ports/git/worktrees.ts'
import { reasonOf, type Git } from '../process.ts'
import { keepForUndo, moveRef, tipOf } from '../refs.ts'
import { entriesOf } from './entries.ts'
import { changesIn } from './list.ts'

export async function undoMerge(git: Git, now: number, request: UndoRequest): Promise<undefined | WorktreeError> {
  const { id, source, target, from, to } = request
  const ref = `refs/heads/${target}`
  const tip = await tipOf(git, source, ref)
  // An earlier attempt has done it.
  if (tip === from) return undefined
  const revert = `Take it back by new commits instead: \`git revert --no-edit ${from.slice(0, 10)}..${to.slice(0, 10)}\` on ${target}`
  const refuse = (why: string): WorktreeError => new WorktreeError({ reason: `${why}. ${revert}` })
  if (tip !== to) return refuse(`${target} has moved on since the merge`)
  const pushed = await git.ask(source, [
    'for-each-ref',
    '--count=1',
    '--format=%(refname:short)',
    '--contains',
    to,
    'refs/remotes',
  ])
  if (pushed instanceof Error || pushed !== '')
    return refuse(`the merge was pushed${pushed instanceof Error ? '' : ` (${pushed})`}`)
  const entries = await entriesOf(git, source)
  if (entries instanceof Error) return entries
  const holder = entries.find((entry) => entry.branch === target)?.directory
  const home = await realpath(source).catch(() => source)
  if (holder !== undefined && holder !== home) return refuse(`${target} is checked out in another worktree, ${holder}`)
  if (holder !== undefined) {
    const changes = await changesIn(git, source)
    if (changes instanceof Error) return changes
    if (changes.some((line) => !line.startsWith('??')))
      return refuse(`the project folder, where ${target} is checked out, has uncommitted changes`)
  }
  const kept = await keepForUndo(git, source, { id: `${id}-undone`, commit: to, now })
  if (kept instanceof Error) return kept
  if (holder === undefined) return moveRef(git, source, ref, { from: to, to: from })
  return withCheckout(git, source, { ref, from, to })
}

/** Files first, which git refuses where something would be lost (git docs: git-read-tree, two trees); then the branch. */
async function withCheckout(
  git: Git,
  source: string,
  { ref, from, to }: { readonly ref: string; readonly from: string; readonly to: string },
): Promise<undefined | WorktreeError> {
  const ran = await git.run(source, ['read-tree', '-m', '-u', to, from])
  if (ran.code !== 0) return new WorktreeError({ reason: reasonOf(ran, ['read-tree']) })
  const moved = await moveRef(git, source, ref, { from: to, to: from })
  if (moved) await git.run(source, ['read-tree', '-m', '-u', from, to])
  return moved
}
