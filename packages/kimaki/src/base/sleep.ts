/** Sleeping, and waiting with a deadline. Each wait ends with its time or with its signal; none leaves a timer behind. */
import { systemClock, type Clock } from './clock.ts'

/** Resolves after `ms`; rejects with the signal's reason (an `AbortError`) as soon as it aborts. */
export function sleep(ms: number, signal: AbortSignal, clock: Pick<Clock, 'after'> = systemClock): Promise<void> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted()
    const onAbort = (): void => {
      cancel()
      reject(signal.reason)
    }
    const cancel = clock.after(ms, () => {
      signal.removeEventListener('abort', onAbort)
      resolve()
    })
    signal.addEventListener('abort', onAbort, { once: true })
  })
}

/** What the promise resolves to, or `undefined` once `ms` have passed; rejects as soon as the signal aborts. The promise itself goes on. */
export async function withDeadline<T>(
  promise: Promise<T>,
  ms: number,
  signal: AbortSignal,
  clock: Pick<Clock, 'after'> = systemClock,
): Promise<T | undefined> {
  const settled = new AbortController()
  const late = sleep(ms, AbortSignal.any([signal, settled.signal]), clock).then(() => undefined)
  late.catch(() => undefined)
  try {
    return await Promise.race([promise, late])
  } finally {
    settled.abort()
  }
}

/** What the promise resolves to; rejects as soon as the signal aborts. The promise itself goes on. */
export async function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  const aborted = Promise.withResolvers<never>()
  const onAbort = (): void => aborted.reject(signal.reason)
  if (signal.aborted) onAbort()
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    return await Promise.race([promise, aborted.promise])
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}
