/**
 * Makes the REST library forget its rate limits when the wall clock jumps. It reckons them by that clock. If somebody sets that clock back
 * by a day, every limit the library knows lasts a day longer, the global one after fifty calls at the latest. So the library forgets its
 * limits when the clock jumps: Discord tells them again.
 */
import type { REST } from '@discordjs/rest'

const JUMP_MS = 1000

/** Call it before each request. */
export function forgetLimitsOnClockJump(rest: REST): () => void {
  let ahead = Date.now() - performance.now()
  return () => {
    const now = Date.now() - performance.now()
    if (Math.abs(now - ahead) > JUMP_MS) {
      rest.handlers.clear()
      rest.globalReset = -1
    }
    ahead = now
  }
}
