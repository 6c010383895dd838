/**
 * Has a message name another agent or model: it is posted again without parts, which leaves the parts it has, and with `noReply`, which
 * begins no run. A run that goes on reads at each step whom its newest message names. OpenCode answers before it has stored anything.
 */
import { AgentUnavailable } from '../../../base/errors.ts'
import { sleep } from '../../../base/sleep.ts'
import type { ModelChoice } from '../../../domain/models/preferences.ts'
import type { SwitchRequest } from '../../../ports/agent.ts'
import type * as api from '../../wire/api.ts'
import { sessionPath, type CallError } from '../../wire/http.ts'
import { read, type Received } from '../../wire/read.ts'
import { APPEARS_WITHIN_MS, readMessage, type Created } from '../find-message.ts'
import type { Link } from '../link.ts'

const LOOK_MS = 20

export async function switchModel(
  link: Link,
  { session, messageId, answeredBy }: SwitchRequest,
  stopped: AbortSignal,
): Promise<Created | CallError> {
  const { http } = link
  const answer = await http.call({ method: 'GET', path: sessionPath(session, 'message', messageId) })
  if (answer instanceof Error) return answer
  const known = read<api.MessageWithParts>(answer.json).object('info')
  const before = known.object('time').number('created') ?? 0
  const model = answeredBy.model ?? modelOf(known.object('model'))
  const agent = answeredBy.agent ?? known.text('agent')
  const body: api.PromptBody = {
    messageID: messageId,
    parts: [],
    noReply: true,
    ...(agent !== undefined && { agent }),
    ...(model && { model: { providerID: model.provider, modelID: model.model } }),
    ...(model?.variant !== undefined && { variant: model.variant }),
  }
  const posted = await http.call({ method: 'POST', path: sessionPath(session, 'prompt_async'), body })
  if (posted instanceof Error) return posted
  for (const until = performance.now() + APPEARS_WITHIN_MS; performance.now() < until; await sleep(LOOK_MS, stopped)) {
    const found = await readMessage(link, { session, messageId })
    if (found instanceof Error || (found && found.created > before)) return found
  }
  return new AgentUnavailable({ reason: 'OpenCode did not take the other model' })
}

function modelOf(model: Received<api.MessageModel>): ModelChoice | undefined {
  const [provider, id] = [model.text('providerID'), model.text('modelID')]
  return provider === undefined || id === undefined ? undefined : { provider, model: id, variant: model.text('variant') }
}
