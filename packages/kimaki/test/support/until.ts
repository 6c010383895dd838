/** Waiting for what another process does or says: looked at often, and given up in time. */
const LOOK_EVERY_MS = 10
/** Ends a test that waits in vain; no test fails because the machine is busy. */
const DEADLINE_MS = 90_000

/** Resolves with what is found. `what` is told when it never comes. */
export async function until<T>(
  what: string | (() => string),
  find: () => T | undefined | false | Promise<T | undefined | false>,
  timeoutMs = DEADLINE_MS,
): Promise<T> {
  for (const end = performance.now() + timeoutMs; performance.now() < end;) {
    const found = await find()
    if (found !== undefined && found !== false) return found
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS))
  }
  throw new Error(`waited ${timeoutMs} ms in vain for ${typeof what === 'string' ? what : what()}`)
}
