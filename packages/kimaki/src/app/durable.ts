/**
 * Commits that do not give up: a full disk or a locked database delays, it does not lose. Nothing is acknowledged, done or posted
 * meanwhile, and the operator is told.
 */
import type { Clock, Log } from '../ports/host.ts'
import type { Batch, InboxRow, StorePort } from '../ports/store.ts'

const FIRST_PAUSE_MS = 250
const LONGEST_PAUSE_MS = 15_000

export interface Durable {
  /** The inbox rows that were new; undefined when the bot stops before the batch could be written. */
  commit(batch: Batch): Promise<readonly InboxRow[] | undefined>
  stop(): void
}

export function durable(store: StorePort, clock: Clock, log: Log): Durable {
  const stopped = Promise.withResolvers<undefined>()
  let isStopped = false
  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const cancel = clock.after(ms, resolve)
      void stopped.promise.then(() => {
        cancel()
        resolve()
      })
    })
  return {
    async commit(batch) {
      for (let wait = FIRST_PAUSE_MS; ; wait = Math.min(wait * 2, LONGEST_PAUSE_MS)) {
        const result = await store.commit(batch)
        if (result.ok) return result.accepted
        log.error('cannot write to the database: nothing is accepted, done or posted until this is mended', {
          reason: result.message,
        })
        if (isStopped) return undefined
        await pause(wait)
        if (isStopped) return undefined
      }
    },
    stop() {
      isStopped = true
      stopped.resolve(undefined)
    },
  }
}
