/** A read without which the bot cannot run: repeated for ever with back-off, unless Discord says no for good. */
import { backoffMs } from '../../base/backoff.ts'
import { sleep } from '../../base/sleep.ts'
import type { ChatFatal } from '../../ports/chat.ts'
import type { Log } from '../../ports/host.ts'
import { failureFacts, statusOf } from '../rest/failure.ts'
import type { Rest } from '../rest/rest.ts'
import type { Reader } from '../wire/shape.ts'
import { refusedAtStart } from './fatal.ts'

/** The value, or a fatal that ends the bot; rejects when the adapter stops. An answer that cannot be read is no answer. */
export type RetryForever = <T extends object>(route: `/${string}`, reader: Reader<T>) => Promise<T | ChatFatal>

export interface RetryForeverOptions {
  readonly apiUrl: string
  readonly log: Log
  /** Once the bot has been ready, a refusal is taken for a passing one. */
  readonly isReady: () => boolean
}

const PAUSES = { firstMs: 500, longestMs: 30_000 }

export function createRetryForever(rest: Rest, { apiUrl, log, isReady }: RetryForeverOptions): RetryForever {
  return async <T extends object>(route: `/${string}`, reader: Reader<T>) => {
    for (let failures = 1; ; failures += 1) {
      const answer = await rest.call({ method: 'GET', route }, reader)
      if (!(answer instanceof Error)) return answer
      const status = statusOf(answer) ?? 0
      const inMs = backoffMs(PAUSES, failures)
      if (isRefusal(status) && !isReady()) return refusedAtStart(apiUrl, status)
      // A wrong token is no reason to warn: it is checked by itself, and ends the bot there (`lifecycle.ts`).
      if (status !== 401) {
        log.warn(`Discord does not answer ${route}; trying again`, { status, inMs, ...failureFacts(answer) })
      }
      await sleep(inMs, rest.stopping)
    }
  }
}

const isRefusal = (status: number): boolean => status >= 400 && status < 500 && status !== 401 && status !== 429
