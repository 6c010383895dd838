/** Messages: read and removed. */
import { about, notFound, ok } from './route.ts'
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
]
