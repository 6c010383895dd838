/** Answers to what the agent asks. Until people can answer, that is "no". */
import type { Ask } from '../../domain/conversation/agent.ts'
import type { AgentResult } from '../../ports/agent.ts'
import { text } from '../wire/json.ts'
import type { Link } from './link.ts'
import { done } from '../wire/result.ts'
import { readSession, sessionPath } from './sessions.ts'

/** An ask that is gone was answered or aborted; one that this server never told was asked by one that has died, and died with it. */
export async function rejectAsk(link: Link, ask: Ask): Promise<AgentResult<'rejected' | 'expired'>> {
  const answer = await (ask.kind === 'permission' ? rejectPermission(link, ask) : rejectQuestion(link, ask))
  if (answer.ok) return done('rejected')
  const { failure } = answer
  const isGone = failure.kind === 'session-gone' || (failure.kind === 'refused' && failure.status === 404)
  if (!isGone) return answer
  // Of an earlier bot's server it is not known what it has told.
  return done(link.asked.has(ask.id) || link.server.adopted ? 'rejected' : 'expired')
}

/** This route finds the session's folder by itself. */
function rejectPermission({ http }: Link, { session, id }: Ask): Promise<AgentResult<unknown>> {
  return http.call({ method: 'POST', path: sessionPath(session, 'permissions', id), body: { response: 'reject' } })
}

/** This one does not: asked in the wrong folder it would say 404, as if the question were gone. */
async function rejectQuestion(link: Link, { session, id }: Ask): Promise<AgentResult<unknown>> {
  const asking = await readSession(link, session)
  if (!asking.ok) return asking
  const directory = text(asking.value['directory']) ?? ''
  return link.http.call({ method: 'POST', path: `/question/${encodeURIComponent(id)}/reject`, directory, body: {} })
}
