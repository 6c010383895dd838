/** Reminders of tasks, and what became of their runs. A short one stands at once, a long one in its order, cut into messages. */
import { blockKey } from '../../domain/conversation/posts/block-key.ts'
import { notices } from '../../domain/conversation/features/told/notices.ts'
import type { Conversation } from '../../domain/conversation/state.ts'
import { lineBlock, type Block } from '../blocks.ts'

/** Units, with the mention. */
const ONE_MESSAGE = 1900

export const noticeBlocks = (state: Conversation): readonly Block[] =>
  notices.of(state).flatMap(({ id, text, pings }): readonly Block[] => {
    const mention = pings === undefined ? '' : `<@${pings}> `
    const short = { outOfBand: true, notify: true, ...(pings !== undefined && { pings }) } as const
    if (text.length <= ONE_MESSAGE) return [{ ...lineBlock(blockKey('notice', id), mention + text), ...short }]
    const words = { ...lineBlock(blockKey('notice', id), text), notify: true }
    return pings === undefined ? [words] : [{ ...lineBlock(blockKey('notice', id, 'to'), mention.trim()), ...short }, words]
  })
