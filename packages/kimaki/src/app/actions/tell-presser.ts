/** Tells only the person who pressed why nothing came of it. Lost with a crash, it leaves them the card, which shows the same. */
import type { PressOnAsk } from '../../domain/conversation/features/asks/void-press.ts'
import type { PressOnGuest } from '../../domain/conversation/features/talk/guests.ts'
import type { PressOver, TellPresser } from '../../domain/conversation/reply.ts'
import { voidPressText } from '../../view/asks/void-press.ts'
import { isAbortError } from '../../base/errors.ts'
import { defineAction } from './definition.ts'

export const tellPresser = defineAction<TellPresser<PressOver | PressOnAsk | PressOnGuest>>({
  kind: 'tell-presser',
  start:
    ({ chat, log }) =>
    (_, { press, why }) => {
      const tell = async (): Promise<void> => {
        const told = await chat.followUp(press, voidPressText(why))
        if (told instanceof Error) log.warn('somebody could not be told why their press did nothing', { reason: told.message })
      }
      tell().catch((error: unknown) => {
        if (!isAbortError(error)) log.error('somebody could not be told why their press did nothing', { error: String(error) })
      })
    },
})
