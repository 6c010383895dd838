/** What an answer of Discord, or none, means for the caller. */
import { DiscordAPIError, HTTPError } from '@discordjs/rest'
import type { ChatFailure } from '../../ports/chat.ts'

export interface FailedCall {
  readonly ok: false
  readonly failure: ChatFailure
  /** HTTP status, when there was an answer. */
  readonly status: number | undefined
  /** Milliseconds a rate limit still lasts, for calls that do not wait. */
  readonly retryAfter?: number
}

/** Unknown channel, unknown message, missing access (Discord docs: JSON Error Codes). */
const GONE = new Set([10_003, 10_008, 50_001])
/** "API resource is currently overloaded": Discord docs ask to try again later. */
const OVERLOADED = 130_000

export function failedCall(error: unknown): FailedCall {
  if (error instanceof DiscordAPIError) {
    const { status, message } = error
    const code = Number(error.code)
    return { ok: false, status, failure: Number.isFinite(code) ? judge(status, code, message) : judgeForeign(status) }
  }
  if (error instanceof HTTPError) return unknown(`Discord answered ${error.status}`, error.status)
  return unknown(error instanceof Error ? nameAndMessage(error) : String(error), undefined)
}

export const unknown = (message: string, status: number | undefined): FailedCall => ({
  ok: false,
  status,
  failure: { kind: 'unknown', message },
})

export const refused = (code: number, message: string): FailedCall => ({
  ok: false,
  status: undefined,
  failure: { kind: 'refused', code, message },
})

export const limited = (retryAfter: number): FailedCall => ({ ...unknown('rate limited', 429), retryAfter })

export const stopped: FailedCall = { ok: false, status: undefined, failure: { kind: 'stopped' } }

function judge(status: number, code: number, message: string): ChatFailure {
  if (code === OVERLOADED || status === 401 || status === 408) return { kind: 'unknown', message }
  return { kind: GONE.has(code) || status === 404 ? 'gone' : 'refused', code, message }
}

/** Without Discord's JSON the answer comes from something in between (Cloudflare's 403, a proxy's 404): it says little about the target. */
function judgeForeign(status: number): ChatFailure {
  const message = `HTTP ${status} without a word of Discord`
  return status === 400 || status === 413 ? { kind: 'refused', code: 0, message } : { kind: 'unknown', message }
}

const nameAndMessage = (error: Error): string =>
  error.name === 'AbortError' ? 'no answer in time' : `${error.name}: ${error.message}`
