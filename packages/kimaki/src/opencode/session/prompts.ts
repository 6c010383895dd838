/**
 * Delivers a prompt to its session. It counts as delivered when its message is seen in the session, not when OpenCode answers 204:
 *
 *     (read, for a retry) ─▶ POST ─▶ seen? ── no, 10 s ──▶ read, POST once more ─▶ seen? ── no, 10 s ──▶ PromptNotSeen
 *
 * P1 Message and part ids are the caller's, so a second POST changes the same message. It also makes it the newest message and runs it, so
 *    it is sent only while the message is absent.
 * P2 A `resend` is posted although the message is there; then its new creation time counts as seen, or the 204 with the message in place.
 * P3 Posted again, a message would keep its place: behind a summary that was asked for meanwhile OpenCode would never read it. So one that
 *    others stand behind leaves the session first. Which these are, only the session knows at the moment of the POST.
 * P4 Nothing is posted while no events flow, while a message it must stand `after` is missing, or before the session is repaired.
 */
import { AgentUnavailable, PromptNotSeen } from '../../base/errors.ts'
import type { PromptRequest } from '../../ports/agent.ts'
import type { AgentError } from '../../ports/agent-error.ts'
import type * as api from '../wire/api.ts'
import { sessionPath } from '../wire/http.ts'
import { messageOf } from '../wire/message.ts'
import { readList } from '../wire/read.ts'
import { findMessage } from './find-message.ts'
import type { Created } from './find-message.ts'
import type { Link } from './link.ts'
import { replacementModel } from './models.ts'
import { postPrompt } from './post-prompt.ts'
import type { Submission } from './post-prompt.ts'
import { repair } from './repair.ts'

const REMOVE_MS = 10_000
const NEWEST = '100'

/** `server` gives the live server anew for each try: another may have taken its place. */
export async function submitPrompt(
  request: PromptRequest,
  server: () => Promise<Link | AgentError>,
  stopped: AbortSignal,
): Promise<Created | AgentError> {
  // OpenCode and the bot read the same clock.
  const submission: Submission = { request, since: request.resend ? Date.now() : 0, stopped }
  const first = await attempt(await server(), submission, request.isRetry && !request.resend)
  const mayRetry = first instanceof PromptNotSeen || first instanceof AgentUnavailable
  return mayRetry ? attempt(await server(), submission, true) : first
}

async function attempt(link: Link | AgentError, submission: Submission, readFirst: boolean): Promise<Created | AgentError> {
  if (link instanceof Error) return link
  const { request, since, stopped } = submission
  if (readFirst) {
    const found = await findMessage(link, request, stopped)
    if (found instanceof Error || (found && found.created >= since)) return found
  }
  const gap = await repair(link, request)
  if (gap) return gap
  await remove(link, request, [...(request.removeFirst ?? []), ...(await overtaken(link, request))])
  const model = await replacementModel(link, request)
  const answeredBy = model && { agent: undefined, ...request.answeredBy, model }
  return postPrompt(link, answeredBy ? { ...submission, request: { ...request, answeredBy } } : submission)
}

/** P3. Its own id, if a message of a user stands behind it. One that is not among the newest has many behind it, or is not there. */
async function overtaken({ http }: Link, { session, messageId, resend, command }: PromptRequest): Promise<readonly string[]> {
  if (!resend || command) return []
  const answer = await http.call({ method: 'GET', path: sessionPath(session, 'message'), query: { limit: NEWEST } })
  if (answer instanceof Error) return []
  const messages = readList<api.MessageWithParts>(answer.json).flatMap((message) => messageOf(message.object('info')) ?? [])
  const behind = messages.slice(messages.findIndex(({ id }) => id === messageId) + 1)
  return behind.some(({ kind, id }) => kind === 'user' && id !== messageId) ? [messageId] : []
}

/** 409: the session works, and the message stays. 404: the message is not there. */
async function remove({ http }: Link, { session }: PromptRequest, ids: readonly string[]): Promise<void> {
  await Promise.all(
    ids.map((id) => http.call({ method: 'DELETE', path: sessionPath(session, 'message', id), deadlineMs: REMOVE_MS })),
  )
}
