/** What an answer of Discord, or none, means for the caller. */
import { DiscordAPIError, HTTPError } from '@discordjs/rest'
import { ChatForbidden, ChatGone, ChatRefused, ChatUnknown } from '../../base/errors.ts'
import type { ChatError } from '../../ports/chat.ts'

/** A rate limit stands in the way of a call that does not wait for it. */
export class RateLimited extends ChatUnknown {
  readonly retryAfterMs: number

  constructor(retryAfterMs: number) {
    super({ reason: 'rate limited' })
    this.retryAfterMs = retryAfterMs
  }
}

/** Discord answered, but without what is needed of the answer: what was asked for may have happened. */
export class ChatUnreadable extends ChatUnknown {}

/** Unknown channel, unknown message, an interaction's token that has expired (Discord docs: JSON Error Codes). */
const GONE = new Set([10_003, 10_008, 50_027])
/** Missing access, missing permissions, an archived thread, a locked thread (Discord docs: JSON Error Codes). */
const FORBIDDEN = new Set([50_001, 50_013, 50_083, 160_005])
/** "API resource is currently overloaded": Discord docs ask to try again later. */
const OVERLOADED = 130_000

/** What the library threw, as one of ours. A time-out is no `cause`: it is an `AbortError`, and nobody has stopped. */
export function toChatError(thrown: unknown): ChatError {
  if (thrown instanceof DiscordAPIError) {
    const code = Number(thrown.code)
    return Number.isFinite(code) ? judge(thrown, code) : judgeForeign(thrown)
  }
  if (thrown instanceof HTTPError) return new ChatUnknown({ reason: `Discord answered ${thrown.status}`, cause: thrown })
  return new ChatUnknown({ reason: thrown instanceof Error ? nameAndMessage(thrown) : String(thrown) })
}

/** HTTP status, when there was an answer. */
export function statusOf(error: ChatError): number | undefined {
  if (error instanceof RateLimited) return 429
  return error.cause instanceof DiscordAPIError || error.cause instanceof HTTPError ? error.cause.status : undefined
}

/** What stands of it in a line of the log. */
export const failureFacts = ({ name, message }: ChatError) => ({ error: name, reason: message })

function judge(cause: DiscordAPIError, code: number): ChatError {
  const { status, message: reason } = cause
  if (GONE.has(code)) return new ChatGone({ code, reason, cause })
  if (FORBIDDEN.has(code)) return new ChatForbidden({ code, reason, cause })
  if (code === OVERLOADED || status === 401 || status === 408) return new ChatUnknown({ reason, cause })
  return status === 404 ? new ChatGone({ code, reason, cause }) : new ChatRefused({ code, reason, cause })
}

/** Without Discord's JSON the answer comes from something in between (Cloudflare's 403, a proxy's 404): it says little about the target. */
function judgeForeign(cause: DiscordAPIError): ChatError {
  const reason = `HTTP ${cause.status} without a word of Discord`
  const isRefusal = cause.status === 400 || cause.status === 413
  return isRefusal ? new ChatRefused({ code: 0, reason, cause }) : new ChatUnknown({ reason, cause })
}

const nameAndMessage = (error: Error): string =>
  error.name === 'AbortError' ? 'no answer in time' : `${error.name}: ${error.message}`
