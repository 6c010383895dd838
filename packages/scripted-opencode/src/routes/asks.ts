/** What the agent waits for an answer to. One route finds the session's folder by itself, the others want it named. */
import { list, text } from '../base/json.ts'
import { Rejected } from '../server/asks.ts'
import type { Server } from '../server/server.ts'
import { about, badRequest, ok } from './route.ts'
import type { Reply, Route } from './route.ts'

export const ASK_ROUTES: readonly Route[] = [
  about.folder('GET /permission', ({ server, instance }) => ok(server.permissions.list(instance.directory))),
  about.folder('POST /permission/:id/reply', ({ server, instance, params, body }) =>
    permission(server, instance.directory, params['id'] ?? '', { reply: text(body['reply']), message: text(body['message']) }),
  ),
  about.session('POST /session/:sessionID/permissions/:id', ({ server, session, params, body }) =>
    permission(server, session.directory, params['id'] ?? '', { reply: text(body['response']) }),
  ),
  about.folder('GET /question', ({ server, instance }) => ok(server.questions.list(instance.directory))),
  about.folder('POST /question/:id/reply', ({ server, instance, params, body }) => {
    const answers = list(body['answers']) as readonly (readonly string[])[]
    return question(server, instance.directory, params['id'] ?? '', answers)
  }),
  about.folder('POST /question/:id/reject', ({ server, instance, params }) =>
    question(server, instance.directory, params['id'] ?? '', new Rejected('The user dismissed this question')),
  ),
]

interface Answered {
  readonly reply: string | undefined
  /** With a no: what to do instead. */
  readonly message?: string | undefined
}

/** A plain no is a no to all that the session asks for. */
function permission({ permissions }: Server, directory: string, id: string, { reply, message }: Answered): Reply {
  const ask = permissions.find(id, directory)
  if (!ask) return gone('Permission', id)
  if (reply === 'once' || reply === 'always') {
    permissions.answer(id, reply, { type: 'permission.replied', reply })
    return ok(true)
  }
  if (reply !== 'reject') return badRequest
  const refused = 'The user rejected permission to use this specific tool call'
  const others = permissions.list(directory).filter(({ sessionID }) => sessionID === ask.sessionID)
  const no =
    message === undefined ? new Rejected(`${refused}.`) : new Rejected(`${refused} with the following feedback: ${message}`, true)
  permissions.answer(id, no, { type: 'permission.replied', reply })
  for (const other of others)
    if (other !== ask) permissions.answer(other.id, new Rejected(`${refused}.`), { type: 'permission.replied', reply })
  return ok(true)
}

function question(
  { questions }: Server,
  directory: string,
  id: string,
  answer: readonly (readonly string[])[] | Rejected,
): Reply {
  if (!questions.find(id, directory)) return gone('Question', id)
  const told = answer instanceof Rejected ? { type: 'question.rejected' } : { type: 'question.replied', answers: answer }
  questions.answer(id, answer, told)
  return ok(true)
}

const gone = (kind: 'Permission' | 'Question', requestID: string): Reply => ({
  status: 404,
  json: { _tag: `${kind}NotFoundError`, requestID, message: `${kind} request not found: ${requestID}` },
})
