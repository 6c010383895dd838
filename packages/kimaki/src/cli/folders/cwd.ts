/**
 * The folder that a program chooses for a session of its own: inside the project, or a worktree of its repository. Programs that it brings beside
 * those of the project are nobody's choice yet, so such a folder is refused.
 */
import { realpath, stat } from 'node:fs/promises'
import { join, resolve, sep } from 'node:path'
import { FolderRefused, UsageError } from '../../base/errors.ts'
import { broughtBy } from '../../opencode/project/brings.ts'
import { projectRoots } from '../../opencode/project/project-root.ts'
import type { FolderTrusts } from '../../ports/agent.ts'
import type { Folders } from '../../ports/host.ts'

export interface CwdDeps {
  readonly folders: Folders
  readonly trusts: Pick<FolderTrusts, 'all'>
}

/** Its real path; that of the project for the project itself. */
export async function checkCwd(
  { folders, trusts }: CwdDeps,
  { directory }: { readonly directory: string },
  cwd: string,
): Promise<string | UsageError> {
  const refuse = (why: string): UsageError => new UsageError({ reason: `--cwd ${cwd} ${why}` })
  const project = await realpath(directory).catch(() => directory)
  const real = await realpath(cwd).catch(() => undefined)
  if (real === undefined || !(await stat(real)).isDirectory()) return refuse('is no folder.')
  if (real === project) return directory
  const isInside = real.startsWith(project + sep) || (await isWorktreeOf(folders, real, project))
  if (!isInside) return refuse(`is neither in the project ${directory} nor one of its worktrees.`)
  const brought = await folders.within(real, () => broughtBy(real, folders))
  if (brought instanceof FolderRefused) return refuse(`cannot be looked at: ${brought.message}`)
  const known = trusts.all().find((trust) => trust.directory === directory || trust.directory === project)?.programs ?? []
  const added = brought.programs.filter((program) => !known.includes(program))
  return added.length === 0
    ? real
    : refuse(`brings programs that the project does not: ${added.join(', ')}. Make it a project of its own: kimaki project add`)
}

/** Each names the other: a folder that only says it is a worktree is none. */
async function isWorktreeOf(folders: Folders, folder: string, project: string): Promise<boolean> {
  if ((await projectRoots(folders)(folder)) !== project) return false
  const names = await folders.within(folder, async () => {
    const gitDir = /^gitdir: (.+)$/m.exec((await folders.read(join(folder, '.git'))) ?? '')?.[1]
    return gitDir && folders.read(join(resolve(folder, gitDir.trim()), 'gitdir'))
  })
  return typeof names === 'string' && (await realpath(names.trim()).catch(() => '')) === join(folder, '.git')
}
