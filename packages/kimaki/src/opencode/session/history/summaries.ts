/** Sessions by their titles, and sharing one. */
import { SessionGone } from '../../../base/errors.ts'
import type { SessionSummary } from '../../../ports/agent/sessions.ts'
import type * as api from '../../wire/api.ts'
import { FIRST_TOUCH_MS, sessionPath, type CallError, type Http } from '../../wire/http.ts'
import { read, readList, type Received } from '../../wire/read.ts'

/** OpenCode looks for `search` in titles, whatever the case, and lists those used last first. */
export async function listSummaries(
  http: Http,
  directory: string,
  { search, limit }: { readonly search: string; readonly limit: number },
): Promise<readonly SessionSummary[] | CallError> {
  const query = { roots: 'true', limit: String(limit), ...(search !== '' && { search }) }
  const answer = await http.call({ method: 'GET', path: '/session', directory, query, deadlineMs: FIRST_TOUCH_MS })
  return answer instanceof Error ? answer : readList<api.Session>(answer.json).flatMap(summaryOf)
}

export async function readSummary(http: Http, session: string): Promise<SessionSummary | CallError> {
  const answer = await http.call({ method: 'GET', path: sessionPath(session), deadlineMs: FIRST_TOUCH_MS })
  return answer instanceof Error ? answer : onlyOne(read(answer.json), session)
}

/** `folder`: the real path, as OpenCode records it. OpenCode itself reads any session from any folder. */
export async function findSummary(http: Http, folder: string, session: string): Promise<SessionSummary | CallError> {
  const answer = await http.call({ method: 'GET', path: sessionPath(session), deadlineMs: FIRST_TOUCH_MS })
  if (answer instanceof Error) return answer
  const received = read<api.Session>(answer.json)
  const isListed = received.text('directory') === folder && received.text('parentID') === undefined
  return isListed ? onlyOne(received, session) : new SessionGone({ session })
}

/** A session is uploaded whole. */
const SHARE_MS = 60_000

export async function share(http: Http, session: string, isShared: boolean): Promise<SessionSummary | CallError> {
  const path = sessionPath(session, 'share')
  const answer = await http.call({ method: isShared ? 'POST' : 'DELETE', path, deadlineMs: SHARE_MS })
  return answer instanceof Error ? answer : onlyOne(read(answer.json), session)
}

const onlyOne = (received: Received<api.Session>, id: string): SessionSummary =>
  summaryOf(received)[0] ?? { id, title: '', updated: 0, sharedAt: undefined }

export function summaryOf(session: Received<api.Session>): readonly SessionSummary[] {
  const id = session.text('id')
  if (id === undefined) return []
  const sharedAt = session.object('share').text('url')
  return [{ id, title: session.text('title') ?? '', updated: session.object('time').number('updated') ?? 0, sharedAt }]
}
