/**
 * Removes from a session what a server broke off that died in the middle: an answer that was begun and never completed, a user message
 * without its parts; and the files that a provider has refused (`refused-files.ts`). The model takes a broken answer for its own and passes over the question before it, so both leave the session before
 * anything new is asked in it (`DELETE /session/{id}/message/{messageID}`; OpenCode refuses with 409 while the session works).
 */
import { PromptGap } from '../../base/errors.ts'
import type { PromptRequest } from '../../ports/agent.ts'
import type * as api from '../wire/api.ts'
import { FIRST_TOUCH_MS, sessionPath } from '../wire/http.ts'
import { messageOf, partOf, statusIn } from '../wire/message.ts'
import { readList } from '../wire/read.ts'
import type { Received } from '../wire/read.ts'
import type { Link } from './link.ts'
import { refusedFiles } from './refused-files.ts'
import { readSession } from './sessions.ts'

/** Nothing older can have been broken off or refused: each death and each failure is repaired before the next prompt. */
const NEWEST = '20'

type Message = Received<api.MessageWithParts>

/**
 * Once for each session and server, and once more after each failure. A message that cannot be read or removed now is tried again before the next prompt. A message of
 * `after` that was never stored whole is a gap: it must be posted before this prompt.
 */
export async function repair(
  link: Link,
  { session, after = [] }: Pick<PromptRequest, 'session' | 'after'>,
): Promise<undefined | PromptGap> {
  if (link.repaired.has(session)) return undefined
  const messages = await messagesOfIdle(link, session)
  if (!messages) return undefined
  const { broken = [], whole = [] } = Object.groupBy(messages, (message) => (isBroken(message) ? 'broken' : 'whole'))
  const paths = [
    ...broken.flatMap(idOf).map((id) => sessionPath(session, 'message', id)),
    ...refusedFiles(whole).map(({ messageId, partId }) => sessionPath(session, 'message', messageId, 'part', partId)),
  ]
  const removals = await Promise.all(paths.map((path) => link.http.call({ method: 'DELETE', path })))
  const stored = new Set(whole.flatMap(idOf))
  const missing = after.find((id) => !stored.has(id))
  if (missing !== undefined) return new PromptGap({ missing })
  if (!removals.some((removal) => removal instanceof Error)) link.repaired.add(session)
  return undefined
}

/** The newest messages; `undefined` when the session works or cannot be read. First the state: then an idle session's are complete, or broken. */
async function messagesOfIdle(link: Link, session: string): Promise<readonly Message[] | undefined> {
  const { http } = link
  const found = await readSession(link, session)
  if (found instanceof Error) return undefined
  const directory = found.text('directory') ?? ''
  const states = await http.call({ method: 'GET', path: '/session/status', directory, deadlineMs: FIRST_TOUCH_MS })
  if (states instanceof Error || statusIn(states.json, session).kind !== 'idle') return undefined
  const answer = await http.call({ method: 'GET', path: sessionPath(session, 'message'), query: { limit: NEWEST } })
  return answer instanceof Error ? undefined : readList(answer.json)
}

const idOf = (message: Message): readonly string[] | string => message.object('info').text('id') ?? []

/** An answer with a tool that had started stays: what the tool did is done, and the model is to know. */
function isBroken(received: Message): boolean {
  const message = messageOf(received.object('info'))
  const parts = received.list('parts')
  if (message?.kind === 'user') return parts.length === 0
  if (!message || message.completed !== undefined || message.finish !== undefined || message.failure) return false
  return !parts.some((part) => {
    const shown = partOf(part)
    return shown?.kind === 'tool' && shown.state !== 'pending'
  })
}
