/**
 * What a server left behind that died in the middle: an answer that was begun and never completed, a user message without its parts.
 * The model takes a broken answer for its own and passes over the question before it, so both are taken out of the session before
 * anything new is asked in it (`DELETE /session/{id}/message/{messageID}`; OpenCode refuses with 409 while the session works).
 */
import type { PromptRequest } from '../../ports/agent.ts'
import { FIRST_TOUCH_MS } from '../wire/http.ts'
import { list, record, text } from '../wire/json.ts'
import type { Link } from './link.ts'
import { messageOf, partOf, statusOf } from '../wire/message.ts'
import { readSession, sessionPath } from './sessions.ts'

/** Nothing older can have been broken off: a server dies once, and each death is mended before the next question. */
const NEWEST = '20'

/**
 * Once for each session and server. What cannot be read or removed now is tried again before the next question. `gap`: a message the
 * question is to stand `behind` was never stored; it must come first.
 */
export async function mend(
  link: Link,
  { session, behind = [] }: Pick<PromptRequest, 'session' | 'behind'>,
): Promise<'gap' | undefined> {
  const { http, mended } = link
  if (mended.has(session)) return undefined
  const found = await readSession(link, session)
  if (!found.ok) return undefined
  // First the state, then the messages: of an idle session they are complete, or broken.
  const directory = text(found.value['directory']) ?? ''
  const states = await http.call({ method: 'GET', path: '/session/status', directory, deadlineMs: FIRST_TOUCH_MS })
  if (!states.ok || statusOf(record(states.value.json)[session]).kind !== 'idle') return
  const query = { limit: NEWEST }
  const messages = await http.call({ method: 'GET', path: sessionPath(session, 'message'), query })
  if (!messages.ok) return undefined
  const [broken = [], whole = []] = [true, false].map((wanted) =>
    list(messages.value.json).flatMap((message) =>
      isBroken(message) === wanted ? (text(record(record(message)['info'])['id']) ?? []) : [],
    ),
  )
  const removed = await Promise.all(
    broken.map(async (id) => http.call({ method: 'DELETE', path: sessionPath(session, 'message', id) })),
  )
  if (!behind.every((id) => whole.includes(id))) return 'gap'
  if (removed.every(({ ok }) => ok)) mended.add(session)
  return undefined
}

/** A tool that had started stays: what it did is done, and the model is to know. */
function isBroken(value: unknown): boolean {
  const { info, parts } = record(value)
  const message = messageOf(info)
  if (message?.kind === 'user') return list(parts).length === 0
  if (!message || message.completed !== undefined || message.finish !== undefined || message.failure) return false
  return !list(parts).some((part) => {
    const shown = partOf(part)
    return shown?.kind === 'tool' && shown.state !== 'pending'
  })
}
