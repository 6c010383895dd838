/**
 * Takes the lock of a data folder, so that one bot runs on it. A start that finds it taken asks the bot there to go, waits until it has
 * drained, and goes on:
 *
 *     bind ──taken──▶ GET /status ──its pid──▶ POST /stop, it drains ──▶ bind      a command holds it (404) ──▶ bind a moment later
 *                        ├─ no answer until the deadline ──▶ the process on record is killed ──▶ bind
 *                        └─ the port is a foreign process's, or nobody could be killed ──▶ a sentence, and the end
 *
 * T1. Orders go over the socket in the folder, which only a process of ours can serve. Whoever has the port may be a stranger and gets one
 *     `GET /`, with no secret in it: from the answer alone nobody is asked to go, obeyed or killed.
 * T2. Only the process on record, by pid and start time, is ever killed, and only after the deadline.
 * T3. A bot that its wrapper has started again asks nobody and stands down: whoever holds the lock was started by a person, and later.
 * T4. The deadline begins anew with each other bot that was asked: of several starts at once one remains.
 * T5. A kimaki from before there was a socket does not understand its successor: to that one T2 applies.
 */
import { setTimeout as pause } from 'node:timers/promises'
import type { ControlRoutes } from '../../app/control/server.ts'
import { UsageError } from '../../base/errors.ts'
import { callControl } from '../control/call.ts'
import { ANSWER_MS, portHolder, takeControl, type Control, type Place } from '../control/lock.ts'
import { endHungBot } from './bot-record.ts'

export interface LockRequest extends Place {
  readonly routes: ControlRoutes
  /** How long the process that holds the lock may take to answer, and to drain. */
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

const POLL_MS = 50
const CLOSING_MS = 3000

export async function takeLock(request: LockRequest): Promise<Control | StandDown | Error> {
  const { deadlineMs, signal } = request
  let deadline = performance.now() + deadlineMs
  let asked: number | undefined
  while (performance.now() < deadline) {
    signal.throwIfAborted()
    const control = await takeControl(request, request.routes)
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

/** Who has the lock. A command of ours that uses the database holds it for a moment and has no such route. */
async function askHolder(request: LockRequest): Promise<Holder> {
  const { dataDir, mayAsk, deadlineMs } = request
  const call = { dataDir, timeoutMs: Math.min(ANSWER_MS, deadlineMs) }
  const answer = await callControl({ ...call, method: 'GET', path: '/status' })
  if (answer.kind === 'nobody') return { kind: (await portHolder(request, call.timeoutMs)) === 'foreign' ? 'foreign' : 'unclear' }
  const pid =
    answer.kind === 'answer' && answer.status === 200 ? (answer.body as { readonly pid?: unknown } | null)?.pid : undefined
  if (typeof pid !== 'number') return { kind: 'unclear' }
  if (mayAsk) await callControl({ ...call, method: 'POST', path: '/stop' })
  return { kind: 'bot', pid }
}

async function afterDeadline(request: LockRequest): Promise<Control | Error> {
  const { dataDir, port, signal } = request
  const killed = request.mayAsk ? await endHungBot(dataDir, port) : undefined
  if (!killed) return silentProcess(request)
  request.log(`the kimaki that ran on ${dataDir} (pid ${killed.pid}) did not answer and was killed. Nothing is lost by that.`)
  // The system closes the sockets of a process a moment after the process counts as dead.
  for (const until = performance.now() + CLOSING_MS; performance.now() < until; await pause(POLL_MS, undefined, { signal })) {
    const control = await takeControl(request, request.routes)
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
