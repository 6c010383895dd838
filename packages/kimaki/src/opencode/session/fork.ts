/**
 * A copy of a session (`POST /session/{id}/fork`). It carries the messages up to now under new ids and with their old times, and the
 * metadata of its source; agent, model and a running tool's end stay with the source. So the mark is written into the source first and
 * the copy is born with it: there is no moment at which it could not be found again. Then the copy gets a mark and a title of its own.
 */
import type { AnsweredBy, Fork } from '../../domain/conversation/agent.ts'
import type { AgentResult, ForkRequest } from '../../ports/agent.ts'
import { FIRST_TOUCH_MS } from '../wire/http.ts'
import type { Http } from '../wire/http.ts'
import { list, record, text } from '../wire/json.ts'
import type { Json } from '../wire/json.ts'
import type { Link } from './link.ts'
import { messageOf } from '../wire/message.ts'
import { done, unavailable } from '../wire/result.ts'
import { listSessions, readSession, sessionPath } from './sessions.ts'

export async function fork(
  link: Link,
  { session, mark, title, again }: Omit<ForkRequest, 'directory'>,
): Promise<AgentResult<Fork>> {
  const { http } = link
  const source = await readSession(link, session)
  if (!source.ok) return source
  const copy = await findOrMake(http, source.value, mark, again)
  if (!copy.ok) return copy
  const id = text(copy.value['id'])
  if (id === undefined) return unavailable('OpenCode answered without a session id')
  link.listening.learn(copy.value)
  const named = await change(http, id, { metadata: { kimaki: mark }, title })
  if (!named.ok) return named
  const newest = await http.call({ method: 'GET', path: sessionPath(id, 'message'), query: { limit: '1' } })
  if (!newest.ok) return newest
  const upTo = Math.max(0, ...list(newest.value.json).map((message) => messageOf(record(message)['info'])?.created ?? 0))
  return done({ session: id, upTo, as: answeredBy(source.value) })
}

async function findOrMake(http: Http, source: Json, mark: string, again: boolean): Promise<AgentResult<Json>> {
  const id = text(source['id']) ?? ''
  const directory = text(source['directory']) ?? ''
  if (again) {
    const sessions = await listSessions(http, directory)
    if (!sessions.ok) return sessions
    const marked = sessions.value.find((one) => {
      const { kimaki, aside } = record(one['metadata'])
      return kimaki === mark || (aside === mark && one['id'] !== id)
    })
    if (marked) return done(marked)
  }
  const marked = await change(http, id, { metadata: { ...record(source['metadata']), aside: mark } })
  if (!marked.ok) return marked
  const made = await http.call({ method: 'POST', path: sessionPath(id, 'fork'), body: {}, deadlineMs: FIRST_TOUCH_MS })
  return made.ok ? done(record(made.value.json)) : made
}

async function change(http: Http, session: string, body: Json): Promise<AgentResult<undefined>> {
  const changed = await http.call({ method: 'PATCH', path: sessionPath(session), body })
  return changed.ok ? done(undefined) : changed
}

function answeredBy(source: Json): AnsweredBy {
  const { id, providerID, variant } = record(source['model'])
  const [model, provider] = [text(id), text(providerID)]
  return {
    agent: text(source['agent']),
    model: model !== undefined && provider !== undefined ? { provider, model, variant: text(variant) } : undefined,
  }
}
