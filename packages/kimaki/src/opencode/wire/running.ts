/** How many sessions run on a server, in the folders given: a session that waits for a person's answer runs too. */
import { AgentUnavailable } from '../../base/errors.ts'
import type * as api from './api.ts'
import type { Http } from './http.ts'
import { statusOf } from './message.ts'
import { read } from './read.ts'

const ANSWER_MS = 2_000

/** A folder that is gone, or whose configuration is broken, is refused and runs nothing; one that cannot be asked about may run something. */
export async function runningSessions(http: Http, directories: Iterable<string>): Promise<number> {
  const running = await Promise.all([...new Set(directories)].map((directory) => runningIn(http, directory)))
  return running.reduce((sum, sessions) => sum + (sessions === 'unknown' ? 1 : sessions.length), 0)
}

/** The sessions that run in the folder; `unknown`: it cannot be asked about. */
export async function runningIn(http: Http, directory: string): Promise<readonly string[] | 'unknown'> {
  const answer = await http.call({ method: 'GET', path: '/session/status', directory, deadlineMs: ANSWER_MS })
  if (answer instanceof Error) return answer instanceof AgentUnavailable ? 'unknown' : []
  const states = read<api.SessionStatuses>(answer.json).entries()
  return states.flatMap(([session, state]) => (statusOf(state).kind === 'idle' ? [] : session))
}
