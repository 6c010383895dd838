/** Writes the sample project as a git repository with one commit. */
import { execFile } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { CHART, steepingChart } from './sample-picture.ts'
import { SAMPLE_FILES, SAMPLE_NAME } from './sample-files.ts'

const run = promisify(execFile)

/** Resolves with its folder, made below `dir`. */
export async function createSampleProject(dir: string): Promise<string> {
  const project = join(dir, SAMPLE_NAME)
  for (const [name, text] of Object.entries(SAMPLE_FILES)) {
    const file = join(project, name)
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, text)
  }
  await mkdir(dirname(join(project, CHART)), { recursive: true })
  await writeFile(join(project, CHART), steepingChart())
  await git(project, ['init', '--quiet', '--initial-branch=main'])
  await git(project, ['add', '--all'])
  await git(project, ['commit', '--quiet', '--message=A timer for tea'])
  return project
}

const NO_GIT =
  'git is not installed, or not on the PATH: the sample project is a git repository. Install it (https://git-scm.com/downloads) and start again.'

/** Blind to the user's own git configuration: no templates, no hooks, no signing. */
async function git(cwd: string, args: readonly string[]): Promise<void> {
  const who = { GIT_AUTHOR_NAME: 'Ada', GIT_AUTHOR_EMAIL: 'ada@example.invalid' }
  const same = { GIT_COMMITTER_NAME: who.GIT_AUTHOR_NAME, GIT_COMMITTER_EMAIL: who.GIT_AUTHOR_EMAIL }
  const alone = { GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1', GIT_TEMPLATE_DIR: '' }
  await run('git', args, { cwd, env: { PATH: process.env['PATH'] ?? '', ...alone, ...who, ...same }, timeout: 20_000 }).catch(
    (cause: NodeJS.ErrnoException) => {
      if (cause.code === 'ENOENT') throw new Error(NO_GIT, { cause })
      throw new Error(`git could not make the sample project: ${cause.message}`, { cause })
    },
  )
}
