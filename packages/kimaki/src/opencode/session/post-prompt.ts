/**
 * One POST of a prompt, until its message is seen: announced on the event stream, or found when it is read (after 150 ms, then with growing
 * pauses). The wait ends unseen after 10 s; 2 s after a POST of unknown outcome, or after an error of the session.
 */
import { AgentRefused, AgentUnavailable, PromptNotSeen, isAbortError } from '../../base/errors.ts'
import { sleep, withDeadline } from '../../base/sleep.ts'
import type { AgentFailure, AnsweredBy } from '../../domain/agent.ts'
import type { PromptRequest } from '../../ports/agent.ts'
import type * as api from '../wire/api.ts'
import { FIRST_TOUCH_MS, sessionPath } from '../wire/http.ts'
import type { Answer, CallError } from '../wire/http.ts'
import { commandCall } from './command-call.ts'
import { APPEARS_WITHIN_MS, readMessage } from './find-message.ts'
import type { Created } from './find-message.ts'
import type { Link } from './link.ts'

const SEEN_MS = 10_000
const STREAM_MS = 10_000
const FIRST_LOOK_MS = 150
/** OpenCode gives a message that is posted again its new time within this. */
const RETIMED_MS = 1_000
const COMMAND_LOOK_MS = 5_000

export interface Submission {
  readonly request: PromptRequest
  /** Unix ms: a message created before does not count as this submission. 0 for a message that cannot be there yet. */
  readonly since: number
  readonly stopped: AbortSignal
}

export async function postPrompt(link: Link, submission: Submission): Promise<Created | CallError | PromptNotSeen> {
  const { request, since, stopped } = submission
  if (!(await link.stream.flows(STREAM_MS, stopped))) return new AgentUnavailable({ reason: 'OpenCode: no event stream' })
  // After a restart of the bot the session is not known yet: looked up now, its events need not wait.
  link.events.prefetch(request.session)
  const watch = new MessageWatch(link, submission)
  try {
    const posted = await Promise.race([watch.announced, post(link, watch, request)])
    if ('created' in posted) return posted
    if (posted instanceof Error && !isOutcomeUnknown(posted)) return posted

    const postedAt = performance.now()
    const isAccepted = !(posted instanceof Error)
    const deadline = () => Math.min(postedAt + (isAccepted ? SEEN_MS : APPEARS_WITHIN_MS), watch.failedAt + APPEARS_WITHIN_MS)
    for (let pause = FIRST_LOOK_MS; performance.now() < deadline(); pause *= 2) {
      const announced = await withDeadline(watch.announced, Math.min(pause, deadline() - performance.now()), stopped)
      if (announced) return announced
      const found = await readMessage(link, request)
      if (found instanceof Error) return found
      if (!found) continue
      // OpenCode leaves the time of a message as it is when a run that goes on will read it anyway.
      const keptItsTime = request.resend && isAccepted && performance.now() - postedAt >= RETIMED_MS
      if (found.created >= since || keptItsTime) return found
    }
    if (!isAccepted) return posted
    return new PromptNotSeen({ messageId: request.messageId, ...(watch.failure && { cause: watch.failure }) })
  } finally {
    watch.stop()
  }
}

async function post(link: Link, watch: MessageWatch, request: PromptRequest): Promise<Answer | CallError> {
  const { command, resend } = request
  const call = command ? await commandCall(link.http, request, command) : promptCall(request)
  if (command && !resend) void watch.lookRegularly()
  return link.http.call({ method: 'POST', deadlineMs: FIRST_TOUCH_MS, ...call })
}

/** Waits for the announcement of one message, while its POST is under way and after. */
class MessageWatch {
  readonly #link: Link
  readonly #submission: Submission
  readonly #announced = Promise.withResolvers<Created | AgentUnavailable>()
  readonly #stopped = new AbortController()
  readonly #cancels: readonly (() => void)[]
  #failedAt = Number.POSITIVE_INFINITY
  #failure: AgentFailure | undefined

  constructor(link: Link, submission: Submission) {
    this.#link = link
    this.#submission = submission
    const { request, since } = submission
    const { gone } = link.server
    const onGone = () => this.#announced.resolve(new AgentUnavailable({ reason: 'OpenCode: the server has ended' }))
    gone.addEventListener('abort', onGone, { once: true })
    this.#cancels = [
      link.events.onUserMessage(request.messageId, (created) => created >= since && this.#announced.resolve({ created })),
      link.events.onFailure(request.session, (failure) => this.#onFailure(failure)),
      () => gone.removeEventListener('abort', onGone),
    ]
  }

  /** Resolves with the message, or with an error when the server has ended. */
  get announced(): Promise<Created | AgentUnavailable> {
    return this.#announced.promise
  }

  /** `performance.now()` of the session's first error since the watch began. */
  get failedAt(): number {
    return this.#failedAt
  }

  /** Why OpenCode did not take the message: what the session said first, unless it was only stopped. */
  get failure(): AgentFailure | undefined {
    return this.#failure?.name === 'MessageAbortedError' ? undefined : this.#failure
  }

  #onFailure(failure: AgentFailure | undefined): void {
    this.#failedAt = Math.min(this.#failedAt, performance.now())
    this.#failure ??= failure
  }

  /** The POST of a command lasts as long as its run: were the announcement missed, the command would count as seen only after its run. */
  async lookRegularly(): Promise<void> {
    try {
      for (;;) {
        await sleep(COMMAND_LOOK_MS, this.#stopped.signal)
        const found = await readMessage(this.#link, this.#submission.request)
        if (found && !(found instanceof Error)) return this.#announced.resolve(found)
      }
    } catch (cause) {
      if (!isAbortError(cause)) this.#announced.reject(cause)
    }
  }

  stop(): void {
    this.#stopped.abort()
    for (const cancel of this.#cancels) cancel()
  }
}

function promptCall({ session, messageId, parts, system, noReply, answeredBy }: PromptRequest) {
  const body: api.PromptBody = {
    messageID: messageId,
    parts: [...parts],
    ...(system !== undefined && { system }),
    ...(noReply && { noReply }),
    ...(answeredBy && agentAndModel(answeredBy)),
  }
  return { path: sessionPath(session, 'prompt_async'), body }
}

const agentAndModel = ({ agent, model }: AnsweredBy): Pick<api.PromptBody, 'agent' | 'model' | 'variant'> => ({
  ...(agent !== undefined && { agent }),
  ...(model && { model: { providerID: model.provider, modelID: model.model } }),
  ...(model?.variant !== undefined && { variant: model.variant }),
})

/** The connection broke, or the server stumbled over the call: the message may be stored or not. */
const isOutcomeUnknown = (error: CallError): boolean =>
  error instanceof AgentUnavailable || (error instanceof AgentRefused && Number(error.status) >= 500)
