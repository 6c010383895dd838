/**
 * Starts a server: from the free port to the first good answer. The server gets a process group of its own, and its output goes to a file
 * and not to pipes, because it must outlive a bot that is killed.
 *
 * S1 No server runs that is not on record: a small shell waits in its place until the record is durable, and ends when the bot dies before.
 * S2 A start that fails, or that the stop of the agent overtakes, leaves no process.
 */
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { closeSync, fstatSync, mkdirSync, openSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { inheritedEnvironment } from '../../base/environment.ts'
import { AgentUnavailable, ConfigBroken, isAbortError } from '../../base/errors.ts'
import { withDeadline } from '../../base/sleep.ts'
import type { ServerRecord } from '../../ports/agent.ts'
import type { Log } from '../../ports/host.ts'
import { agentShell, PASSWORD } from './agent-shell.ts'
import { freePort } from './free-port.ts'
import { isHealthy } from './health.ts'
import { identify } from './process.ts'
import { watchServer } from './server.ts'
import type { LiveServer } from './server.ts'
import { parseStartupFailure } from './startup-failure.ts'

const READY_MS = 30_000
const RECORD_MS = 10_000
/** `exec` keeps pid and start time. */
const WAIT_FOR_RECORD = 'read -r go && exec "$0" "$@" </dev/null'

export interface ServerOptions {
  readonly log: Log
  /** The bot's; the server inherits it without what is ours. */
  readonly environment: Readonly<Record<string, string | undefined>>
  /** The file that gets the output. Its folder is the server's own: never a project. */
  readonly output: string
  /** Resolves once the record is durable: the server runs no sooner. */
  readonly remember: (record: ServerRecord) => Promise<void>
  readonly stopped: AbortSignal
}

export type StartError = AgentUnavailable | ConfigBroken

/** A process that ended by itself is started once more: another program may have taken the port meanwhile. */
export async function startServer(binary: string, options: ServerOptions): Promise<LiveServer | StartError> {
  const first = await startOnce(binary, options)
  if (!(first instanceof EndedAtStart)) return first
  if (first.failure instanceof ConfigBroken) return first.failure
  options.log.warn('OpenCode ended at its start; trying once more', { failure: first.failure.message })
  const second = await startOnce(binary, options)
  return second instanceof EndedAtStart ? second.failure : second
}

/** The process ended by itself, for this reason. */
class EndedAtStart {
  readonly failure: StartError

  constructor(failure: StartError) {
    this.failure = failure
  }
}

async function startOnce(binary: string, options: ServerOptions): Promise<LiveServer | AgentUnavailable | EndedAtStart> {
  const { log, output, stopped } = options
  const password = randomBytes(24).toString('base64url')
  const port = await freePort()
  stopped.throwIfAborted()

  const { child, outputStart } = spawnWaiting(binary, port, { ...options, password })
  const exited = exitOf(child)
  const startTicks = child.pid === undefined ? undefined : identify(child.pid)?.startTicks
  if (child.pid === undefined || startTicks === undefined) {
    child.kill('SIGKILL')
    return new AgentUnavailable({ reason: 'OpenCode could not be started: the process did not appear' })
  }
  const record: ServerRecord = { pid: child.pid, startTicks, port, password }
  try {
    if (!(await isRecorded(record, options))) {
      child.kill('SIGKILL')
      return new AgentUnavailable({ reason: 'OpenCode was not started: its record could not be stored' })
    }
  } catch (cause) {
    child.kill('SIGKILL')
    throw cause
  }
  child.stdin?.end('go\n')

  const server = watchServer(record, { log, stopped, exited })
  try {
    if (await isHealthy(server.http, READY_MS, { stopped, gone: exited })) return server
  } catch (cause) {
    await server.end()
    throw cause
  }
  const hasEnded = exited.aborted
  await server.end()
  stopped.throwIfAborted()
  if (!hasEnded) return new AgentUnavailable({ reason: `OpenCode did not answer within ${READY_MS / 1000} s` })
  return new EndedAtStart(parseStartupFailure(readFileSync(output).subarray(outputStart).toString('utf8')))
}

interface Waiting {
  readonly child: ChildProcess
  /** Where in the output file this process begins. */
  readonly outputStart: number
}

/** The shell that waits for its record. */
function spawnWaiting(binary: string, port: number, options: ServerOptions & { readonly password: string }): Waiting {
  const { environment, output, password } = options
  mkdirSync(dirname(output), { recursive: true, mode: 0o700 })
  // Appended to, since an earlier server may still write to it.
  const file = openSync(output, 'a', 0o600)
  const outputStart = fstatSync(file).size
  const inherited = inheritedEnvironment(environment)
  const child = spawn('/bin/sh', ['-c', WAIT_FOR_RECORD, binary, 'serve', '--hostname', '127.0.0.1', '--port', String(port)], {
    cwd: dirname(output),
    env: { ...inherited, ...agentShell(dirname(output), inherited), [PASSWORD]: password },
    detached: true,
    stdio: ['pipe', file, file],
  })
  closeSync(file)
  child.unref()
  // A shell that has ended breaks the pipe; its exit says the rest.
  child.stdin?.on('error', () => undefined)
  return { child, outputStart }
}

function exitOf(child: ChildProcess): AbortSignal {
  const exited = new AbortController()
  child.once('error', () => exited.abort())
  child.once('exit', () => exited.abort())
  return exited.signal
}

/** False when the record cannot be stored in time; rejects when the agent stops. */
async function isRecorded(record: ServerRecord, { remember, stopped, log }: ServerOptions): Promise<boolean> {
  const stored = remember(record).then(
    () => true,
    (cause: unknown) => {
      if (!isAbortError(cause)) log.debug('the record of an OpenCode server was refused', { cause: String(cause) })
      return false
    },
  )
  return (await withDeadline(stored, RECORD_MS, stopped)) === true
}
