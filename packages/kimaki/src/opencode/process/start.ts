/**
 * Starts a server: from the free port, over its own word that it listens there, to the first good answer. The server gets a process group of its own, and its output goes to a file
 * and not to pipes, because it must outlive a bot that is killed.
 *
 * S1 No server runs that is not on record: a small shell waits in its place until the record is durable, and ends when the bot dies before.
 * S2 A start that fails, or that the stop of the agent overtakes, leaves no process.
 * S3 Nothing is sent to the port before the server's own output says that it listens there. If somebody else took the port first, OpenCode
 *    ends, and another port is tried.
 * S4 A server that answers without its password, or is older than the pinned minor, is ended and not used.
 */
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { closeSync, fstatSync, mkdirSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import { inheritedEnvironment } from '../../base/environment.ts'
import { AgentUnavailable, ConfigBroken, isAbortError } from '../../base/errors.ts'
import { sleep, withDeadline } from '../../base/sleep.ts'
import type { ServerRecord } from '../../ports/agent.ts'
import type { Log } from '../../ports/host.ts'
import { pluginEnvironment } from '../plugin/environment.ts'
import { agentShell, PASSWORD } from '../secrets/agent-shell.ts'
import { freePort } from './free-port.ts'
import { askHealth } from './health.ts'
import { MARK, serverMark } from './left-running.ts'
import { announces } from './listening.ts'
import { outputSince } from './output.ts'
import { identify } from './process.ts'
import { watchServer } from './server.ts'
import type { LiveServer } from './server.ts'
import { isPortTaken, parseStartupFailure } from './startup-failure.ts'

const READY_MS = 30_000
const RECORD_MS = 10_000
const LOOK_MS = 20
/** Starts of a server that ends by itself. */
const TRIES = 2
/** Another user of the machine can take a port in the second before OpenCode listens, and again. */
const PORT_TRIES = 4
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
  /** Without what projects bring: their plugins, MCP servers, agents and instructions. */
  readonly isBare?: boolean
}

export type StartError = AgentUnavailable | ConfigBroken

/** A process that ended by itself is started once more, and on further ports when somebody else has its port. */
export async function startServer(binary: string, options: ServerOptions): Promise<LiveServer | StartError> {
  for (let tries = 1; ; tries += 1) {
    const started = await startOnce(binary, options)
    if (!(started instanceof EndedAtStart)) return started
    const { failure, isPortTaken } = started
    if (failure instanceof ConfigBroken || tries >= (isPortTaken ? PORT_TRIES : TRIES)) return failure
    options.log.warn('OpenCode ended at its start; trying once more', { failure: failure.message })
  }
}

/** The process ended by itself, for this reason. */
class EndedAtStart {
  readonly failure: StartError
  readonly isPortTaken: boolean

  constructor(output: string) {
    this.failure = parseStartupFailure(output)
    this.isPortTaken = isPortTaken(output)
  }
}

async function startOnce(binary: string, options: ServerOptions): Promise<LiveServer | AgentUnavailable | EndedAtStart> {
  const { log, output, stopped, isBare = false } = options
  const password = randomBytes(24).toString('base64url')
  const port = await freePort()
  if (port instanceof Error) return port
  stopped.throwIfAborted()

  const { child, outputStart } = spawnWaiting(binary, port, { ...options, password })
  const exited = exitOf(child)
  const startTicks = child.pid === undefined ? undefined : identify(child.pid)?.startTicks
  if (child.pid === undefined || startTicks === undefined) {
    child.kill('SIGKILL')
    return new AgentUnavailable({ reason: 'OpenCode could not be started: the process did not appear' })
  }
  const record: ServerRecord = { pid: child.pid, startTicks, port, password, ...(isBare && { isBare }) }
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
  const said = (): string => outputSince(output, outputStart)
  let health: Awaited<ReturnType<typeof askHealth>>
  try {
    health = await answers(server, said, { stopped, exited })
  } catch (cause) {
    await server.end()
    throw cause
  }
  if (health === 'healthy') return server
  const hasEnded = exited.aborted
  await server.end(health instanceof AgentUnavailable ? 'unasked' : undefined)
  stopped.throwIfAborted()
  if (health instanceof AgentUnavailable) return health
  return hasEnded
    ? new EndedAtStart(said())
    : new AgentUnavailable({ reason: `OpenCode did not answer within ${READY_MS / 1000} s` })
}

/** S3: its word first, then the questions. */
async function answers(
  server: LiveServer,
  said: () => string,
  { stopped, exited }: { readonly stopped: AbortSignal; readonly exited: AbortSignal },
): ReturnType<typeof askHealth> {
  const until = performance.now() + READY_MS
  while (!announces(said(), server.record.port)) {
    if (exited.aborted || performance.now() >= until) return 'silent'
    await sleep(LOOK_MS, stopped)
  }
  server.proven()
  return askHealth(server.http, until - performance.now(), { stopped, gone: exited })
}

interface Waiting {
  readonly child: ChildProcess
  /** Where in the output file this process begins. */
  readonly outputStart: number
}

/** The shell that waits for its record. */
function spawnWaiting(binary: string, port: number, options: ServerOptions & { readonly password: string }): Waiting {
  const { environment, output, password, isBare } = options
  mkdirSync(dirname(output), { recursive: true, mode: 0o700 })
  // Appended to, since an earlier server may still write to it.
  const file = openSync(output, 'a', 0o600)
  const outputStart = fstatSync(file).size
  const inherited = inheritedEnvironment(environment)
  const plugin = pluginEnvironment(dirname(output), inherited)
  const ours = { ...plugin, ...agentShell(dirname(output), inherited, Object.keys(plugin)) }
  const child = spawn('/bin/sh', ['-c', WAIT_FOR_RECORD, binary, 'serve', '--hostname', '127.0.0.1', '--port', String(port)], {
    cwd: dirname(output),
    env: {
      ...inherited,
      ...ours,
      ...(isBare && { OPENCODE_DISABLE_PROJECT_CONFIG: '1' }),
      [PASSWORD]: password,
      [MARK]: serverMark({ password }),
    },
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
