/**
 * A prompt is handed over when its message is seen in its session, not when OpenCode says 204:
 *
 *     (read, when it may be there already) ─▶ POST ─▶ seen? ── no, 10 s ──▶ POST once more ─▶ seen? ── no, 10 s ──▶ not-seen
 *
 * An error of the session makes it 2 s instead of 10. Seen means: announced on the stream, or found when read (after 150 ms, then with growing pauses). Message and part ids
 * are the caller's, so a second POST changes the same message; it also makes it the newest one and runs it, so it is sent
 * only while the message is absent. A `resend` wants just that: it is posted although the message is there, and what
 * counts as seen is then its new creation time, or the 204 with the message still in place.
 */
import type { AnsweredBy } from '../../domain/conversation/agent.ts'
import type { AgentFailureReason, AgentResult, PromptRequest } from '../../ports/agent.ts'
import { commandCall } from './commands.ts'
import { FIRST_TOUCH_MS } from '../wire/http.ts'
import type { Link } from './link.ts'
import { mend } from './repair.ts'
import { replacementModel } from './models.ts'
import { messageOf } from '../wire/message.ts'
import { list, record } from '../wire/json.ts'
import { STOPPED, done, failed, unavailable } from '../wire/result.ts'
import { sessionPath } from './sessions.ts'
import { pause, within } from '../wire/wait.ts'

const SEEN_MS = 10_000
const STREAM_MS = 10_000
const FIRST_LOOK_MS = 150
/** A re-sent message whose POST was accepted is re-timed within this. */
const RETIMED_MS = 1_000
/** After a POST of unknown outcome, or an error of the session: as long as a message takes to appear. */
const UNKNOWN_MS = 2_000
const COMMAND_LOOK_MS = 5_000

type Created = { readonly created: number }

/** `link` gives the live server anew for each try: it may have been replaced in between. */
export async function sendPrompt(
  request: PromptRequest,
  link: () => Promise<AgentResult<Link>>,
  stopped: AbortSignal,
): Promise<AgentResult<Created>> {
  // OpenCode and we read the same clock.
  const since = request.resend ? Date.now() : 0
  const first = await attempt(request.again && !request.resend)
  if (first.ok || (first.failure.kind !== 'not-seen' && first.failure.kind !== 'unavailable')) return first
  return attempt(true)

  async function attempt(readFirst: boolean): Promise<AgentResult<Created>> {
    const at = await link()
    if (!at.ok) return at
    if (readFirst) {
      const found = await findMessage(at.value, request, stopped)
      if (!found.ok) return found
      if (found.value && found.value.created >= since) return done(found.value)
    }
    if ((await mend(at.value, request)) === 'gap') return failed({ kind: 'gap' })
    await takeOut(at.value, request)
    const model = await replacementModel(at.value, request)
    return post(at.value, model ? { ...request, as: { agent: undefined, ...request.as, model } } : request, since, stopped)
  }
}

/** 409: the session works; it stays. 404: it is not there. */
async function takeOut({ http }: Link, { session, takeOut: ids = [] }: PromptRequest): Promise<void> {
  await Promise.all(
    ids.map(async (id) => http.call({ method: 'DELETE', path: sessionPath(session, 'message', id), deadlineMs: SEEN_MS })),
  )
}

