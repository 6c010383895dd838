/** Answers the permissions and questions of the agent. Until people can answer, the answer is "no". */
import { AgentRefused, SessionGone } from '../../base/errors.ts'
import type { Ask } from '../../domain/agent.ts'
import type * as api from '../wire/api.ts'
import { sessionPath } from '../wire/http.ts'
import type { Answer, CallError } from '../wire/http.ts'
import type { Link } from './link.ts'
import { readSession } from './sessions.ts'

/** An ask that is gone was answered or aborted; an ask that this server never reported died with the earlier server that asked it. */
export async function rejectAsk(link: Link, ask: Ask): Promise<'rejected' | 'expired' | CallError> {
  const answer = await (ask.kind === 'permission' ? rejectPermission(link, ask) : rejectQuestion(link, ask))
  if (!(answer instanceof Error)) return 'rejected'
  const isGone = answer instanceof SessionGone || (answer instanceof AgentRefused && answer.status === 404)
  if (!isGone) return answer
  // Nobody knows which asks the server of an earlier bot has reported.
  return link.reportedAsks.has(ask.id) || link.server.adopted ? 'rejected' : 'expired'
}

/** OpenCode finds the folder of the session by itself. */
function rejectPermission({ http }: Link, { session, id }: Ask): Promise<Answer | CallError> {
  const body: api.PermissionAnswer = { response: 'reject' }
  return http.call({ method: 'POST', path: sessionPath(session, 'permissions', id), body })
}

/** OpenCode needs the session's folder: asked in another one it would say 404, as if the question were gone. */
async function rejectQuestion(link: Link, { session, id }: Ask): Promise<Answer | CallError> {
  const asking = await readSession(link, session)
  if (asking instanceof Error) return asking
  const directory = asking.text('directory') ?? ''
  return link.http.call({ method: 'POST', path: `/question/${encodeURIComponent(id)}/reject`, directory, body: {} })
}
