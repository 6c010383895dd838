/** The commit that a worktree is made from. */
import { WorktreeError } from '../../base/errors.ts'
import type { Git } from '../process.ts'
import { tipOf } from '../refs.ts'

interface Base {
  readonly name: string
  readonly commit: string
}

const FETCH_MS = 15_000

/**
 * Without a name it is where the project stands. A branch that a remote has further on is taken from there; where both have gone on, from
 * here: commits that were pushed nowhere are work, too.
 */
export async function baseOf(git: Git, source: string, wanted: string | undefined): Promise<Base | WorktreeError> {
  if (wanted === undefined) return headOf(git, source)
  const local = await tipOf(git, source, `refs/heads/${wanted}`)
  if (local === undefined && (await tipOf(git, source, `refs/remotes/${wanted}`)) === undefined) {
    const other = await tipOf(git, source, wanted)
    if (other !== undefined) return { name: wanted, commit: other }
  }
  const explicit = local === undefined ? await tipOf(git, source, `refs/remotes/${wanted}`) : undefined
  if (explicit !== undefined) return { name: wanted, commit: explicit }
  const remote = await fetched(git, source, wanted)
  if (local === undefined)
    return remote ?? new WorktreeError({ reason: `there is no branch, tag or commit "${wanted}" in this repository` })
  const isAhead = remote !== undefined && remote.commit !== local && (await isAncestor(git, source, local, remote.commit))
  return isAhead ? remote : { name: wanted, commit: local }
}

export const isAncestor = async (git: Git, cwd: string, older: string, newer: string): Promise<boolean> =>
  (await git.run(cwd, ['merge-base', '--is-ancestor', older, newer])).code === 0

async function headOf(git: Git, source: string): Promise<Base | WorktreeError> {
  const commit = await tipOf(git, source, 'HEAD')
  if (commit === undefined) return new WorktreeError({ reason: 'the repository has no commit yet' })
  const branch = await git.ask(source, ['symbolic-ref', '--quiet', '--short', 'HEAD'])
  return { name: branch instanceof Error ? commit.slice(0, 10) : branch, commit }
}

/** The branch as the first remote has it that is asked and knows it: of several, upstream is asked before origin. */
async function fetched(git: Git, source: string, branch: string): Promise<Base | undefined> {
  // What is no plain name would be a refspec, which moves branches.
  if ((await git.run(source, ['check-ref-format', `refs/heads/${branch}`])).code !== 0) return undefined
  const remotes = await git.ask(source, ['remote'])
  const known = remotes instanceof Error ? [] : remotes.split('\n')
  for (const remote of ['upstream', 'origin'].filter((name) => known.includes(name))) {
    const args = ['fetch', '--quiet', '--no-tags', '--no-write-fetch-head', '--no-recurse-submodules', '--', remote, branch]
    const ran = await git.run(source, args, { timeoutMs: FETCH_MS })
    const commit = ran.code === 0 ? await tipOf(git, source, `refs/remotes/${remote}/${branch}`) : undefined
    if (commit !== undefined) return { name: `${remote}/${branch}`, commit }
  }
  return undefined
}
