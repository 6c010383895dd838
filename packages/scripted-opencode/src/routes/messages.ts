/** Messages: read, changed and removed. */
import { unexpected } from '../server/errors.ts'
import type { Part } from '../store/shapes.ts'
import { about, badRequest, notFound, ok } from './route.ts'
import type { Route } from './route.ts'

export const MESSAGE_ROUTES: readonly Route[] = [
  /** The newest `limit` before the message `before`, oldest first; `x-next-cursor` names where the page before that ends. */
  about.session('GET /session/:sessionID/message', ({ server, session, query }) => {
    const all = server.sessions.messages(session.id)
    const limit = Number(query.get('limit') ?? Number.POSITIVE_INFINITY)
    const found = all.findIndex(({ info }) => info.id === query.get('before'))
    const end = found < 0 ? all.length : found
    const begin = Math.max(0, end - limit)
    const cursor = begin > 0 ? all[begin]?.info.id : undefined
    return { status: 200, json: all.slice(begin, end), ...(cursor !== undefined && { headers: { 'x-next-cursor': cursor } }) }
  }),
  about.session('GET /session/:sessionID/message/:messageID', ({ server, session, params }) => {
    const id = params['messageID'] ?? ''
    const message = server.sessions.message(session.id, id)
    return message ? ok(message) : notFound(`Message not found: ${id}`)
  }),
  about.session('DELETE /session/:sessionID/message/:messageID', ({ server, session, params }) => {
    const id = params['messageID'] ?? ''
    if (server.runs.isBusy(session.id)) {
      return { status: 409, json: { _tag: 'SessionBusyError', sessionID: session.id, message: `Session is busy: ${session.id}` } }
    }
    if (server.sessions.message(session.id, id)) server.sessions.removeMessage(session.id, id)
    return ok(true)
  }),
  // While the session works, too. A part that is not there is added.
  about.session('PATCH /session/:sessionID/message/:messageID/part/:partID', ({ server, session, params, body }) => {
    const { messageID = '', partID } = params
    const isOf = body['sessionID'] === session.id && body['messageID'] === messageID && body['id'] === partID
    if (!isOf || typeof body['type'] !== 'string') return badRequest
    if (!server.sessions.message(session.id, messageID)) return { status: 500, json: unexpected() }
    return ok(server.sessions.putPart(body as unknown as Part))
  }),
  about.session('DELETE /session/:sessionID/message/:messageID/part/:partID', ({ server, session, params }) => {
    const { messageID = '', partID = '' } = params
    if (server.sessions.message(session.id, messageID)) server.sessions.removePart(session.id, messageID, partID)
    return ok(true)
  }),
]
