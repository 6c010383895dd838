/** How many sessions run on a server, in the folders given: a session that waits for a person's answer runs too. */
import { AgentUnavailable } from '../../base/errors.ts'
import type * as api from './api.ts'
import type { Http } from './http.ts'
import { statusOf } from './message.ts'
import { read } from './read.ts'

const ANSWER_MS = 2_000

/** A folder that is gone, or whose configuration is broken, is refused and runs nothing; one that cannot be asked about may run something. */
export async function runningSessions(http: Http, directories: Iterable<string>): Promise<number> {
  const counts = await Promise.all([...new Set(directories)].map((directory) => runningIn(http, directory)))
  return counts.reduce((sum, count) => sum + count, 0)
}

async function runningIn(http: Http, directory: string): Promise<number> {
  const answer = await http.call({ method: 'GET', path: '/session/status', directory, deadlineMs: ANSWER_MS })
  if (answer instanceof Error) return answer instanceof AgentUnavailable ? 1 : 0
  const states = read<api.SessionStatuses>(answer.json).entries()
  return states.filter(([, state]) => statusOf(state).kind !== 'idle').length
}