async function post(link: Link, request: PromptRequest, since: number, stopped: AbortSignal): Promise<AgentResult<Created>> {
  const { http, listening, server, stream } = link
  const { session, messageId, resend, command } = request
  if (!(await stream.flowing(STREAM_MS, AbortSignal.any([stopped, server.gone])))) {
    return stopped.aborted ? STOPPED : unavailable('OpenCode: no event stream')
  }
  // After a restart the session is not known yet: looked up now, its events need not wait.
  void listening.find(session)
  const announced = Promise.withResolvers<Created>()
  const over = new AbortController()
  let failedAt = Number.POSITIVE_INFINITY
  const cancels = [
    listening.onUserMessage(messageId, (created) => created >= since && announced.resolve({ created })),
    listening.onFailure(session, () => (failedAt = Math.min(failedAt, performance.now()))),
  ]
  try {
    const what = command ? await commandCall(http, request, command) : promptCall(request)
    const call = http.call({ method: 'POST', deadlineMs: FIRST_TOUCH_MS, ...what })
    if (command && !resend) void lookNowAndThen(link, request, over.signal).then((found) => found && announced.resolve(found))
    const posted = await Promise.race([announced.promise, call])
    if ('created' in posted) return done(posted)
    if (!posted.ok && !isUnknown(posted)) return posted

    const postedAt = performance.now()
    const until = () => Math.min(postedAt + (posted.ok ? SEEN_MS : UNKNOWN_MS), failedAt + UNKNOWN_MS)
    for (let wait = FIRST_LOOK_MS; performance.now() < until() && !stopped.aborted; wait *= 2) {
      const heard = await within(
        announced.promise,
        Math.min(wait, until() - performance.now()),
        AbortSignal.any([stopped, server.gone]),
      )
      if (heard) return done(heard)
      const found = await readMessage(link, request)
      if (!found.ok) return found
      const created = found.value?.created
      if (created === undefined) continue
      if (created >= since || (resend && posted.ok && performance.now() - postedAt >= RETIMED_MS)) return done({ created })
    }
    if (stopped.aborted) return STOPPED
    return posted.ok ? failed({ kind: 'not-seen' }) : posted
  } finally {
    over.abort()
    for (const cancel of cancels) cancel()
  }
}

/** The call of a command lasts as long as its run: were the announcement missed, it would count as seen when all is over. */
async function lookNowAndThen(link: Link, request: PromptRequest, over: AbortSignal): Promise<Created | undefined> {
  const signal = AbortSignal.any([over, link.server.gone])
  while (!signal.aborted) {
    await pause(COMMAND_LOOK_MS, signal)
    const found = signal.aborted ? undefined : await readMessage(link, request)
    if (found?.ok && found.value) return found.value
  }
  return undefined
}

const promptCall = ({ session, messageId: messageID, parts, followed, as }: PromptRequest) => ({
  path: sessionPath(session, 'prompt_async'),
  body: { messageID, parts, ...(followed && { noReply: true }), ...(as && answeredBy(as)) },
})

const answeredBy = ({ agent, model }: AnsweredBy) => ({
  ...(agent !== undefined && { agent }),
  ...(model && { model: { providerID: model.provider, modelID: model.model } }),
  ...(model?.variant !== undefined && { variant: model.variant }),
})

/** The connection broke, or the server stumbled over it: the message may be stored or not. */
function isUnknown({ failure }: { readonly failure: AgentFailureReason }): boolean {
  return failure.kind === 'unavailable' || (failure.kind === 'refused' && failure.status >= 500)
}

/**
 * Of a command one look is not enough: an earlier call may still be expanding its words, and a second one under the same id would add
 * them once more.
 */
async function findMessage(link: Link, request: PromptRequest, stopped: AbortSignal): Promise<AgentResult<Created | undefined>> {
  const until = performance.now() + (request.command ? UNKNOWN_MS : 0)
  for (;;) {
    const found = await readMessage(link, request, FIRST_TOUCH_MS)
    if (!found.ok || found.value || performance.now() >= until) return found
    await pause(FIRST_LOOK_MS, AbortSignal.any([stopped, link.server.gone]))
    if (stopped.aborted) return STOPPED
  }
}

/** `undefined` when the session has no such message. */
async function readMessage(
  { http }: Link,
  { session, messageId }: PromptRequest,
  deadlineMs = SEEN_MS,
): Promise<AgentResult<Created | undefined>> {
  const answer = await http.call({ method: 'GET', path: sessionPath(session, 'message', messageId), deadlineMs })
  if (answer.ok) {
    const { info, parts } = record(answer.value.json)
    const message = messageOf(info)
    // Without parts it was not stored to its end.
    return done(message && list(parts).length > 0 ? { created: message.created } : undefined)
  }
  const { failure } = answer
  return failure.kind === 'refused' && failure.status === 404 ? done(undefined) : answer
}
