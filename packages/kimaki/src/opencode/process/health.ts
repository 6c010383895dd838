/**
 * Is the server there, and ours? A request that arrives between its listen() and its handler is never answered, so a new
 * one goes out every 50 ms beside those still open; the first good answer counts. Unknown paths answer 200 with a page:
 * only the JSON proves health.
 */
import type { Http } from '../wire/http.ts'
import { record } from '../wire/json.ts'
import { pause } from '../wire/wait.ts'

const EVERY_MS = 50
const EACH_MS = 1_000

/** True once `/global/health` has answered; false when `deadlineMs` pass or the signal aborts before. */
export async function healthy(http: Http, deadlineMs: number, signal: AbortSignal): Promise<boolean> {
  const over = new AbortController()
  const end = AbortSignal.any([signal, over.signal, AbortSignal.timeout(deadlineMs)])
  let well = false
  const ask = async () => {
    const answer = await http.call({ method: 'GET', path: '/global/health', deadlineMs: EACH_MS })
    if (!answer.ok || record(answer.value.json)['healthy'] !== true) return
    well = true
    over.abort()
  }
  while (!end.aborted) {
    void ask()
    await pause(EVERY_MS, end)
  }
  return well && !signal.aborted
}
