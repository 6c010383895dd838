/**
 * What a pool does every minute: idle servers beyond the limit are evicted, the heartbeat of the bot is recorded, and output files are
 * bounded. While there are too many servers it looks every 2 s, so that each ends as soon as it is idle.
 */
import { isAbortError } from '../../base/errors.ts'
import type { ServerRecords } from '../../ports/agent.ts'
import type { Log } from '../../ports/host.ts'
import { boundOutputs } from '../process/output.ts'
import { QUIET_MS } from './evict.ts'
import type { Slots } from './slots.ts'

const TICK_MS = 60_000

export interface HousekeepingDeps {
  readonly slots: Slots
  readonly limit: number
  readonly records: ServerRecords
  readonly dataDir: string
  readonly log: Log
  readonly stopped: AbortSignal
  readonly shrink: () => Promise<void>
}

export class Housekeeping {
  readonly #deps: HousekeepingDeps
  #timer: NodeJS.Timeout | undefined
  #working: Promise<void> = Promise.resolve()

  constructor(deps: HousekeepingDeps) {
    this.#deps = deps
  }

  /** At once when there are slots already: those of an earlier bot. */
  start(): void {
    if (this.#deps.slots.size > 0) this.#tick()
    else this.#tickIn(TICK_MS)
  }

  /** Resolves when nothing of it is left. */
  async stop(): Promise<void> {
    clearTimeout(this.#timer)
    await this.#working
  }

  #tickIn(ms: number): void {
    this.#timer = setTimeout(() => this.#tick(), ms)
    this.#timer.unref()
  }

  #tick(): void {
    const { slots, limit, log } = this.#deps
    this.#tickIn(slots.size > limit ? QUIET_MS : TICK_MS)
    this.#working = this.#work().catch((cause: unknown) => {
      if (!isAbortError(cause)) log.warn('the OpenCode servers could not be looked after', { cause: String(cause) })
    })
  }

  async #work(): Promise<void> {
    const { slots, records, dataDir, shrink, stopped } = this.#deps
    await Promise.all([...slots].map(({ supervisor }) => supervisor.adopted()))
    stopped.throwIfAborted()
    await Promise.all([shrink(), records.heartbeat(Date.now())])
    boundOutputs(dataDir)
  }
}
