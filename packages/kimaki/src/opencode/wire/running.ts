/** How many sessions run on a server, in the folders given: a session that waits for an answer runs too. */
import type { Http } from './http.ts'
import { record } from './json.ts'
import { statusOf } from './message.ts'

const ANSWER_MS = 2_000

/** A folder with a broken configuration, or one that is gone, is refused and runs nothing; what cannot be asked may be running. */
export async function runningSessions(http: Http, directories: Iterable<string>): Promise<number> {
  const counts = await Promise.all([...new Set(directories)].map((directory) => runningIn(http, directory)))
  return counts.reduce((sum, count) => sum + count, 0)
}

async function runningIn(http: Http, directory: string): Promise<number> {
  const states = await http.call({ method: 'GET', path: '/session/status', directory, deadlineMs: ANSWER_MS })
  if (!states.ok) return states.failure.kind === 'unavailable' || states.failure.kind === 'stopped' ? 1 : 0
  return Object.values(record(states.value.json)).filter((state) => statusOf(state).kind !== 'idle').length
}
