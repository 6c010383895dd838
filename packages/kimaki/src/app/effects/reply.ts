/** Answers a slash command, or renews the answer in which a button was pressed. */
import { ChatGone, ChatUnknown } from '../../base/errors.ts'
import type { Outcome } from '../../domain/conversation/effect.ts'
import type { Reply } from '../../domain/conversation/reply.ts'
import { defineEffect } from './definition.ts'

/** Discord takes answers for 15 minutes: as long is tried, since the person sees "thinking" until then. */
const ATTEMPTS = 36
/** The acknowledgement of a press may still be on its way: until then Discord knows of nothing to renew. */
const EARLY_ATTEMPTS = 3

export const reply = defineEffect<Reply, Outcome>({
  kind: 'reply',
  afterCrash: { by: 'idempotent', why: 'the answer that Discord shows is replaced by the same text' },
  proof: { points: ['reply-before', 'reply-after'] },
  async run({ chat, retry, log }, { key, applicationId, token, text, buttons = [], select, isError }) {
    return retry.until(async (failures): Promise<Outcome | undefined> => {
      const command = { id: key.split('/')[1] ?? '', applicationId, token }
      const replied = await (isError ? chat.replyAlone(command, text) : chat.reply(command, { text, buttons, select }))
      if (replied instanceof ChatUnknown && failures + 1 < ATTEMPTS) return undefined
      if (replied instanceof ChatGone && failures < EARLY_ATTEMPTS) return undefined
      if (replied instanceof Error) log.warn('a command could not be answered', { reason: replied.message })
      return { kind: 'done' }
    })
  },
})
