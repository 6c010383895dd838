/** A read without which the bot cannot run: repeated for ever with back-off, unless Discord says no for good. */
import type { ChatFatal } from '../../ports/chat.ts'
import type { Log } from '../../ports/host.ts'
import { refusedAtStart } from './fatal.ts'
import type { Rest } from '../rest/rest.ts'
import { sleep } from '../rest/sleep.ts'

/** The value; a fatal that ends the bot; undefined when the adapter stops. What is not `whole` is no answer. */
export type Persist = <T extends object>(
  route: `/${string}`,
  isWhole: (value: Partial<T>) => boolean,
) => Promise<T | ChatFatal | undefined>

const LONGEST_PAUSE_MS = 30_000

export function createPersist(
  rest: Rest,
  options: { readonly apiUrl: string; readonly log: Log; readonly started: () => boolean },
): Persist {
  return async <T extends object>(route: `/${string}`, isWhole: (value: Partial<T>) => boolean) => {
    for (let pause = 500; !rest.stopping.aborted; pause = Math.min(LONGEST_PAUSE_MS, pause * 2)) {
      const result = await rest.call<T>({ method: 'GET', route })
      if (result.ok && isWhole(result.value)) return result.value
      // A 401 is asked again by `chat.ts` and ends the bot there; once the bot has run, a refusal is taken for a passing one.
      const status = result.ok ? 200 : (result.status ?? 0)
      if (status >= 400 && status < 500 && status !== 401 && status !== 429 && !options.started()) {
        return refusedAtStart(options.apiUrl, status)
      }
      if (status !== 401) {
        options.log.warn(`Discord does not answer ${route}; trying again`, {
          status,
          inMs: pause,
          ...(!result.ok && result.failure),
        })
      }
      await sleep(pause, rest.stopping)
    }
    return undefined
  }
}
