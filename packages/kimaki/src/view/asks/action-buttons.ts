/** The card with the buttons that the agent offers, and what became of them. */
import { actionButtons, buttonsKey, isOpen, type ButtonSet } from '../../domain/conversation/features/asks/action-buttons.ts'
import { button } from '../../domain/conversation/posts/button.ts'
import type { Conversation } from '../../domain/conversation/state.ts'
import { noticeBlock, type Block } from '../blocks.ts'
import { NAME_MAX, plain } from '../text/notice.ts'

/** Buttons that nobody has seen need no end. */
export const actionButtonBlocks = (state: Conversation): readonly Block[] =>
  actionButtons
    .of(state)
    .filter((set) => isOpen(set) || state.posts.posted.has(buttonsKey(set)))
    .map((set) => ({
      ...noticeBlock(buttonsKey(set), textOf(set)),
      // What the agent said stands above them.
      inOrder: true,
      notify: isOpen(set),
      buttons: isOpen(set)
        ? set.buttons.map(({ label, color }, index) => ({
            ...button('act', `${set.id}/${index}`, label),
            ...(color !== 'white' && { color }),
          }))
        : [],
    }))

function textOf({ phase, buttons }: ButtonSet): string {
  if (phase.kind === 'open') return '⬦ Press what comes next, or write a message.'
  if (phase.kind === 'pressed') return `✓ **${plain(phase.by, NAME_MAX)}** pressed **${plain(phase.label, NAME_MAX)}**`
  const offered = buttons.map(({ label }) => plain(label, NAME_MAX)).join(', ')
  return `⬦ ${ENDS[phase.why]}: ${offered}`
}

const ENDS = {
  message: 'not pressed, a message came instead',
  newer: 'not pressed, newer buttons have taken their place',
  session: 'not pressed, the session is over',
  expired: 'not pressed within 24 hours',
} as const
