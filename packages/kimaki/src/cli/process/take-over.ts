/**
 * Takes the lock port, so that one bot runs on a data folder. A start that finds it taken asks the bot there to go, waits until it has
 * drained, and goes on:
 *
 *     bind ──taken──▶ GET /status ──its pid──▶ POST /stop, it drains ──▶ bind      a command holds it (404) ──▶ bind a moment later
 *                        ├─ no answer until the deadline ──▶ the process on record is killed ──▶ bind
 *                        └─ a foreign process answers, or nobody could be killed ──▶ a sentence, and the end
 *
 * T1. Only a process that knows our token and tells its pid is asked to go; a foreign process gets one GET.
 * T2. Only the process on record, by pid and start time, is ever killed, and only after the deadline.
 * T3. A bot that its wrapper has started again asks nobody and stands down: whoever holds the port was started by a person, and later.
 * T4. The deadline begins anew with each other bot that was asked: of several starts at once one remains.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { listenForControl, type Control, type ControlRoutes } from '../../app/control/server.ts'
import { UsageError } from '../../base/errors.ts'
import { callControl } from '../control/call.ts'
import { endHungBot } from './bot-record.ts'

export interface LockRequest {
  readonly dataDir: string
  readonly port: number
  readonly token: string
  readonly routes: ControlRoutes
  /** How long the process that holds the port may take to answer, and to drain. */
  readonly deadlineMs: number
  /** False for a bot that was started again by its wrapper. */
  readonly mayAsk: boolean
  /** Told to stop: whoever waits throws its reason. */
  readonly signal: AbortSignal
  readonly log: (message: string) => void
}

/** Another kimaki holds the data folder, and keeps it. */
export interface StandDown {
  readonly kind: 'stand-down'
  readonly pid: number
}

const ANSWER_MS = 2000
const POLL_MS = 50
const CLOSING_MS = 3000

export async function takeLock(request: LockRequest): Promise<Control | StandDown | UsageError> {
  const { port, deadlineMs, signal } = request
  let deadline = performance.now() + deadlineMs
  let asked: number | undefined
  while (performance.now() < deadline) {
    signal.throwIfAborted()
    const control = await listenForControl(port, request.token, request.routes)
    if (control) return control
    const holder = await askHolder(request)
    if (holder.kind === 'foreign') return foreignProcess(request)
    if (holder.kind === 'bot' && !request.mayAsk) return { kind: 'stand-down', pid: holder.pid }
    if (holder.kind === 'bot' && holder.pid !== asked) {
      asked = holder.pid
      deadline = performance.now() + deadlineMs
      request.log(`another kimaki (pid ${holder.pid}) runs on ${request.dataDir}: it was asked to go.`)
    }
    await pause(POLL_MS, undefined, { signal })
  }
  return afterDeadline(request)
}

type Holder = { readonly kind: 'bot'; readonly pid: number } | { readonly kind: 'foreign' | 'unclear' }

/** Who has the port. A command of ours that uses the database holds it for a moment and has no such route. */
async function askHolder({ port, token, mayAsk, deadlineMs }: LockRequest): Promise<Holder> {
  const call = { port, token, timeoutMs: Math.min(ANSWER_MS, deadlineMs) }
  const answer = await callControl({ ...call, method: 'GET', path: '/status' })
  if (answer.kind === 'silent' || (answer.kind === 'answer' && answer.status === 404)) return { kind: 'unclear' }
  const pid =
    answer.kind === 'answer' && answer.status === 200 ? (answer.body as { readonly pid?: unknown } | null)?.pid : undefined
  if (typeof pid !== 'number') return { kind: 'foreign' }
  if (mayAsk) await callControl({ ...call, method: 'POST', path: '/stop' })
  return { kind: 'bot', pid }
}

async function afterDeadline(request: LockRequest): Promise<Control | UsageError> {
  const { dataDir, port, signal } = request
  const killed = request.mayAsk ? await endHungBot(dataDir, port) : undefined
  if (!killed) return silentProcess(request)
  request.log(`the kimaki that ran on ${dataDir} (pid ${killed.pid}) did not answer and was killed. Nothing is lost by that.`)
  // The system closes the sockets of a process a moment after the process counts as dead.
  for (const until = performance.now() + CLOSING_MS; performance.now() < until; await pause(POLL_MS, undefined, { signal })) {
    const control = await listenForControl(port, request.token, request.routes)
    if (control) return control
  }
  return silentProcess(request)
}

const foreignProcess = ({ port, dataDir }: LockRequest): UsageError =>
  new UsageError({
    reason: `port ${port}, the lock of ${dataDir}, is taken by another program. Set KIMAKI_LOCK_PORT to a free port, here and for the commands.`,
  })

const silentProcess = ({ port, dataDir }: LockRequest): UsageError =>
  new UsageError({
    reason: `port ${port}, the lock of ${dataDir}, is taken by a program that does not answer. End it, or set KIMAKI_LOCK_PORT to a free port.`,
  })
