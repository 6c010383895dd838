/** Wakes machines that are written to while they are not connected, each once a minute at most. What they miss meanwhile waits in their logs. */
import { wakeBearer } from 'kimaki-protocol'
import { StoreAway } from '../base/errors.ts'
import type { Log } from '../base/log.ts'
import type { Metrics } from '../base/metrics.ts'
import { Windows } from '../base/windows.ts'
import type { ClientStore } from '../ports/store.ts'
import { INTERNET, knock, type Knocker } from './knock.ts'

export interface WakerOptions {
  readonly store: ClientStore
  readonly now: () => number
  readonly log: Log
  readonly metrics: Metrics
  readonly knocker?: Knocker | undefined
}

const EACH = { times: 1, ms: 60_000 }
/** At a time, of all machines. */
const MOST = 100
const OK = 200

export class Waker {
  readonly #options: WakerOptions
  readonly #each: Windows
  #running = 0

  constructor(options: WakerOptions) {
    this.#options = options
    this.#each = new Windows(EACH, options.now)
  }

  /** False: the machine has not said where it can be woken. */
  wake(clientId: string): boolean {
    const { store } = this.#options
    const target = store.wakeOf(clientId)
    if (target === undefined || target instanceof StoreAway) return false
    if (this.#running < MOST && this.#each.take(clientId) === 0) void this.#knock(clientId, target.url, target.secretHash)
    return true
  }

  async #knock(clientId: string, url: string, secretHash: string): Promise<void> {
    const { now, log, metrics, knocker = INTERNET } = this.#options
    this.#running += 1
    const answer = await knock(knocker, url, wakeBearer(clientId, secretHash, Math.floor(now() / 1000)))
    this.#running -= 1
    metrics.add('gateway_wakes_total', answer === OK ? 'awake' : 'failed')
    if (answer !== OK) log.info('a machine was not woken', { client: clientId, why: String(answer) })
  }
}
