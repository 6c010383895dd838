/**
 * The library reckons rate limits by the wall clock. Were that set back by a day, every limit it knows would last a day longer, the global
 * one after fifty calls at the latest. So what it knows is forgotten when the clock has been set: Discord tells it again.
 */
import type { REST } from '@discordjs/rest'

const SET_MS = 1000

/** Call it before each request. */
export function forgetLimitsWhenClockIsSet(rest: REST): () => void {
  let ahead = Date.now() - performance.now()
  return () => {
    const now = Date.now() - performance.now()
    if (Math.abs(now - ahead) > SET_MS) {
      rest.handlers.clear()
      rest.globalReset = -1
    }
    ahead = now
  }
}
