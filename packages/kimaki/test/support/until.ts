/** Waiting for what another process does or says: looked at often, and given up in time. */
const LOOK_EVERY_MS = 10
/** What takes longer than half a second is looked at less often: a look may read all of `/proc`, or open the database. */
const LONG_MS = 500
const LOOK_AT_LONG_EVERY_MS = 40
/** Ends a test that waits in vain; no test fails because the machine is busy. */
const DEADLINE_MS = 90_000

/** Resolves with what is found. `what` is told when it never comes. */
export async function until<T>(
  what: string | (() => string),
  find: () => T | undefined | false | Promise<T | undefined | false>,
  timeoutMs = DEADLINE_MS,
): Promise<T> {
  const startedAt = performance.now()
  for (let waited = 0; waited < timeoutMs; waited = performance.now() - startedAt) {
    const found = await find()
    if (found !== undefined && found !== false) return found
    const pauseMs = waited < LONG_MS ? LOOK_EVERY_MS : LOOK_AT_LONG_EVERY_MS
    await new Promise((resolve) => setTimeout(resolve, pauseMs))
  }
  throw new Error(`waited ${timeoutMs} ms in vain for ${typeof what === 'string' ? what : what()}`)
}
