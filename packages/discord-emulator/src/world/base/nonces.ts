/** Remembers who sent which nonce "in the past few minutes" (docs: Message > Create Message, `enforce_nonce`). */
import type { Snowflake } from '../../api.ts'

interface SentMessage {
  readonly channelId: Snowflake
  readonly messageId: Snowflake
}

export interface Nonces {
  remember(authorId: Snowflake, nonce: string | number, message: SentMessage): void
  /** The message the author sent with this nonce within the window. */
  recall(authorId: Snowflake, nonce: string | number): SentMessage | undefined
}

export function createNonces(now: () => number, windowMs: number): Nonces {
  const sent = new Map<string, SentMessage & { readonly at: number }>()
  const key = (authorId: Snowflake, nonce: string | number) => `${authorId}/${nonce}`
  return {
    remember(authorId, nonce, message) {
      forgetOlderThan(sent, now() - windowMs)
      sent.delete(key(authorId, nonce))
      sent.set(key(authorId, nonce), { ...message, at: now() })
    },
    recall(authorId, nonce) {
      const found = sent.get(key(authorId, nonce))
      return found && now() - found.at < windowMs ? found : undefined
    },
  }
}

/** The map is in order of insertion, so the oldest come first. */
function forgetOlderThan(sent: Map<string, { readonly at: number }>, limit: number): void {
  for (const [key, { at }] of sent) {
    if (at > limit) return
    sent.delete(key)
  }
}
