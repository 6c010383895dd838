/** Sessions: made, found by their mark, stopped. */
import type { AgentResult } from '../../ports/agent.ts'
import { FIRST_TOUCH_MS } from '../wire/http.ts'
import type { Http } from '../wire/http.ts'
import { list, record, text } from '../wire/json.ts'
import type { Json } from '../wire/json.ts'
import type { Link } from './link.ts'
import { done, unavailable } from '../wire/result.ts'

/** Newest first; a session that is looked for was made moments before the bot died. */
const LOOK_BACK = '1000'

/**
 * Makes a session that carries `mark` in its metadata. With `again` one that already carries it is found instead. It gets
 * no title: only untitled sessions are named by OpenCode.
 */
export async function openSession(
  { http, listening, mended, trusted }: Link,
  directory: string,
  mark: string,
  again: boolean,
): Promise<AgentResult<{ readonly session: string }>> {
  if (again) {
    const sessions = await listSessions(http, directory)
    if (!sessions.ok) return sessions
    const marked = sessions.value.find((session) => record(session['metadata'])['kimaki'] === mark)
    if (marked) return opened(marked)
  }
  const body = { metadata: { kimaki: mark } }
  const made = await http.call({ method: 'POST', path: '/session', directory, body, deadlineMs: FIRST_TOUCH_MS })
  if (!made.ok) return made
  const session = opened(made.value.json)
  if (session.ok) for (const fine of [mended, trusted]) fine.add(session.value.session)
  return session

  function opened(value: unknown): AgentResult<{ readonly session: string }> {
    const session = text(record(value)['id'])
    if (session === undefined) return unavailable('OpenCode answered without a session id')
    listening.learn(value)
    return done({ session })
  }
}

/** Those that nobody else's session has begun. */
export async function listSessions(http: Http, directory: string): Promise<AgentResult<readonly Json[]>> {
  const query = { roots: 'true', limit: LOOK_BACK }
  const sessions = await http.call({ method: 'GET', path: '/session', directory, query, deadlineMs: FIRST_TOUCH_MS })
  return sessions.ok ? done(list(sessions.value.json).map(record)) : sessions
}

/** The session object; also tells where it lives now (a session can move to a worktree). */
export async function readSession({ http, listening }: Link, session: string): Promise<AgentResult<Json>> {
  const answer = await http.call({ method: 'GET', path: sessionPath(session), deadlineMs: FIRST_TOUCH_MS })
  if (!answer.ok) return answer
  listening.learn(answer.value.json)
  return done(record(answer.value.json))
}

/**
 * The answer comes when the run is over (10 to 300 ms); a session that does not run, or is not there, is fine too. Then the messages to
 * `drop` leave the session: the model would read them with the next one. Those that are not there any more are fine as well.
 */
export async function abort(http: Http, session: string, drop: readonly string[] = []): Promise<AgentResult<void>> {
  const answer = await http.call({ method: 'POST', path: sessionPath(session, 'abort'), deadlineMs: 20_000 })
  await Promise.all(drop.map(async (id) => http.call({ method: 'DELETE', path: sessionPath(session, 'message', id) })))
  return answer.ok ? done(undefined) : answer
}

export const sessionPath = (session: string, ...rest: readonly string[]): string =>
  ['/session', ...[session, ...rest].map(encodeURIComponent)].join('/')
