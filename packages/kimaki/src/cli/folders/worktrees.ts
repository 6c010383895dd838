/** What worktrees need to know of this installation: where they lie, and which folders may be worked in. */
import { systemClock } from '../../base/clock.ts'
import { WorktreeError } from '../../base/errors.ts'
import type { GitOptions } from '../../git/git.ts'
import type { Folders } from '../../ports/host.ts'
import type { StorePort } from '../../ports/store.ts'
import type { Config } from '../config.ts'
import { checkCwd } from './cwd.ts'

interface Around {
  readonly folders: Folders
  readonly trusts: StorePort['folders']
  /** Its agents reach the bot, and act for the project. */
  readonly onLinked: ((directory: string, project: string) => void) | undefined
}

export function worktreesOf(
  { dataDir, environment }: Pick<Config, 'dataDir' | 'environment'>,
  { folders, trusts, onLinked }: Around,
): Omit<GitOptions, 'folders'> {
  return {
    dataDir,
    environment,
    now: () => systemClock.now(),
    /** Another branch may bring programs that nobody has looked at. */
    async mayWorkIn(source, directory) {
      const checked = await checkCwd({ folders, trusts }, { directory: source }, directory)
      if (checked instanceof Error) return new WorktreeError({ reason: String(checked.reason).replace('--cwd ', '') })
      onLinked?.(directory, source)
      return undefined
    },
    mayInstall: (source) =>
      environment['KIMAKI_WORKTREE_INSTALL'] !== '0' &&
      trusts.all().every(({ directory, isTrusted }) => directory !== source || isTrusted),
  }
}
