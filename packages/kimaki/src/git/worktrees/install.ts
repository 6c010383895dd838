/** Dependencies of a new worktree: installed as the lockfile has them, which is never changed. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Git } from '../process.ts'

const INSTALL_MS = 60_000

/** The first whose lockfile is there. */
const BY_LOCKFILE: readonly (readonly [lockfile: string, program: string, args: readonly string[]])[] = [
  ['bun.lock', 'bun', ['install', '--frozen-lockfile']],
  ['bun.lockb', 'bun', ['install', '--frozen-lockfile']],
  ['pnpm-lock.yaml', 'pnpm', ['install', '--frozen-lockfile', '--prefer-offline']],
  ['yarn.lock', 'yarn', ['install', '--frozen-lockfile']],
  ['package-lock.json', 'npm', ['ci', '--prefer-offline', '--no-audit', '--no-fund']],
]

/** A sentence where it did not work. */
export async function installDependencies(git: Git, directory: string): Promise<string | undefined> {
  const found = BY_LOCKFILE.find(([lockfile]) => existsSync(join(directory, lockfile)))
  if (!found) return undefined
  const [, program, args] = found
  const ran = await git.program(program, args, { cwd: directory, timeoutMs: INSTALL_MS, env: { CI: '1' } })
  if (ran.code === 0) return undefined
  const why = ran.timedOut ? 'it did not end in a minute' : `it ended with ${ran.code}`
  return `\`${program} ${args[0] ?? ''}\` did not install the dependencies: ${why}`
}
