/** Answers the permissions and questions of the agent: "once" for the files that people sent; until people can answer, else "no". */
import { AgentRefused, SessionGone } from '../../base/errors.ts'
import type { Ask } from '../../domain/agent.ts'
import type * as api from '../wire/api.ts'
import { sessionPath } from '../wire/http.ts'
import type { Answer, CallError } from '../wire/http.ts'
import type { Link } from './link.ts'
import { readSession } from './sessions.ts'

/** An ask that is gone was answered or aborted; an ask that this server never reported died with the earlier server that asked it. */
export async function rejectAsk(link: Link, ask: Ask): Promise<'rejected' | 'expired' | CallError> {
  const answer = await (ask.kind === 'permission' ? answerPermission(link, ask, 'reject') : rejectQuestion(link, ask))
  if (!(answer instanceof Error)) return 'rejected'
  if (!isGone(answer)) return answer
  // Nobody knows which asks the server of an earlier bot has reported.
  return link.reportedAsks.has(ask.id) || link.server.adopted ? 'rejected' : 'expired'
}

/** This once; OpenCode keeps no rule. An ask that is gone needs no answer. */
export async function allowAsk(link: Link, ask: Ask): Promise<undefined | CallError> {
  const answer = await answerPermission(link, ask, 'once')
  return answer instanceof Error && !isGone(answer) ? answer : undefined
}

const isGone = (answer: CallError): boolean =>
  answer instanceof SessionGone || (answer instanceof AgentRefused && answer.status === 404)

/** OpenCode finds the folder of the session by itself. */
function answerPermission(
  { http }: Link,
  { session, id }: Ask,
  response: api.PermissionAnswer['response'],
): Promise<Answer | CallError> {
  const body: api.PermissionAnswer = { response }
  return http.call({ method: 'POST', path: sessionPath(session, 'permissions', id), body })
}

/** OpenCode needs the session's folder: asked in another one it would say 404, as if the question were gone. */
async function rejectQuestion(link: Link, { session, id }: Ask): Promise<Answer | CallError> {
  const asking = await readSession(link, session)
  if (asking instanceof Error) return asking
  const directory = asking.text('directory') ?? ''
  return link.http.call({ method: 'POST', path: `/question/${encodeURIComponent(id)}/reject`, directory, body: {} })
}
