/** One call of Git that only reads: it takes no lock, asks nobody, runs no program that a repository names, and ends in time. */
import { spawn } from 'node:child_process'
import { ChangesUnreadable } from '../../base/errors.ts'

export interface GitRun {
  readonly code: number | null
  readonly stdout: Buffer
  /** Its last line. */
  readonly trouble: string
}

export type RunGit = (directory: string, ...args: readonly string[]) => Promise<GitRun | ChangesUnreadable>

export interface GitLimits {
  readonly ms: number
  readonly bytes: number
}

/** As long as Discord would be kept waiting by a person who still looks; more text than anybody reads. */
const GIT_LIMITS: GitLimits = { ms: 30_000, bytes: 64 * 1024 * 1024 }

/** `git diff` writes down what it has found unchanged, whatever is said of locks. */
const SAFE = [
  '-c',
  'diff.autoRefreshIndex=false',
  '-c',
  'core.fsmonitor=false',
  '-c',
  'core.quotePath=false',
  '-c',
  'core.bigFileThreshold=4m',
  '--literal-pathspecs',
]

/** `environment`: what a program of the user inherits. */
export function createRunGit(environment: Readonly<Record<string, string>>, limits: GitLimits = GIT_LIMITS): RunGit {
  // Names of other repositories would lead away from the folder.
  const kept = Object.entries(environment).filter(([name]) => !/^GIT_/i.test(name))
  const env = {
    ...Object.fromEntries(kept),
    LC_ALL: 'C',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_TERMINAL_PROMPT: '0',
    GIT_NO_LAZY_FETCH: '1',
  }
  return (directory, ...args) =>
    new Promise((resolve) => {
      const child = spawn('git', [...SAFE, ...args], { cwd: directory, env, stdio: ['ignore', 'pipe', 'pipe'] })
      const chunks: Buffer[] = []
      let [size, trouble, refusal]: [number, string, string | undefined] = [0, '', undefined]
      const end = (reason: string): void => {
        refusal ??= reason
        child.kill('SIGKILL')
      }
      const timer = setTimeout(() => end(`Git did not end within ${limits.ms / 1000} s`), limits.ms)
      child.stdout.on('data', (chunk: Buffer) => {
        size += chunk.length
        if (size > limits.bytes) end(`more than ${Math.floor(limits.bytes / 1024 / 1024)} MB have changed`)
        else chunks.push(chunk)
      })
      child.stderr.on('data', (chunk: Buffer) => void (trouble = `${trouble}${chunk.toString()}`.slice(-2000)))
      child.once('error', () => end('Git could not be started. Is it installed, and is the folder there?'))
      child.once('close', (code) => {
        clearTimeout(timer)
        const told = trouble.trim().split('\n').at(-1) ?? ''
        resolve(
          refusal === undefined
            ? { code, stdout: Buffer.concat(chunks), trouble: told }
            : new ChangesUnreadable({ reason: refusal }),
        )
      })
    })
}

/** What it printed, without blanks around it; undefined where it failed. */
export async function line(run: Promise<GitRun | ChangesUnreadable>): Promise<string | undefined> {
  const ran = await run
  return ran instanceof Error || ran.code !== 0 ? undefined : ran.stdout.toString().trim()
}
