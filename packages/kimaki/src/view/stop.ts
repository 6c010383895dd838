/** A run that lasts: one quiet post with a button that stops it, edited when the run is over. */
import { blockKey } from '../domain/conversation/posts/block-key.ts'
import { button } from '../domain/conversation/posts/button.ts'
import { stop } from '../domain/conversation/features/stop.ts'
import { isLive } from '../domain/conversation/prompt.ts'
import type { Conversation } from '../domain/conversation/state.ts'
import { noticeBlock, type Block } from './blocks.ts'

export function longRunBlocks(state: Conversation): readonly Block[] {
  const live = new Set(state.turn.prompts.filter(isLive).map(({ id }) => id))
  return stop.of(state).flatMap((id): readonly Block[] => {
    const key = blockKey('long-run', id)
    if (live.has(id)) return [{ ...noticeBlock(key, WORKING), buttons: [button('stop-run', id, 'Stop')] }]
    return state.posts.posted.has(key) ? [noticeBlock(key, OVER)] : []
  })
}

const WORKING = '⬦ working'
const OVER = '⬦ the run is over'
