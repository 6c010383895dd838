/** Opens the thread of a conversation from the message that began it. */
import { ChatGone, ChatRefused } from '../../base/errors.ts'
import type { OpenThread, RunOutcome } from '../../domain/conversation/run/effects.ts'
import { threadFailedText } from '../../view/text/notice.ts'
import { defineEffect } from './definition.ts'

/** A thread is tried for about a quarter of an hour before its channel is told. */
export const THREAD_ATTEMPTS = 36

export const openThread = defineEffect<OpenThread, RunOutcome>({
  kind: 'open-thread',
  afterCrash: { by: 'key', why: 'a thread started from a message has its id; a second start answers 160004' },
  proof: { points: ['thread-before', 'thread-after'] },
  run: async ({ chat, retry, log }, { channelId, messageId, name }) =>
    retry.until(async (failures): Promise<RunOutcome | undefined> => {
      const opened = await chat.openThread(channelId, messageId, name)
      if (!(opened instanceof Error)) return { kind: 'thread-opened', ...opened }
      if (opened instanceof ChatGone) return { kind: 'gone' }
      if (opened instanceof ChatRefused)
        return { kind: 'failed', text: threadFailedText(String(opened.reason), Number(opened.code)) }
      if (failures + 1 >= THREAD_ATTEMPTS) return { kind: 'failed', text: threadFailedText(String(opened.reason)) }
      log.warn('the thread could not be opened yet', { message: messageId, reason: opened.reason })
      return undefined
    }),
})
