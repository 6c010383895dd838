/** A provider that is busy or away is asked again: 5 times, after 2 s, 4 s and so on with up to a quarter more, or as long as it wants. */
import { setTimeout as wait } from 'node:timers/promises'
import type { ModelFailure } from '../model/failures.ts'
import type { SessionStatus } from '../store/shapes.ts'

export const RETRIES = 5
const FIRST_MS = 2_000

/** `setStatus`: tells the session's. `attempt` from 1. False when the run was stopped meanwhile. */
export async function pauseBeforeRetry(
  attempt: number,
  { retry, waitMs }: ModelFailure,
  setStatus: (status: SessionStatus) => void,
  signal: AbortSignal,
): Promise<boolean> {
  const ms = waitMs ?? FIRST_MS * 2 ** (attempt - 1) * (1 + Math.random() / 4)
  setStatus({ type: 'retry', attempt, message: retry ?? '', next: Math.round(Date.now() + ms) })
  await wait(ms, undefined, { signal }).catch(() => undefined)
  return !signal.aborted
}
