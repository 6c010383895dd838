/** Answers the permissions and questions of the agent. OpenCode keeps no rule of ours: a permission is allowed once, never "always". */
import { AgentRefused, SessionGone } from '../../base/errors.ts'
import type { Ask } from '../../domain/agent.ts'
import type { AskOutcome } from '../../ports/agent.ts'
import type * as api from '../wire/api.ts'
import type { Answer, CallError } from '../wire/http.ts'
import type { Link } from './link.ts'
import { readSession } from './sessions.ts'

export const allowAsk = async (link: Link, ask: Ask): Promise<AskOutcome | CallError> =>
  outcomeOf(link, ask, await call(link, ask, 'reply', { reply: 'once' } satisfies api.PermissionAnswer))

/** OpenCode reads `words` of a permission alone: a rejected question ends the run. */
export async function rejectAsk(link: Link, ask: Ask, words?: string): Promise<AskOutcome | CallError> {
  const body: api.PermissionAnswer = { reply: 'reject', ...(words !== undefined && { message: words }) }
  return outcomeOf(link, ask, await (ask.kind === 'permission' ? call(link, ask, 'reply', body) : call(link, ask, 'reject', {})))
}

export async function answerQuestion(
  link: Link,
  ask: Ask,
  answers: readonly (readonly string[])[],
): Promise<AskOutcome | CallError> {
  const body: api.QuestionAnswer = { answers: answers.map((answer) => [...answer]) }
  return outcomeOf(link, ask, await call(link, ask, 'reply', body))
}

/** An ask that is gone was answered or aborted; an ask that this server never reported died with the earlier server that asked it. */
function outcomeOf(link: Link, ask: Ask, answer: Answer | CallError): AskOutcome | CallError {
  if (!(answer instanceof Error)) return 'answered'
  if (!isGone(answer)) return answer
  // Nobody knows which asks the server of an earlier bot has reported.
  return link.reportedAsks.has(ask.id) || link.server.adopted ? 'answered' : 'expired'
}

const isGone = (answer: CallError): boolean =>
  answer instanceof SessionGone || (answer instanceof AgentRefused && answer.status === 404)

/** OpenCode needs the session's folder: asked in another one it would say 404, as if the ask were gone. */
async function call(
  link: Link,
  { kind, session, id }: Ask,
  verb: 'reply' | 'reject',
  body: unknown,
): Promise<Answer | CallError> {
  const directory = link.askFolders.get(id) ?? (await folderOf(link, session))
  if (directory instanceof Error) return directory
  return link.http.call({ method: 'POST', path: `/${kind}/${encodeURIComponent(id)}/${verb}`, directory, body })
}

/** A call of 10 ms: an ask that came on the stream named its folder. */
async function folderOf(link: Link, session: string): Promise<string | CallError> {
  const asking = await readSession(link, session)
  return asking instanceof Error ? asking : (asking.text('directory') ?? '')
}
