/** Opens the thread of a conversation from the message that began it. */
import { ChatForbidden, ChatGone, ChatUnknown } from '../../base/errors.ts'
import type { OpenThread, RunOutcome } from '../../domain/conversation/run/effects.ts'
import type { ChatError } from '../../ports/chat.ts'
import { threadFailedText } from '../../view/text/notice.ts'
import { defineEffect } from './definition.ts'

/** A thread is tried for about a quarter of an hour before its channel is told. */
export const THREAD_ATTEMPTS = 36
/** The channel is there, but is not shown to the bot (Discord docs: JSON Error Codes). */
const MISSING_ACCESS = 50_001

export const refusedThreadText = (error: ChatError): string =>
  threadFailedText(String(error.reason), error instanceof ChatUnknown ? undefined : Number(error.code))

export const openThread = defineEffect<OpenThread, RunOutcome>({
  kind: 'open-thread',
  afterCrash: { by: 'key', why: 'a thread started from a message has its id; a second start answers 160004' },
  proof: { points: ['thread-before', 'thread-after'] },
  run: async ({ chat, retry, places, log, trouble }, { channelId, messageId, name }) => {
    let isHidden = false
    let since = 0
    return retry.until(
      async (failures): Promise<RunOutcome | undefined> => {
        since = places.changes
        const opened = await chat.openThread(channelId, messageId, name)
        if (!(opened instanceof Error)) return { kind: 'thread-opened', ...opened }
        if (opened instanceof ChatGone) return { kind: 'gone' }
        // A channel that is hidden from the bot can be told nothing, either.
        isHidden = opened instanceof ChatForbidden && opened.code === MISSING_ACCESS
        const isForNow = isHidden || opened instanceof ChatUnknown
        if (!isForNow || failures + 1 >= THREAD_ATTEMPTS) return { kind: 'failed', text: refusedThreadText(opened) }
        trouble?.(String(opened.reason))
        log.warn('the thread could not be opened yet', { message: messageId, reason: opened.reason })
        return undefined
      },
      async (failures) => (isHidden ? places.reopened([channelId], failures, since) : retry.backOff(failures)),
    )
  },
})
