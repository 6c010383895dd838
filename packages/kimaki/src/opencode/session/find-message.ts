/** Looks for the message of a prompt in its session. */
import { AgentRefused } from '../../base/errors.ts'
import { sleep } from '../../base/sleep.ts'
import type { PromptRequest } from '../../ports/agent.ts'
import type * as api from '../wire/api.ts'
import { FIRST_TOUCH_MS, sessionPath } from '../wire/http.ts'
import type { CallError } from '../wire/http.ts'
import { messageOf } from '../wire/message.ts'
import { read } from '../wire/read.ts'
import type { Link } from './link.ts'

export interface Created {
  /** Unix ms, OpenCode's clock. */
  readonly created: number
}

/** As long as a message takes to appear after a POST. */
export const APPEARS_WITHIN_MS = 2_000
const READ_MS = 10_000
const LOOK_MS = 150

/** `undefined` when the session has no such message, or when OpenCode has not stored it to its end. */
export async function readMessage(
  { http }: Link,
  { session, messageId }: Pick<PromptRequest, 'session' | 'messageId'>,
  deadlineMs = READ_MS,
): Promise<Created | undefined | CallError> {
  const answer = await http.call({ method: 'GET', path: sessionPath(session, 'message', messageId), deadlineMs })
  if (answer instanceof AgentRefused && answer.status === 404) return undefined
  if (answer instanceof Error) return answer
  const received = read<api.MessageWithParts>(answer.json)
  const message = messageOf(received.object('info'))
  return message && received.list('parts').length > 0 ? { created: message.created } : undefined
}

/**
 * For a retry. A command is looked for during 2 s: OpenCode may still be expanding the words of an earlier call, and a second call under the
 * same id would add them once more.
 */
export async function findMessage(
  link: Link,
  request: PromptRequest,
  stopped: AbortSignal,
): Promise<Created | undefined | CallError> {
  const until = performance.now() + (request.command ? APPEARS_WITHIN_MS : 0)
  for (;;) {
    const found = await readMessage(link, request, FIRST_TOUCH_MS)
    if (found !== undefined || performance.now() >= until) return found
    await sleep(LOOK_MS, stopped)
  }
}
