/** The card of a message whose author may not speak, and what only the person reads who has pressed it in vain. */
import {
  aboutOf,
  guestKey,
  guests,
  isLive,
  type GuestCard,
  type GuestEnd,
  type PressOnGuest,
} from '../../domain/conversation/features/talk/guests.ts'
import { button } from '../../domain/conversation/posts/button.ts'
import type { Conversation } from '../../domain/conversation/state.ts'
import { noticeBlock, type Block } from '../blocks.ts'
import { NAME_MAX, plain } from '../text/notice.ts'

/** A card that nobody has seen needs no end. */
export const guestBlocks = (state: Conversation): readonly Block[] =>
  guests
    .of(state)
    .cards.filter((card) => isLive(card) || state.posts.posted.has(guestKey(card)))
    .map((card) => ({
      ...noticeBlock(guestKey(card), textOf(card)),
      buttons: card.phase.kind === 'open' ? [button('let-in', aboutOf(card), 'Let this message in')] : [],
    }))

function textOf({ message, isEdited, phase }: GuestCard): string {
  const { guildId, channelId, id, author } = message
  const link = `https://discord.com/channels/${guildId}/${channelId}/${id}`
  const what = `[a message](<${link}>) of **${plain(author.name, NAME_MAX)}**`
  if (phase.kind === 'letting-in') return `⬦ **${plain(phase.by, NAME_MAX)}** lets in ${what}`
  if (phase.kind === 'over') return endText(phase.end, what)
  const edited = isEdited ? '\nIt was edited: read it again first.' : ''
  return `⬦ ${what} waits: they may not speak to the agent\nSomebody who may can let this one message in.${edited}`
}

function endText(end: GuestEnd, what: string): string {
  return end.kind === 'let-in' ? `✓ **${plain(end.by, NAME_MAX)}** let in ${what}` : `⬦ not let in: ${what} ${ENDS[end.kind]}`
}

const ENDS: Readonly<Record<Exclude<GuestEnd['kind'], 'let-in'>, string>> = {
  deleted: 'was deleted',
  expired: 'has waited for 24 hours',
  'kept-out': 'came from somebody who has left or is kept out',
  'no-request': 'was edited, and is no request to the agent any more',
}

export function guestPressText(why: PressOnGuest): string {
  switch (why.kind) {
    case 'guest-over':
      return `⬦ too late: nothing came of your press\n${endText(why.end, 'the message')}`
    case 'guest-letting-in':
      return `⬦ too late: **${plain(why.by, NAME_MAX)}** was faster`
    case 'guest-edited':
      return '✗ the message was not let in: it was edited since its card was written\nRead it again, then press again.'
    case 'guest-failed':
      return why.text
  }
}
