/** The bot as a process: started as a user would, told apart by pid, ended by signals. */
import { spawn, type ChildProcess } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import { programOf } from './programs.ts'

export type Entry =
  | { readonly kind: 'source' }
  /** A composition of a test: a file beside the tests. */
  | { readonly kind: 'composition'; readonly file: URL }

export interface Exit {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

export interface BotProcess {
  readonly pid: number
  /** Resolves with the ready event's JSON; rejects when the process ends before. */
  readonly ready: Promise<{ readonly app_id: string; readonly guild_ids: readonly string[] }>
  /** Milliseconds from spawn to the ready line; NaN before. */
  readyAfterMs(): number
  readonly exited: Promise<Exit>
  readonly running: boolean
  stdout(): string
  stderr(): string
  /** SIGKILL: returns at once, `exited` tells. */
  kill(): void
  /** SIGTERM, and waits for the end. */
  stop(): Promise<Exit>
}

export function startBot(entry: Entry, env: Readonly<Record<string, string>>, args: readonly string[] = []): BotProcess {
  const file = programOf(entry.kind === 'composition' ? fileURLToPath(entry.file) : undefined)
  const startedAt = performance.now()
  const child = spawn(process.execPath, [file, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  let out = ''
  let err = ''
  let readyAfter = Number.NaN
  const ready = Promise.withResolvers<{ readonly app_id: string; readonly guild_ids: readonly string[] }>()
  ready.promise.catch(() => undefined)
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()))
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString()
    const json = /^data: (\{"type":"ready".*\})$/m.exec(out)?.[1]
    if (!json || !Number.isNaN(readyAfter)) return
    readyAfter = performance.now() - startedAt
    ready.resolve(JSON.parse(json) as { app_id: string; guild_ids: string[] })
  })
  const exited = untilExit(child)
  void exited.then((exit) =>
    ready.reject(new Error(`the bot ended (${exit.code ?? exit.signal}) before it was ready: ${err.slice(-2000)}`)),
  )
  return {
    pid: child.pid ?? -1,
    ready: ready.promise,
    readyAfterMs: () => readyAfter,
    exited,
    get running() {
      return child.exitCode === null && child.signalCode === null
    },
    stdout: () => out,
    stderr: () => err,
    kill: () => void child.kill('SIGKILL'),
    async stop() {
      child.kill('SIGTERM')
      return exited
    },
  }
}

function untilExit(child: ChildProcess): Promise<Exit> {
  return new Promise((resolve) => child.once('close', (code, signal) => resolve({ code, signal })))
}

/** A zombie that waits for its parent counts as dead. */
export function isAlive(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    return !/^[ZX]/.test(stat.slice(stat.lastIndexOf(')') + 2))
  } catch {
    return false
  }
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}
