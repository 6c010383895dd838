/**
 * One bot a data folder: the lock port. A start that finds it taken asks the bot there to go, waits until it has drained, and goes on:
 *
 *     bind ──taken──▶ GET /status ──its pid──▶ POST /stop, it drains ──▶ bind      a command holds it (404) ──▶ bind a moment later
 *                        ├─ no answer for the whole patience ──▶ the process on record is killed ──▶ bind
 *                        └─ answered by a stranger, or killed nobody ──▶ words
 *
 * A bot that its wrapper has started again does not ask: whoever came meanwhile was started by a person, and later.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { listenForControl, type Control, type ControlRoutes } from '../../app/control/server.ts'
import { callControl } from '../control/call.ts'
import { endHungBot } from './running-bot.ts'

export interface Lock {
  readonly dataDir: string
  readonly port: number
  readonly token: string
  readonly routes: ControlRoutes
  /** False for a bot that was started again by its wrapper. */
  readonly mayAsk: boolean
  readonly stopped: () => boolean
  readonly say: (words: string) => void
}

export type NoLock =
  /** A sentence: nothing can be done about it here. */
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'yields'; readonly pid: number }
  /** Told to stop while it waited. */
  | { readonly kind: 'stopped' }

const PATIENCE_MS = 10_000
const ANSWER_MS = 2000
const LOOK_MS = 50
const CLOSING_MS = 3000

export async function takeLock(lock: Lock): Promise<Control | NoLock> {
  const { port } = lock
  let until = performance.now() + PATIENCE_MS
  let asked: number | undefined
  while (performance.now() < until) {
    if (lock.stopped()) return { kind: 'stopped' }
    const control = await listenForControl(port, lock.token, lock.routes)
    if (control) return control
    const holder = await askHolder(lock)
    if (holder.kind === 'stranger')
      return {
        kind: 'refused',
        reason: `port ${port}, the lock of ${lock.dataDir}, is taken by another program. Set KIMAKI_LOCK_PORT to a free port, here and for the commands.`,
      }
    if (holder.kind === 'bot' && !lock.mayAsk) return { kind: 'yields', pid: holder.pid }
    if (holder.kind === 'bot' && holder.pid !== asked) {
      asked = holder.pid
      until = performance.now() + PATIENCE_MS
      lock.say(`another kimaki (pid ${holder.pid}) runs on ${lock.dataDir}: it was asked to go.`)
    }
    await pause(LOOK_MS)
  }
  return afterPatience(lock)
}

type Holder = { readonly kind: 'bot'; readonly pid: number } | { readonly kind: 'stranger' | 'unclear' }

/** Who has the port. Only what knows our token and tells its pid is asked to go; a command on its way through has no such route. */
async function askHolder({ port, token, mayAsk }: Lock): Promise<Holder> {
  const call = { port, token, timeoutMs: ANSWER_MS }
  const answer = await callControl({ ...call, method: 'GET', path: '/status' })
  if (answer.kind === 'silent' || (answer.kind === 'answer' && answer.status === 404)) return { kind: 'unclear' }
  const pid =
    answer.kind === 'answer' && answer.status === 200 ? (answer.body as { readonly pid?: unknown } | null)?.pid : undefined
  if (typeof pid !== 'number') return { kind: 'stranger' }
  if (mayAsk) await callControl({ ...call, method: 'POST', path: '/stop' })
  return { kind: 'bot', pid }
}

async function afterPatience(lock: Lock): Promise<Control | NoLock> {
  const { dataDir, port } = lock
  const ended = lock.mayAsk ? await endHungBot(dataDir, port) : undefined
  if (ended) {
    lock.say(`the kimaki that ran on ${dataDir} (pid ${ended.pid}) did not answer and was killed. Nothing is lost by that.`)
    // Its sockets are closed a moment after it counts as dead.
    for (const until = performance.now() + CLOSING_MS; performance.now() < until && !lock.stopped(); await pause(LOOK_MS)) {
      const control = await listenForControl(port, lock.token, lock.routes)
      if (control) return control
    }
  }
  return {
    kind: 'refused',
    reason: `port ${port}, the lock of ${dataDir}, is taken by a program that does not answer. End it, or set KIMAKI_LOCK_PORT to a free port.`,
  }
}
