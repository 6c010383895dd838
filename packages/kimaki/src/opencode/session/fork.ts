/**
 * Copies a session (`POST /session/{id}/fork`). The copy carries the messages up to now under new ids and with their old times, and the
 * metadata of its source; agent, model and the end of a running tool stay with the source. So the mark is written into the source first,
 * and the copy is born with it: at no moment could a retry miss the copy. Then the copy gets a mark and a title of its own.
 */
import { AgentUnavailable } from '../../base/errors.ts'
import type { AnsweredBy, Fork } from '../../domain/agent.ts'
import type { ForkRequest } from '../../ports/agent.ts'
import type * as api from '../wire/api.ts'
import { FIRST_TOUCH_MS, sessionPath } from '../wire/http.ts'
import type { CallError, Http } from '../wire/http.ts'
import { messageOf } from '../wire/message.ts'
import { read, readList } from '../wire/read.ts'
import type { Link } from './link.ts'
import { listSessions, readSession } from './sessions.ts'
import type { Session } from './sessions.ts'

export async function fork(
  link: Link,
  { session, mark, title, isRetry, before }: Omit<ForkRequest, 'directory'>,
): Promise<Fork | CallError> {
  const { http } = link
  const source = await readSession(link, session)
  if (source instanceof Error) return source
  const copy = (isRetry ? await findCopy(http, source, mark) : undefined) ?? (await makeCopy(http, source, { mark, before }))
  if (copy instanceof Error) return copy
  const id = copy.text('id')
  if (id === undefined) return new AgentUnavailable({ reason: 'OpenCode answered without a session id' })
  link.events.learn(copy)
  const naming = await update(http, id, { metadata: { kimaki: mark }, title })
  if (naming instanceof Error) return naming
  const newest = await http.call({ method: 'GET', path: sessionPath(id, 'message'), query: { limit: '1' } })
  if (newest instanceof Error) return newest
  const messages = readList<api.MessageWithParts>(newest.json).map((message) => messageOf(message.object('info')))
  return { session: id, upTo: Math.max(0, ...messages.map((message) => message?.created ?? 0)), as: answeredByOf(source) }
}

/** The copy of an earlier attempt: already named, or still with the metadata of its source. */
async function findCopy(http: Http, source: Session, mark: string): Promise<Session | undefined | CallError> {
  const sessions = await listSessions(http, source.text('directory') ?? '')
  if (sessions instanceof Error) return sessions
  return sessions.find((session) => {
    const metadata = session.object('metadata')
    const isUnnamedCopy = metadata.text('aside') === mark && session.text('id') !== source.text('id')
    return metadata.text('kimaki') === mark || isUnnamedCopy
  })
}

async function makeCopy(
  http: Http,
  source: Session,
  { mark, before }: Pick<ForkRequest, 'mark' | 'before'>,
): Promise<Session | CallError> {
  const id = source.text('id') ?? ''
  const marking = await update(http, id, { metadata: { ...source.object('metadata').fields, aside: mark } })
  if (marking instanceof Error) return marking
  const made = await http.call({
    method: 'POST',
    path: sessionPath(id, 'fork'),
    body: before === undefined ? {} : { messageID: before },
    deadlineMs: FIRST_TOUCH_MS,
  })
  return made instanceof Error ? made : read(made.json)
}

async function update(http: Http, session: string, body: api.UpdateSessionBody): Promise<undefined | CallError> {
  const answer = await http.call({ method: 'PATCH', path: sessionPath(session), body })
  return answer instanceof Error ? answer : undefined
}

/** Who has answered last in a session. */
export async function answererOf(link: Link, session: string): Promise<AnsweredBy | CallError> {
  const found = await readSession(link, session)
  return found instanceof Error ? found : answeredByOf(found)
}

function answeredByOf(source: Session): AnsweredBy {
  const received = source.object('model')
  const provider = received.text('providerID')
  const model = received.text('id')
  const isKnown = provider !== undefined && model !== undefined
  return { agent: source.text('agent'), model: isKnown ? { provider, model, variant: received.text('variant') } : undefined }
}
