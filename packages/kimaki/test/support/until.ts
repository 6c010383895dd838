/** Waiting for what another process does or says: looked at often, and given up in time. */
const LOOK_EVERY_MS = 10

export async function until(what: string, holds: () => boolean | Promise<boolean>, timeoutMs = 90_000): Promise<void> {
  for (const end = performance.now() + timeoutMs; performance.now() < end;) {
    if (await holds()) return
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS))
  }
  throw new Error(`waited ${timeoutMs} ms in vain for ${what}`)
}
