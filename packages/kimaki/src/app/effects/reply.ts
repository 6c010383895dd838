/** Answers a slash command, or renews the answer in which a button was pressed. */
import { ChatGone, ChatUnknown } from '../../base/errors.ts'
import type { Outcome } from '../../domain/conversation/effect.ts'
import type { AttachedFile } from '../../domain/conversation/posts/post.ts'
import type { Reply } from '../../domain/conversation/reply.ts'
import type { SentFile } from '../../ports/chat.ts'
import { defineEffect, type EffectDeps } from './definition.ts'

/** Discord takes answers for 15 minutes: as long is tried, since the person sees "thinking" until then. */
const ATTEMPTS = 36
/** The acknowledgement of a press may still be on its way: until then Discord knows of nothing to renew. */
const EARLY_ATTEMPTS = 3

export const reply = defineEffect<Reply, Outcome>({
  kind: 'reply',
  afterCrash: { by: 'idempotent', why: 'the answer that Discord shows is replaced by the same text and the same files' },
  proof: { points: ['reply-before', 'reply-after'] },
  async run({ chat, retry, log, files }, { key, applicationId, token, text, buttons = [], select, attached, isError, isAside }) {
    const content = text === undefined ? undefined : { text, buttons, select }
    const sent = attached && (await sentOf(files, attached))
    const outcome = await retry.until(async (failures): Promise<Outcome | undefined> => {
      const command = { id: key.split('/')[1] ?? '', applicationId, token }
      const replied =
        isError && text !== undefined
          ? await chat.replyAlone(command, text)
          : isAside && text !== undefined
            ? await chat.followUp(command, text)
            : await chat.reply(command, content, sent)
      if (replied instanceof ChatUnknown && failures + 1 < ATTEMPTS) return undefined
      if (replied instanceof ChatGone && failures < EARLY_ATTEMPTS) return undefined
      if (replied instanceof Error) log.warn('a command could not be answered', { reason: replied.message })
      return { kind: 'done' }
    })
    // Discord has them, or nobody will.
    if (attached) await files.remove(attached.map(({ path }) => path))
    return outcome
  },
})

/** Those that are there: what Discord got before a crash it keeps, when it is sent none. */
async function sentOf(files: EffectDeps['files'], attached: readonly AttachedFile[]): Promise<readonly SentFile[]> {
  const read = await Promise.all(attached.map(async ({ name, mime, path }) => ({ name, mime, bytes: await files.read(path) })))
  return read.flatMap(({ bytes, ...file }) => (bytes ? [{ ...file, bytes }] : []))
}
