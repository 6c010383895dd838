/**
 * Marks on messages: `kimaki <what it says>.<MAC>` in the footer of an embed. Only who has the token of the bot can make one, and it is good
 * for one text in one channel, for ten minutes (`MARK_GOOD_FOR_MS`): copied under another text, by another author or elsewhere it says nothing.
 */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { timeOfSnowflake } from '../../base/ids.ts'
import { MARK_GOOD_FOR_MS, type Mark } from '../../domain/message/mark.ts'
import type { IncomingAttachment } from '../../domain/message/incoming.ts'
import { toAttachment } from '../wire/attachment.ts'
import { message as messageReader } from '../wire/message.ts'

interface Marked {
  readonly channelId: string
  readonly authorId: string
  readonly text: string
}

interface Read {
  readonly mark: Mark
  readonly text: string
  readonly attachments: readonly IncomingAttachment[]
}

/** Discord docs: Message Create Embed Limits. */
export const FOOTER_MAX = 2048

const FOOTER = /^kimaki ([\w-]{1,2000})\.([\w-]{43})$/

export class Marks {
  /** The token itself signs nothing. */
  readonly #key: Buffer

  constructor(token: string) {
    this.#key = createHmac('sha256', token).update('kimaki marks messages, 1').digest()
  }

  footer(marked: Marked, mark: Mark): string {
    const says = Buffer.from(JSON.stringify(mark)).toString('base64url')
    return `kimaki ${says}.${this.#mac(marked, says).toString('base64url')}`
  }

  /** `whole`: the message as it came. Undefined: it has no mark, or a wrong one, or one that was not made just before it was posted. */
  read(whole: unknown): Read | undefined {
    const message = messageReader(whole)
    if (message instanceof Error) return undefined
    const { id, channel_id: channelId, author, content: text, embeds, attachments } = message
    const [, says, mac] = FOOTER.exec(embeds[0]?.footer?.text ?? '') ?? []
    if (says === undefined || mac === undefined) return undefined
    const right = this.#mac({ channelId, authorId: author.id, text }, says)
    if (!timingSafeEqual(right, Buffer.from(mac, 'base64url'))) return undefined
    const mark = JSON.parse(Buffer.from(says, 'base64url').toString()) as Mark
    const isFresh = Math.abs(timeOfSnowflake(id) - mark.at) <= MARK_GOOD_FOR_MS
    const { files = [] } = mark
    if (!isFresh || files.length !== attachments.length) return undefined
    return {
      mark,
      text,
      attachments: attachments.map((file, index) => ({ ...toAttachment(file), digest: files[index] ?? '' })),
    }
  }

  #mac({ channelId, authorId, text }: Marked, says: string): Buffer {
    const words = createHash('sha256').update(text).digest('hex')
    return createHmac('sha256', this.#key).update([channelId, authorId, words, says].join('/')).digest()
  }
}
