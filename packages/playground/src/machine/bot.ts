/**
 * Keeps the bot alive, whatever kills it:
 *
 *     starting ──ready──▶ running ──exit──▶ down ──0.5 s──▶ starting
 *         ▲  └──── three lives in a row that ended by themselves before they got ready ──▶ failed
 *         └──────────────────────────────── start() ─────────────────────────────────────────┘
 *
 * `stop()` may come at any moment. A bot that was killed leaves its OpenCode server behind on purpose, and only a bot
 * that has come back ends it: so a bot that is down or starting is first awaited, then asked to end (SIGTERM).
 */
import { setTimeout as pause } from 'node:timers/promises'
import type { BotStatus } from '../wire.ts'
import { beginLife } from './life.ts'
import type { Exit, Life } from './life.ts'

/** Told after `status()` has changed (`killed`: before the exit that will follow). */
export type BotEvent =
  | { readonly kind: 'starting' }
  | { readonly kind: 'killed'; readonly pid: number }
  | { readonly kind: 'exited'; readonly exit: Exit }
  /** `afterMs`: since the process before it ended; undefined for the first. */
  | { readonly kind: 'ready'; readonly pid: number; readonly afterMs: number | undefined }
  | { readonly kind: 'failed'; readonly reason: string }

export interface BotKeeper {
  status(): BotStatus
  /** Every process that has ended, as the operating system told it. */
  readonly exits: readonly Exit[]
  onEvent(listener: (event: BotEvent) => void): () => void
  /** Resolves when the bot is running; rejects with its last words when it fails or takes longer than 30 s. */
  ready(): Promise<void>
  /** SIGKILL; undefined when there is no process to kill. */
  kill(): number | undefined
  /** SIGTERM: it ends in order and is started again, as its code is by then; undefined when there is no process to end. */
  renew(): number | undefined
  /** Once more after it has failed; nothing otherwise. */
  start(): void
  stop(): Promise<void>
}

/** `program`: a build of kimaki to run instead of the sources. */
export function keepBot(environment: Readonly<Record<string, string>>, program?: string): BotKeeper {
  const exits: Exit[] = []
  const listeners = new Set<(event: BotEvent) => void>()
  /** Aborts when the bot shall end: no more waiting between lives. */
  const hurry = new AbortController()
  let gaveUp = false
  let life: Life | undefined
  /** The lives that `kill()` and `renew()` have ended: their ends say nothing about the bot. */
  const ended = new WeakSet<Life>()
  let status: BotStatus = { kind: 'starting', pid: undefined, restarts: 0 }

  function become(next: BotStatus, event: BotEvent): void {
    status = next
    tell(event)
  }

  function tell(event: BotEvent): void {
    for (const listener of listeners) listener(event)
  }

  async function keep(first: number): Promise<void> {
    let endedAt: number | undefined
    let barren = 0
    for (let restarts = first; ; restarts++) {
      const current = beginLife(environment, [], program)
      life = current
      const { pid } = current
      become({ kind: 'starting', pid, restarts }, { kind: 'starting' })
      const born = await Promise.race([current.ready.then(() => true), current.exited.then(() => false)])
      if (born && pid !== undefined) {
        barren = 0
        const now = Date.now()
        const afterMs = endedAt === undefined ? undefined : now - endedAt
        become({ kind: 'running', pid, since: now, restarts }, { kind: 'ready', pid, afterMs })
      } else if (!ended.has(current)) barren++
      if (hurry.signal.aborted) await endInOrder(current)
      const exit = await current.exited
      endedAt = Date.now()
      exits.push(exit)
      life = undefined
      const orderly = born && exit.signal !== 'SIGKILL'
      if (hurry.signal.aborted && (orderly || gaveUp)) return become({ kind: 'stopped', restarts }, { kind: 'exited', exit })
      if (barren >= LIVES) {
        const reason = current.lastWords()
        return become({ kind: 'failed', restarts, reason }, { kind: 'failed', reason })
      }
      become({ kind: 'down', restarts: restarts + 1 }, { kind: 'exited', exit })
      await pause(RESTART_MS, undefined, { signal: hurry.signal }).catch(() => undefined)
    }
  }
  let kept = keep(0)

  /** SIGTERM, and SIGKILL for one that does not listen. */
  async function endInOrder(current: Life): Promise<void> {
    current.signal('SIGTERM')
    if (await within(current.exited, END_MS)) return
    gaveUp = true
    current.signal('SIGKILL')
  }

  return {
    status: () => status,
    exits,
    onEvent(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    async ready() {
      const { promise, resolve, reject } = Promise.withResolvers<void>()
      const look = () => {
        if (status.kind === 'running') resolve()
        if (status.kind === 'failed') reject(new Error(`The bot does not start:\n${status.reason}`))
        if (status.kind === 'stopped') reject(new Error('The bot was stopped'))
      }
      const over = this.onEvent(look)
      look()
      const deadline = setTimeout(
        () => reject(new Error(`The bot is not ready after ${READY_MS / 1000} s:\n${life?.lastWords() ?? ''}`)),
        READY_MS,
      )
      await promise.finally(() => {
        clearTimeout(deadline)
        over()
      })
    },
    kill() {
      if (life?.pid === undefined) return undefined
      const { pid } = life
      ended.add(life)
      life.signal('SIGKILL')
      tell({ kind: 'killed', pid })
      return pid
    },
    renew() {
      if (life?.pid === undefined) return undefined
      ended.add(life)
      life.signal('SIGTERM')
      return life.pid
    },
    start() {
      if (status.kind === 'failed' && !hurry.signal.aborted) kept = keep(status.restarts + 1)
    },
    async stop() {
      hurry.abort()
      if (status.kind === 'running' && life) await endInOrder(life)
      if (await within(kept, AWAIT_READY_MS)) return
      gaveUp = true
      life?.signal('SIGKILL')
      await kept
    },
  }
}

/** True when it settled in time. */
async function within(settles: Promise<unknown>, ms: number): Promise<boolean> {
  const settled = new AbortController()
  const deadline = pause(ms, false, { signal: settled.signal }).catch(() => true)
  return Promise.race([settles.then(() => true), deadline]).finally(() => settled.abort())
}

const RESTART_MS = 500
const LIVES = 3
const READY_MS = 30_000
/** The bot promises 5 s. */
const END_MS = 7_000
const AWAIT_READY_MS = 15_000
