/** Sessions: made, found by their mark, read, stopped. */
import { AgentUnavailable } from '../../base/errors.ts'
import type { PermissionRule } from '../../domain/agent.ts'
import type * as api from '../wire/api.ts'
import { FIRST_TOUCH_MS, sessionPath } from '../wire/http.ts'
import type { CallError, Http } from '../wire/http.ts'
import { messageOf } from '../wire/message.ts'
import { read, readList } from '../wire/read.ts'
import type { Received } from '../wire/read.ts'
import type { Link } from './link.ts'

/** Newest first; a session that a retry looks for was made moments before the bot died. */
const LOOK_BACK = '1000'
const ABORT_MS = 20_000
/** Answers to what nobody has read were begun just now. */
const NEWEST = '20'

export type Session = Received<api.Session>

/**
 * Makes a session that carries `mark` in its metadata; a retry first looks for a session that carries it already. The session gets no
 * title: OpenCode names only untitled sessions.
 *
 * OpenCode works on at a request whose sender has died, and lists a session only once it is made. So a retry that found none looks again
 * behind its own: of two with the mark the first stays, for every retry the same one, and the others are deleted.
 */
export async function openSession(
  link: Link,
  {
    directory,
    mark,
    rules,
  }: { readonly directory: string; readonly mark: string; readonly rules?: readonly PermissionRule[] | undefined },
  isRetry: boolean,
): Promise<{ readonly session: string } | CallError> {
  if (isRetry) {
    const existing = await firstOf(link.http, directory, mark)
    if (existing instanceof Error) return existing
    if (existing) return opened(link, existing)
  }
  const body: api.CreateSessionBody = { metadata: { kimaki: mark }, ...(rules && { permission: [...rules] }) }
  const made = await link.http.call({ method: 'POST', path: '/session', directory, body, deadlineMs: FIRST_TOUCH_MS })
  if (made instanceof Error) return made
  const own: Session = read(made.json)
  const first = isRetry ? await firstOf(link.http, directory, mark) : undefined
  const result = opened(link, first && !(first instanceof Error) ? first : own)
  if (!(result instanceof Error)) {
    // Nothing of an earlier server, and no model yet, is in a new session.
    link.repaired.add(result.session)
    link.trusted.add(result.session)
  }
  return result
}

/** Of those with the mark; the others leave. */
async function firstOf(http: Http, directory: string, mark: string): Promise<Session | undefined | CallError> {
  const sessions = await listSessions(http, directory)
  if (sessions instanceof Error) return sessions
  const [first, ...others] = sessions
    .filter((session) => session.object('metadata').text('kimaki') === mark)
    .toSorted((a, b) => createdOf(a) - createdOf(b) || ((a.text('id') ?? '') < (b.text('id') ?? '') ? -1 : 1))
  for (const other of others) await http.call({ method: 'DELETE', path: sessionPath(other.text('id') ?? '') })
  return first
}

const createdOf = (session: Session): number => session.object('time').number('created') ?? 0

function opened(link: Link, received: Session): { readonly session: string } | AgentUnavailable {
  const session = received.text('id')
  if (session === undefined) return new AgentUnavailable({ reason: 'OpenCode answered without a session id' })
  link.events.learn(received)
  return { session }
}

/** Root sessions only (no child sessions). */
export async function listSessions(http: Http, directory: string): Promise<readonly Session[] | CallError> {
  const query = { roots: 'true', limit: LOOK_BACK }
  const answer = await http.call({ method: 'GET', path: '/session', directory, query, deadlineMs: FIRST_TOUCH_MS })
  return answer instanceof Error ? answer : readList(answer.json)
}

/** The session object; it also tells the folder that the session lives in now (a session can move to a worktree). */
export async function readSession(
  { http, events }: Pick<Link, 'http' | 'events'>,
  session: string,
): Promise<Session | CallError> {
  const answer = await http.call({ method: 'GET', path: sessionPath(session), deadlineMs: FIRST_TOUCH_MS })
  if (answer instanceof Error) return answer
  const received: Session = read(answer.json)
  events.learn(received)
  return received
}

/**
 * OpenCode answers when the run is over (10 to 300 ms); a session that does not run, or does not exist, is fine too. Then the messages to
 * `drop` leave the session, because the model would read them with the next message, and with them what was begun to answer them. A message
 * that is gone already is fine as well.
 */
export async function abort(http: Http, session: string, drop: readonly string[] = []): Promise<undefined | CallError> {
  const answer = await http.call({ method: 'POST', path: sessionPath(session, 'abort'), deadlineMs: ABORT_MS })
  const gone = drop.length === 0 ? [] : [...drop, ...(await answersTo(http, session, drop))]
  await Promise.all(gone.map(async (id) => http.call({ method: 'DELETE', path: sessionPath(session, 'message', id) })))
  return answer instanceof Error ? answer : undefined
}

async function answersTo(http: Http, session: string, questions: readonly string[]): Promise<readonly string[]> {
  const answer = await http.call({ method: 'GET', path: sessionPath(session, 'message'), query: { limit: NEWEST } })
  if (answer instanceof Error) return []
  const messages = readList<api.MessageWithParts>(answer.json).flatMap((message) => messageOf(message.object('info')) ?? [])
  return messages.flatMap((message) => (message.kind === 'assistant' && questions.includes(message.parent) ? [message.id] : []))
}
