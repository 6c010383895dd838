/**
 * One server process: from the free port to the last signal. It gets a process group of its own and its output goes to a
 * file, not to pipes: it must outlive a bot that is killed. A small shell waits in its place until its record is durable,
 * and leaves when the bot dies before: no server runs that nobody knows of. OpenCode handles no signal, so it is told to
 * dispose (which ends runs and their shells) before it is signalled.
 */
import { spawn } from 'node:child_process'
import { randomBytes, randomInt } from 'node:crypto'
import { once } from 'node:events'
import { closeSync, fstatSync, mkdirSync, openSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { dirname } from 'node:path'
import type { Log } from '../../ports/host.ts'
import type { AgentFailureReason, AgentResult, ServerRecord } from '../../ports/agent.ts'
import { serverEnvironment } from './environment.ts'
import { createHttp } from '../wire/http.ts'
import type { Http } from '../wire/http.ts'
import { healthy } from './health.ts'
import { lastWords } from './startup-failure.ts'
import { gone, identify, signalGroup, sweepGroup } from './process.ts'
import { STOPPED, done, failed, unavailable } from '../wire/result.ts'
import { within } from '../wire/wait.ts'

const READY_MS = 30_000
const REMEMBER_MS = 10_000
/** `exec` keeps pid and start time. */
const GATE = 'read -r go && exec "$0" "$@" </dev/null'

export interface LiveServer {
  readonly record: ServerRecord
  /** It was started by an earlier bot: what it has already read is not known. */
  readonly adopted: boolean
  /** On the clock that nobody can set. */
  readonly startedAt: number
  readonly http: Http
  /** Aborts when the process is no more. */
  readonly gone: AbortSignal
  /** Looks whether the process still lives (an adopted one tells nobody when it dies). */
  check(): void
  /** Dispose, TERM, KILL; resolves when it is gone. */
  end(): Promise<void>
  /** Closes our sockets and watches no longer. */
  leave(): void
}

export interface ServerOptions {
  readonly log: Log
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Its folder is the server's own: never a project. */
  readonly output: string
  /** Resolves once it is durable: the server runs no sooner. */
  readonly remember: (record: ServerRecord) => Promise<void>
  readonly stopped: AbortSignal
}

/** Tries once more when the process ends by itself: the port may have been taken meanwhile. */
export async function startServer(binary: string, options: ServerOptions): Promise<AgentResult<LiveServer>> {
  const first = await startOnce(binary, options)
  if (!('ended' in first)) return first
  if (first.ended.kind === 'config') return failed(first.ended)
  options.log.warn('OpenCode ended at its start; trying once more', { failure: first.ended })
  const second = await startOnce(binary, options)
  return 'ended' in second ? failed(second.ended) : second
}

async function startOnce(
  binary: string,
  options: ServerOptions,
): Promise<AgentResult<LiveServer> | { readonly ended: AgentFailureReason }> {
  const { remember, output, stopped } = options
  const password = randomBytes(24).toString('base64url')
  const port = await freePort()
  if (stopped.aborted) return STOPPED

  mkdirSync(dirname(output), { recursive: true, mode: 0o700 })
  // Appended to, since an earlier server may still hold it.
  const file = openSync(output, 'a', 0o600)
  const begin = fstatSync(file).size
  const child = spawn('/bin/sh', ['-c', GATE, binary, 'serve', '--hostname', '127.0.0.1', '--port', String(port)], {
    cwd: dirname(output),
    env: serverEnvironment(options.environment, password),
    detached: true,
    stdio: ['pipe', file, file],
  })
  closeSync(file)
  child.unref()
  // A gate that is already gone breaks the pipe; its exit tells the rest.
  child.stdin?.on('error', () => undefined)
  const exited = new AbortController()
  child.once('error', () => exited.abort())
  child.once('exit', () => exited.abort())

  const startTicks = child.pid === undefined ? undefined : identify(child.pid)?.startTicks
  if (child.pid === undefined || startTicks === undefined) {
    child.kill('SIGKILL')
    return unavailable('OpenCode could not be started: the process did not appear')
  }
  const record: ServerRecord = { pid: child.pid, startTicks, port, password }
  const remembered = within(
    remember(record).then(
      () => true,
      () => false,
    ),
    REMEMBER_MS,
    stopped,
  )
  if ((await remembered) !== true) {
    child.kill('SIGKILL')
    return stopped.aborted ? STOPPED : unavailable('OpenCode was not started: its record could not be stored')
  }
  child.stdin?.end('go\n')

  const server = watchServer(record, options, exited.signal)
  if (await healthy(server.http, READY_MS, AbortSignal.any([stopped, exited.signal]))) return done(server)
  const hasEnded = exited.signal.aborted
  await server.end()
  if (stopped.aborted) return STOPPED
  const said = readFileSync(output).subarray(begin).toString('utf8')
  return hasEnded ? { ended: lastWords(said) } : unavailable(`OpenCode did not answer within ${READY_MS / 1000} s`)
}

/** `exited` of a child of ours; without it the process is looked at every second. */
export function watchServer(record: ServerRecord, options: ServerOptions, exited?: AbortSignal): LiveServer {
  const { pid, startTicks } = record
  const http = createHttp(record, options.stopped)
  // Still has a life after `stopped`: it carries the farewell.
  const farewell = createHttp(record, new AbortController().signal)
  const over = new AbortController()
  const bury = () => {
    clearInterval(timer)
    over.abort()
    http.close()
  }
  const check = () => {
    if (identify(pid)?.startTicks !== startTicks) bury()
  }
  const timer = exited ? undefined : setInterval(check, 1_000)
  timer?.unref()
  exited?.addEventListener('abort', bury, { once: true })
  if (exited?.aborted) bury()

  async function end(): Promise<void> {
    if (!over.signal.aborted) await farewell.call({ method: 'POST', path: '/global/dispose', deadlineMs: 2_000 })
    farewell.close()
    signalGroup(pid, startTicks, 'SIGTERM')
    if (!(await gone(pid, startTicks, 500))) {
      signalGroup(pid, startTicks, 'SIGKILL')
      if (!(await gone(pid, startTicks, 2_000))) options.log.error('an OpenCode server does not end', { pid })
    }
    sweepGroup(pid)
    // A child of ours is only gone for everybody once Node has collected it.
    if (exited && !exited.aborted) await within(once(exited, 'abort'), 1_000, new AbortController().signal)
    bury()
  }

  function leave(): void {
    exited?.removeEventListener('abort', bury)
    clearInterval(timer)
    http.close()
    farewell.close()
  }

  return { record, adopted: exited === undefined, startedAt: performance.now(), http, gone: over.signal, check, end, leave }
}

/**
 * Below the range from which systems take the ports of outgoing connections (Linux 32768, macOS 49152): in the second until
 * OpenCode listens, one of those could take ours, even our own knock on the still closed port.
 */
async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(20_000, 32_000)
    if (await isFree(port)) return port
  }
}

function isFree(port: number): Promise<boolean> {
  const probe = createServer()
  return new Promise((resolve) => {
    probe.once('error', () => resolve(false))
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)))
  })
}
