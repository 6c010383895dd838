/**
 * Asks a server whether it is there and ours, until it answers well. A request that arrives between OpenCode's listen() and its handler is
 * never answered, so a new request goes out every 50 ms beside the open ones; the first good answer counts. Unknown paths answer 200 with
 * a page, so only the JSON proves health.
 */
import { withDeadline } from '../../base/sleep.ts'
import type * as api from '../wire/api.ts'
import type { Http } from '../wire/http.ts'
import { read } from '../wire/read.ts'

const EVERY_MS = 50
const EACH_MS = 1_000

/** The end of the wait: `gone` is the end of the process, `stopped` that of the agent. */
export interface HealthSignals {
  readonly stopped: AbortSignal
  readonly gone: AbortSignal
}

/** True once `/global/health` has answered; false when `deadlineMs` pass or the process ends before; rejects when the agent stops. */
export async function isHealthy(http: Http, deadlineMs: number, { stopped, gone }: HealthSignals): Promise<boolean> {
  const verdict = Promise.withResolvers<boolean>()
  const onGone = () => verdict.resolve(false)
  const ask = async (): Promise<void> => {
    if (await answersWell(http, EACH_MS)) verdict.resolve(true)
  }
  if (gone.aborted) return false
  gone.addEventListener('abort', onGone, { once: true })
  // A call rejects only when the agent stops, and then the wait below rejects too.
  const askOnce = () => void ask().catch(() => undefined)
  const asking = setInterval(askOnce, EVERY_MS)
  askOnce()
  try {
    return (await withDeadline(verdict.promise, deadlineMs, stopped)) === true
  } finally {
    clearInterval(asking)
    gone.removeEventListener('abort', onGone)
  }
}

/** One question; false also when the agent stops meanwhile. */
export const isThere = async (http: Http, deadlineMs: number): Promise<boolean> =>
  answersWell(http, deadlineMs).catch(() => false)

async function answersWell(http: Http, deadlineMs: number): Promise<boolean> {
  const answer = await http.call({ method: 'GET', path: '/global/health', deadlineMs })
  return !(answer instanceof Error) && read<api.Health>(answer.json).isTrue('healthy')
}
