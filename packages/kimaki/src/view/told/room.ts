/** A prompt that waits because so many agents work already; edited when it has begun. */
import { blockKey } from '../../domain/conversation/posts/block-key.ts'
import { button } from '../../domain/conversation/posts/button.ts'
import { room, type RoomWait } from '../../domain/conversation/features/told/room.ts'
import type { Conversation } from '../../domain/conversation/state.ts'
import { noticeBlock, type Block } from '../blocks.ts'
import { agentsFullText } from '../text/caps.ts'

export function roomBlocks(state: Conversation): readonly Block[] {
  const wait = room.of(state)
  if (!wait) return []
  const buttons = wait.state === 'waits' ? [button('give-up', wait.during, 'Give up')] : []
  return [{ ...noticeBlock(blockKey('room', wait.during), TEXTS[wait.state](wait)), buttons }]
}

const TEXTS: Readonly<Record<RoomWait['state'], (wait: RoomWait) => string>> = {
  waits: ({ atMost }) => agentsFullText(atMost),
  begun: () => '⬦ waited until another agent was done: it has begun',
  'given-up': () => '⬦ waited for another agent to be done, and has not begun',
}
