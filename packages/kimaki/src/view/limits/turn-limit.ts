/** The warning that a turn is about to be stopped, because it has worked so long. */
import { blockKey } from '../../domain/conversation/posts/block-key.ts'
import { turnLimit } from '../../domain/conversation/features/limits/turn-limit.ts'
import { isLive } from '../../domain/conversation/prompt.ts'
import type { Conversation } from '../../domain/conversation/state.ts'
import { noticeBlock, type Block } from '../blocks.ts'

export function turnLimitBlocks(state: Conversation): readonly Block[] {
  const known = turnLimit.of(state)
  if (known?.warnedOf === undefined) return []
  const { during, warnedOf } = known
  const isOver = !state.turn.prompts.some((prompt) => prompt.id === during && isLive(prompt))
  const limit = `${warnedOf} minutes of work`
  const text = isOver ? `⬦ the turn came close to its limit of ${limit}` : `⬦ this turn is stopped after ${limit}, which is soon`
  return [noticeBlock(blockKey('turn-limit', during), text)]
}
