/** The worktrees of a project, as people choose among them. */
import { existsSync } from 'node:fs'
import { realpath } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { WorktreeError } from '../../base/errors.ts'
import type { ListedWorktree } from '../../ports/git/worktrees.ts'
import type { Git } from '../process.ts'
import { tipOf } from '../refs.ts'
import type { Claims } from './claims.ts'
import { entriesOf, type Entry } from './entries.ts'

interface ListDeps {
  readonly git: Git
  readonly claims: Claims
}

export async function listWorktrees(
  { git, claims }: ListDeps,
  source: string,
): Promise<readonly ListedWorktree[] | WorktreeError> {
  const entries = await entriesOf(git, source)
  if (entries instanceof Error) return entries
  const claimed = await claims.of(source)
  const home = await tipOf(git, source, 'HEAD')
  const real = await realpath(source).catch(() => source)
  return Promise.all(
    entries.map(async (entry): Promise<ListedWorktree> => {
      const claim = claimed.find(({ directory }) => directory === entry.directory)
      const isProject = entry.directory === real
      return {
        directory: entry.directory,
        branch: entry.branch,
        madeBy: isProject ? 'project' : claim ? 'kimaki' : 'others',
        state: await stateOf(git, entry),
        ahead: await ahead(git, source, home, entry.head),
        madeAt: claim?.at,
      }
    }),
  )
}

async function stateOf(git: Git, entry: Entry): Promise<ListedWorktree['state']> {
  if (entry.isPrunable || !existsSync(join(entry.directory, '.git'))) return 'gone'
  if (await isRebasing(git, entry.directory)) return 'rebasing'
  const changes = await changesIn(git, entry.directory)
  return changes instanceof Error || changes.length > 0 ? 'uncommitted' : 'clean'
}

/** Lines of `git status`: what is changed, added or new; ignored files are none of them. */
export async function changesIn(git: Git, directory: string): Promise<readonly string[] | WorktreeError> {
  const status = await git.run(directory, ['status', '--porcelain', '--untracked-files=normal', '--ignore-submodules=none'])
  if (status.code !== 0) return new WorktreeError({ reason: `git cannot tell what is changed in ${directory}` })
  return status.stdout.split('\n').filter((line) => line !== '')
}

export async function isRebasing(git: Git, directory: string): Promise<boolean> {
  const gitDir = await git.ask(directory, ['rev-parse', '--git-dir'])
  if (gitDir instanceof Error) return false
  return ['rebase-merge', 'rebase-apply'].some((name) => existsSync(join(resolve(directory, gitDir), name)))
}

async function ahead(git: Git, source: string, home: string | undefined, head: string | undefined): Promise<number> {
  if (home === undefined || head === undefined || home === head) return 0
  const counted = await git.ask(source, ['rev-list', '--count', `${home}..${head}`])
  return counted instanceof Error ? 0 : Number(counted)
}
