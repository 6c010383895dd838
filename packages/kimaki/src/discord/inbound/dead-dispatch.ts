/** What stays of a dispatch that could not be read: enough to find out why, without secrets, and of bounded size. */
import { InteractionType } from 'discord-api-types/v10'
import { redact, type Secrets } from '../../base/redact.ts'
import { cut } from '../../base/text.ts'
import type { DeadDispatch } from '../../ports/chat.ts'

const LONGEST_PAYLOAD = 16_384
const LONGEST_TYPE = 64
const LONGEST_REASON = 500
/** Fields that are an authority of their own: tokens of interactions and webhooks, and what would resume the session. */
const SECRET_FIELDS: ReadonlySet<string> = new Set(['token', 'session_id', 'resume_gateway_url'])

export function deadDispatch(type: string, payload: unknown, reason: string, secrets: Secrets): DeadDispatch {
  return {
    type: cut(type, LONGEST_TYPE),
    reason: cut(reason, LONGEST_REASON),
    payload: firstBytes(redact(toJson(withoutTyped(payload)), secrets), LONGEST_PAYLOAD),
  }
}

/** What people write in a modal may be a key, and no list of secrets has it yet. */
function withoutTyped(payload: unknown): unknown {
  const { type, data } = (payload ?? {}) as { readonly type?: unknown; readonly data?: unknown }
  if (type !== InteractionType.ModalSubmit || typeof data !== 'object' || data === null) return payload
  return { ...(payload as object), data: { ...data, components: '[redacted]' } }
}

function toJson(payload: unknown): string {
  try {
    const json = JSON.stringify(payload, (name, value: unknown) => (SECRET_FIELDS.has(name) ? '[redacted]' : value)) as
      | string
      | undefined
    return json ?? ''
  } catch (error) {
    // Nested so deep that it cannot be written.
    return `[${String(error)}]`
  }
}

/** In UTF-8, without half a character at the end. */
function firstBytes(text: string, max: number): string {
  const bytes = Buffer.from(text)
  if (bytes.length <= max) return text
  let end = max
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1
  return bytes.subarray(0, end).toString()
}
