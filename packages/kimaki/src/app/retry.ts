/** Trying again with pauses that grow, until it works, is no use, or the bot stops. */
import type { Clock } from '../base/clock.ts'

export interface Retrying {
  /** Waits 1, 2, 4 ... up to 30 s between tries. `attempt` answers with `undefined` to be asked again. */
  until<T>(attempt: (tries: number) => Promise<T | undefined>): Promise<T | 'stopped'>
  pause(ms: number): Promise<void>
  readonly stopped: boolean
  stop(): void
}

export function retrying(clock: Clock, firstPauseMs = 500): Retrying {
  const waits = new Set<() => void>()
  let stopped = false
  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      if (stopped) return resolve()
      const end = (): void => {
        cancel()
        waits.delete(end)
        resolve()
      }
      const cancel = clock.after(ms, end)
      waits.add(end)
    })
  return {
    pause,
    get stopped() {
      return stopped
    },
    async until(attempt) {
      for (let tries = 0; !stopped; tries += 1) {
        const result = await attempt(tries)
        if (result !== undefined) return result
        await pause(Math.min(firstPauseMs * 2 ** tries, 30_000))
      }
      return 'stopped'
    },
    stop() {
      stopped = true
      for (const end of waits) end()
    },
  }
}
