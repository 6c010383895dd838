/** Submodules of a new worktree: from the clones that the project has, so that little is fetched. One that fails is only told. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Git } from '../process.ts'

const SUBMODULE_MS = 60_000

/** Sentences about those that are missing. */
export async function fillSubmodules(git: Git, source: string, directory: string): Promise<readonly string[]> {
  if (!existsSync(join(directory, '.gitmodules'))) return []
  const listed = await git.ask(directory, [
    'config',
    '-z',
    '--file',
    '.gitmodules',
    '--get-regexp',
    String.raw`^submodule\..*\.path$`,
  ])
  const common = await git.ask(source, ['rev-parse', '--path-format=absolute', '--git-common-dir'])
  if (listed instanceof Error || common instanceof Error) return ['the submodules cannot be listed']
  const warnings: string[] = []
  for (const line of listed.split('\0').filter((one) => one !== '')) {
    const [key = '', path = ''] = line.split('\n')
    const clone = join(common, 'modules', key.replace(/^submodule\./, '').replace(/\.path$/, ''))
    const reference = existsSync(clone) ? ['--reference', clone] : []
    const args = ['submodule', 'update', '--init', ...reference, '--', path]
    const ran = await git.run(directory, args, { timeoutMs: SUBMODULE_MS })
    if (ran.code !== 0)
      warnings.push(`the submodule ${path} is missing: \`git submodule update --init -- ${path}\` there says why`)
  }
  return warnings
}
