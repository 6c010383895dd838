/** Sessions: made, listed, changed, copied, stopped. */
import { relative } from 'node:path'
import { isRecord, list, record, text } from '../base/json.ts'
import type { Json } from '../base/json.ts'
import { fork } from '../server/fork.ts'
import { newSession } from '../server/session.ts'
import { requestCompaction } from '../run/compaction.ts'
import type { PermissionRule, Session, UserMessage } from '../store/shapes.ts'
import { about, badRequest, ok } from './route.ts'
import type { Route } from './route.ts'

const DEFAULT_LIMIT = 100

export const SESSION_ROUTES: readonly Route[] = [
  about.folder('GET /session', ({ server, instance, query }) => {
    const isWanted = ({ directory, parentID }: Session) =>
      directory === instance.directory && (query.get('roots') !== 'true' || parentID === undefined)
    return ok(
      server.sessions
        .all()
        .filter(isWanted)
        .slice(0, Number(query.get('limit') ?? DEFAULT_LIMIT)),
    )
  }),
  about.folder('POST /session', ({ server, instance, body }) => {
    const { directory, worktree, projectID } = instance
    const place = { directory, projectID, path: relative(worktree, directory) }
    const parentID = text(body['parentID'])
    return ok(server.sessions.create(newSession(place, { ...changes(body), ...(parentID !== undefined && { parentID }) })))
  }),
  about.folder('GET /session/status', ({ server: { runs, sessions }, instance }) =>
    ok(Object.fromEntries(runs.statuses().filter(([id]) => sessions.get(id)?.directory === instance.directory))),
  ),
  about.session('GET /session/:sessionID', ({ session }) => ok(session)),
  about.session('PATCH /session/:sessionID', ({ server, session, body }) =>
    ok(server.sessions.change(session.id, changes(body))),
  ),
  about.session('DELETE /session/:sessionID', ({ server, session }) => {
    server.sessions.remove(session)
    return ok(true)
  }),
  about.session('GET /session/:sessionID/children', ({ server, session }) =>
    ok(server.sessions.all().filter(({ parentID }) => parentID === session.id)),
  ),
  about.session('POST /session/:sessionID/fork', ({ server, session, body }) =>
    ok(fork(server, session, text(body['messageID']))),
  ),
  // Of a session that is not there, too.
  about.server('POST /session/:sessionID/abort', async ({ server, params }) => {
    await server.runs.stop(params['sessionID'] ?? '')
    return ok(true)
  }),
  about.session('POST /session/:sessionID/summarize', async ({ server, session, body }) => {
    const isUsers = ({ info }: { readonly info: { readonly role: string } }) => info.role === 'user'
    const last = server.sessions.messages(session.id).findLast(isUsers)?.info as UserMessage | undefined
    const [providerID, modelID] = [text(body['providerID']), text(body['modelID'])]
    if (!last || providerID === undefined || modelID === undefined) return badRequest
    requestCompaction(server, { ...last, model: { providerID, modelID } }, { auto: body['auto'] === true })
    await server.runs.ensure(session.id)
    return ok(true)
  }),
]

function changes({ title, metadata, permission }: Json): Partial<Session> {
  return {
    ...(typeof title === 'string' && { title }),
    ...(isRecord(metadata) && { metadata: record(metadata) }),
    ...(Array.isArray(permission) && { permission: list(permission) as readonly PermissionRule[] }),
  }
}
