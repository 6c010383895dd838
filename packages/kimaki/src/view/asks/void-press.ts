/** What only the person who pressed reads when the press does nothing. */
import type { PressOnAsk } from '../../domain/conversation/features/asks/void-press.ts'
import type { PressOnGuest } from '../../domain/conversation/features/talk/guests.ts'
import type { PressOver } from '../../domain/conversation/reply.ts'
import { deadButtonText } from '../text/notice.ts'
import { endText } from './asks.ts'
import { guestPressText } from './guests.ts'

export function voidPressText(why: PressOver | PressOnAsk | PressOnGuest): string {
  switch (why.kind) {
    case 'over':
      return deadButtonText()
    case 'ended':
      return `⬦ too late: nothing came of your press\n${why.end.kind === 'covered' ? '✓ allowed as before' : endText(why.ask, why.end)}`
    case 'changed':
      return '⬦ nothing was answered: the card has changed since, or what you picked does not stand on it\nLook at it again.'
    case 'no-words':
      return '✗ nothing was answered: there are no words in it\nPress again and write some.'
    case 'guest-over':
    case 'guest-letting-in':
    case 'guest-edited':
    case 'guest-failed':
      return guestPressText(why)
  }
}
