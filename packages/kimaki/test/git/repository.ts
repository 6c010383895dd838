/** A repository on the disk, and the worktrees that Kimaki makes of it. */
import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { Git, type Ran, type RunOptions } from '../../src/git/process.ts'
import { createWorktrees } from '../../src/git/worktrees/worktrees.ts'
import type { WorktreesPort } from '../../src/ports/git/worktrees.ts'

const ENVIRONMENT = {
  PATH: process.env['PATH'],
  HOME: '/nonexistent',
  GIT_CONFIG_NOSYSTEM: '1',
  // Submodules may come from folders.
  GIT_CONFIG_COUNT: '1',
  GIT_CONFIG_KEY_0: 'protocol.file.allow',
  GIT_CONFIG_VALUE_0: 'always',
  GIT_AUTHOR_NAME: 'ada',
  GIT_AUTHOR_EMAIL: 'ada@example.org',
  GIT_COMMITTER_NAME: 'ada',
  GIT_COMMITTER_EMAIL: 'ada@example.org',
}

export class Repository {
  readonly root = realpathSync(mkdtempSync(join(tmpdir(), 'kimaki-git-')))
  readonly source = join(this.root, 'project')
  readonly dataDir = join(this.root, 'data')
  /** Unix ms. */
  now = Date.parse('2026-06-01T12:00:00Z')

  /** Copied from one that is made once: a process of git costs 12 ms of CPU here. */
  constructor() {
    cpSync(pattern(), this.source, { recursive: true })
  }

  git(...args: readonly string[]): string {
    return this.at(this.source, ...args)
  }

  at(directory: string, ...args: readonly string[]): string {
    return execFileSync('git', args, { cwd: directory, env: ENVIRONMENT, encoding: 'utf8', stdio: 'pipe' }).trim()
  }

  write(path: string, text: string, directory = this.source): void {
    mkdirSync(dirname(join(directory, path)), { recursive: true })
    writeFileSync(join(directory, path), text)
  }

  /** The id of the commit. */
  commit(path: string, text: string, directory = this.source): string {
    this.write(path, text, directory)
    return execFileSync('sh', ['-c', COMMIT, 'sh', path], {
      cwd: directory,
      env: ENVIRONMENT,
      encoding: 'utf8',
      stdio: 'pipe',
    }).trim()
  }

  /** `killedAfter`: the process ends after so many calls of git: the call is made, and nothing of ours comes after it. */
  worktrees(killedAfter = Number.POSITIVE_INFINITY): WorktreesPort {
    return createWorktrees({
      git: killedAfter === Number.POSITIVE_INFINITY ? new Git(ENVIRONMENT) : new DyingGit(ENVIRONMENT, killedAfter),
      dataDir: this.dataDir,
      now: () => this.now,
      mayWorkIn: async () => undefined,
      mayInstall: () => false,
      settleMs: 0,
    })
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true })
  }
}

const COMMIT = 'git add -- "$1" && git commit --quiet -m "change $1" && git rev-parse HEAD'

let made: string | undefined

/** A repository with one commit. */
function pattern(): string {
  if (made !== undefined) return made
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'kimaki-pattern-')))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  writeFileSync(join(folder, 'README.md'), 'one\n')
  const script = `git init --quiet --initial-branch main && ${COMMIT}`
  execFileSync('sh', ['-c', script, 'sh', 'README.md'], { cwd: folder, env: ENVIRONMENT, stdio: 'pipe' })
  made = folder
  return folder
}

export class Killed extends Error {}

class DyingGit extends Git {
  #left: number

  constructor(environment: Readonly<Record<string, string | undefined>>, calls: number) {
    super(environment)
    this.#left = calls
  }

  override async run(cwd: string, args: readonly string[], options?: RunOptions): Promise<Ran> {
    if (this.#left <= 0) throw new Killed()
    const ran = await super.run(cwd, args, options)
    this.#left -= 1
    if (this.#left <= 0) throw new Killed()
    return ran
  }
}

/** Why it was refused; what came of it, where it was not. */
export const reasonIn = (result: unknown): string =>
  result instanceof Error ? result.message : `not refused: ${JSON.stringify(result)}`
