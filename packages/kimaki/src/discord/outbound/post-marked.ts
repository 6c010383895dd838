/** Posts a message that the running bot takes for a prompt: for programs that have its token, and nothing else. */
import { randomUUID } from 'node:crypto'
import { MessageFlags, Routes } from 'discord-api-types/v10'
import { Secrets } from '../../base/redact.ts'
import type { Mark } from '../../domain/message/mark.ts'
import type { ChatError } from '../../ports/chat-error.ts'
import { Rest } from '../rest/rest.ts'
import { withId } from '../wire/answer.ts'
import { Marks } from './mark.ts'

/** One attempt, with a nonce: within some minutes Discord answers a second one with the first message. */
export async function postMarked(
  { token, apiUrl }: { readonly token: string; readonly apiUrl: string },
  { channelId, text, mark }: { readonly channelId: string; readonly text: string; readonly mark: Omit<Mark, 'at'> },
): Promise<{ readonly messageId: string } | ChatError> {
  const quiet = (): void => undefined
  const log = { debug: quiet, info: quiet, warn: quiet, error: quiet }
  const rest = new Rest({ token, apiUrl, log, secrets: new Secrets([token]) })
  try {
    const self = await rest.read('/users/@me', withId)
    if (self instanceof Error) return self
    const content = rest.clean(text)
    const footer = new Marks(token).footer({ channelId, authorId: self.id, text: content }, { ...mark, at: Date.now() })
    const body = {
      content,
      embeds: [{ color: GREY, footer: { text: footer } }],
      nonce: (mark.id || randomUUID()).replaceAll('-', '').slice(0, 25),
      enforce_nonce: true,
      allowed_mentions: { parse: [] },
      flags: MessageFlags.SuppressNotifications,
    }
    const posted = await rest.call({ method: 'POST', route: Routes.channelMessages(channelId), body }, withId)
    return posted instanceof Error ? posted : { messageId: posted.id }
  } finally {
    rest.stop()
  }
}

const GREY = 0x2b2d31
