/** A read without which the bot cannot run: repeated for ever with back-off, unless Discord says no for good. */
import { backoffMs } from '../../base/backoff.ts'
import { sleep } from '../../base/sleep.ts'
import type { ChatFatal } from '../../ports/chat.ts'
import type { Log } from '../../ports/host.ts'
import { failureFacts, statusOf } from '../rest/failure.ts'
import type { Rest } from '../rest/rest.ts'
import { refusedAtStart } from './fatal.ts'

/** The value, or a fatal that ends the bot; rejects when the adapter stops. An answer that is not whole is no answer. */
export type RetryForever = <T extends object>(
  route: `/${string}`,
  isWhole: (value: Partial<T>) => boolean,
) => Promise<T | ChatFatal>

export interface RetryForeverOptions {
  readonly apiUrl: string
  readonly log: Log
  /** Once the bot has been ready, a refusal is taken for a passing one. */
  readonly isReady: () => boolean
}

const PAUSES = { firstMs: 500, longestMs: 30_000 }

export function createRetryForever(rest: Rest, { apiUrl, log, isReady }: RetryForeverOptions): RetryForever {
  return async <T extends object>(route: `/${string}`, isWhole: (value: Partial<T>) => boolean) => {
    for (let failures = 1; ; failures += 1) {
      const answer = await rest.call<T>({ method: 'GET', route })
      if (!(answer instanceof Error) && isWhole(answer)) return answer
      const status = answer instanceof Error ? (statusOf(answer) ?? 0) : 200
      const inMs = backoffMs(PAUSES, failures)
      if (isRefusal(status) && !isReady()) return refusedAtStart(apiUrl, status)
      // A wrong token is no reason to warn: it is checked by itself, and ends the bot there (`lifecycle.ts`).
      if (status !== 401) {
        const facts = answer instanceof Error ? failureFacts(answer) : { reason: 'the answer lacks what is needed' }
        log.warn(`Discord does not answer ${route}; trying again`, { status, inMs, ...facts })
      }
      await sleep(inMs, rest.stopping)
    }
  }
}

const isRefusal = (status: number): boolean => status >= 400 && status < 500 && status !== 401 && status !== 429
