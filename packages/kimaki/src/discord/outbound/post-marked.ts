/** Posts a message that the running bot takes for a prompt, and reads its thread: for programs that have its token, and nothing else. */
import { randomUUID } from 'node:crypto'
import { MessageFlags, Routes } from 'discord-api-types/v10'
import { digestOf } from '../../base/digest.ts'
import { ChatGone, UsageError } from '../../base/errors.ts'
import { Secrets } from '../../base/redact.ts'
import type { Mark } from '../../domain/message/mark.ts'
import type { SentFile } from '../../ports/chat.ts'
import type { ChatError } from '../../ports/chat-error.ts'
import { Rest } from '../rest/rest.ts'
import { withId } from '../wire/answer.ts'
import { saidBy } from '../wire/message.ts'
import { rawFiles } from './attach.ts'
import { FOOTER_MAX, Marks } from './mark.ts'

export interface TokenOnly {
  readonly token: string
  readonly apiUrl: string
}

export interface Marked {
  readonly channelId: string
  readonly text: string
  readonly mark: Omit<Mark, 'at' | 'files'>
  readonly files: readonly SentFile[]
}

export interface PostedMark {
  readonly messageId: string
  /** The bot's own user. */
  readonly userId: string
}

/** One attempt, with a nonce: within some minutes Discord answers a second one with the first message. */
export const postMarked = (
  given: TokenOnly,
  { channelId, text, mark, files }: Marked,
): Promise<PostedMark | ChatError | UsageError> =>
  withRest(given, async (rest) => {
    const self = await rest.read('/users/@me', withId)
    if (self instanceof Error) return self
    const content = rest.clean(text)
    // What is hashed is what is sent: texts without the token.
    const sent = rawFiles(undefined, files).map(({ data, ...file }) => ({
      ...file,
      data: Buffer.from(typeof data === 'string' ? rest.clean(data) : (data as Uint8Array)),
    }))
    const digests = sent.map(({ data }) => digestOf(data))
    const marked = { channelId, authorId: self.id, text: content }
    const footer = new Marks(given.token).footer(marked, {
      ...mark,
      ...(digests.length > 0 && { files: digests }),
      at: Date.now(),
    })
    if (footer.length > FOOTER_MAX)
      return new UsageError({
        reason: 'That is more than a message of Discord can carry: give fewer --permission, or a shorter --name.',
      })
    const body = {
      ...(content !== '' && { content }),
      embeds: [{ color: GREY, footer: { text: footer } }],
      nonce: (mark.id || randomUUID()).replaceAll('-', '').slice(0, 25),
      enforce_nonce: true,
      allowed_mentions: { parse: [] },
      flags: MessageFlags.SuppressNotifications,
    }
    const request = {
      method: 'POST',
      route: Routes.channelMessages(channelId),
      body,
      ...(sent.length > 0 && { files: sent }),
    } as const
    const posted = await rest.call(request, withId)
    return posted instanceof Error ? posted : { messageId: posted.id, userId: self.id }
  })

/** What the bot has said in the thread of the message, oldest first; undefined: no thread was opened from it yet. */
export const saidInThread = (
  given: TokenOnly,
  { messageId, userId }: PostedMark,
): Promise<readonly string[] | undefined | ChatError> =>
  withRest(given, async (rest) => {
    const said: string[] = []
    for (let after = '0'; ;) {
      const query = new URLSearchParams({ after, limit: String(PAGE) }).toString()
      const page = await rest.read(`${Routes.channelMessages(messageId)}?${query}`, saidBy)
      if (page instanceof ChatGone) return undefined
      if (page instanceof Error) return page
      const inOrder = page.toSorted((a, b) => (BigInt(a.id) < BigInt(b.id) ? -1 : 1))
      said.push(...inOrder.filter(({ author }) => author.id === userId).map(({ content }) => content))
      if (page.length < PAGE) return said
      after = inOrder.at(-1)?.id ?? after
    }
  })

const PAGE = 100
const GREY = 0x2b2d31

async function withRest<T>({ token, apiUrl }: TokenOnly, work: (rest: Rest) => Promise<T>): Promise<T> {
  const quiet = (): void => undefined
  const log = { debug: quiet, info: quiet, warn: quiet, error: quiet }
  const rest = new Rest({ token, apiUrl, log, secrets: new Secrets([token]) })
  try {
    return await work(rest)
  } finally {
    rest.stop()
  }
}
