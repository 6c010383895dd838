/**
 * Runs git. It asks nobody anything: no prompt, no editor, no pager. Our own housekeeping runs without the hooks of the repository
 * (`quiet`); what stands for an act of the user (rebase, merge) runs with them.
 */
import { execFile } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { inheritedEnvironment } from '../base/environment.ts'
import { WorktreeError } from '../base/errors.ts'

export interface Ran {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
  readonly timedOut: boolean
}

export interface RunOptions {
  readonly timeoutMs?: number
  /** With the hooks of the repository. */
  readonly hooks?: true
  readonly input?: string
  readonly env?: Readonly<Record<string, string>>
}

/** Ends all it runs when it is stopped: then each call rejects with an `AbortError`. */
export class Git {
  readonly #environment: Readonly<Record<string, string>>
  readonly #stopping = new AbortController()
  readonly #running = new Set<Promise<unknown>>()

  constructor(environment: Readonly<Record<string, string | undefined>>) {
    const inherited = Object.entries(inheritedEnvironment(environment)).filter(([name]) => !STEERING.test(name))
    this.#environment = { ...Object.fromEntries(inherited), ...ASKING_NOBODY }
  }

  /** The output without the space around it; an error of its last line where git refuses. */
  async ask(cwd: string, args: readonly string[], options: RunOptions = {}): Promise<string | WorktreeError> {
    const ran = await this.run(cwd, args, options)
    return ran.code === 0 ? ran.stdout.trim() : new WorktreeError({ reason: reasonOf(ran, args) })
  }

  run(cwd: string, args: readonly string[], options: RunOptions = {}): Promise<Ran> {
    const quiet = options.hooks ? [] : ['-c', 'core.hooksPath=/dev/null', '-c', 'core.fsmonitor=false']
    return this.program('git', [...quiet, ...args], { cwd, ...options })
  }

  /** Any program, under the same deadline and stop. */
  async program(
    program: string,
    args: readonly string[],
    { cwd, timeoutMs = ANSWER_MS, input, env = {} }: RunOptions & { readonly cwd: string },
  ): Promise<Ran> {
    this.#stopping.signal.throwIfAborted()
    const deadline = AbortSignal.timeout(timeoutMs)
    const signal = AbortSignal.any([deadline, this.#stopping.signal])
    const options = { cwd, env: { ...this.#environment, ...env }, maxBuffer: OUTPUT_MAX, signal, encoding: 'utf8' } as const
    const running = new Promise<Ran>((resolve) => {
      const child = execFile(program, [...args], options, (error, stdout, stderr) => {
        const code = error ? (typeof error.code === 'number' ? error.code : NOT_RUN) : 0
        resolve({ code, stdout, stderr: error && stderr === '' ? error.message : stderr, timedOut: deadline.aborted })
      })
      child.stdin?.on('error', () => undefined)
      child.stdin?.end(input ?? '')
    })
    this.#running.add(running)
    const ran = await running.finally(() => this.#running.delete(running))
    this.#stopping.signal.throwIfAborted()
    return ran
  }

  /** A pause that a stop ends. */
  async pause(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.#stopping.signal })
  }

  async stop(): Promise<void> {
    this.#stopping.abort()
    await Promise.allSettled(this.#running)
  }
}

const ANSWER_MS = 30_000
const OUTPUT_MAX = 64 * 1024 * 1024
const NOT_RUN = 127

/** Variables that would lead git to another repository. */
const STEERING =
  /^GIT_(?:DIR|WORK_TREE|INDEX_FILE|COMMON_DIR|OBJECT_DIRECTORY|ALTERNATE_OBJECT_DIRECTORIES|NAMESPACE|PREFIX|CEILING_DIRECTORIES)$/

const ASKING_NOBODY = {
  LC_ALL: 'C',
  GIT_TERMINAL_PROMPT: '0',
  GIT_ASKPASS: 'true',
  SSH_ASKPASS: 'true',
  GIT_SSH_COMMAND: 'ssh -oBatchMode=yes',
  GIT_EDITOR: 'true',
  GIT_SEQUENCE_EDITOR: 'true',
  GIT_PAGER: 'cat',
  GIT_OPTIONAL_LOCKS: '0',
} as const

/** What git says last is why. */
export function reasonOf({ stderr, stdout, timedOut }: Ran, args: readonly string[]): string {
  if (timedOut) return `git ${args.find((arg) => !arg.startsWith('-')) ?? ''} did not end in time`
  const lines = `${stdout}\n${stderr}`.split('\n').map((line) => line.trim())
  const told = lines.findLast((line) => /^(?:fatal|error):/.test(line)) ?? lines.findLast((line) => line !== '')
  return `git says: ${(told ?? 'nothing').replace(/^(?:fatal|error): /, '')}`
}
