/** The queue as people see it: a message of ours for each one that waits, which appears at once and keeps its last words. */
import { blockKey } from '../domain/conversation/posts/block-key.ts'
import { button } from '../domain/conversation/posts/button.ts'
import { isWaiting, queue, queueKey, type QueueSlice } from '../domain/conversation/features/queue.ts'
import type { Conversation } from '../domain/conversation/state.ts'
import { lineBlock, noticeBlock, type Block } from './blocks.ts'
import { queueFullText } from './text/caps.ts'
import { messageWords, NAME_MAX, plain } from './text/notice.ts'

export function queueBlocks(state: Conversation): readonly Block[] {
  const queued = queue.of(state)
  const waiting = queued.filter(isWaiting)
  const shown = queued.flatMap((item): readonly Block[] => {
    const key = queueKey(item.id)
    switch (item.phase.kind) {
      case 'waiting':
        return [
          {
            ...noticeBlock(key, queuedText(waiting.indexOf(item) + 1, state)),
            buttons: [button('unqueue', item.id, 'Remove from queue')],
          },
        ]
      case 'removed':
        return [noticeBlock(key, removedText(item.phase.by, item.message.text))]
      case 'released':
      case 'dropped':
        return state.posts.posted.has(key) ? [noticeBlock(key, RELEASED)] : []
      case 'refused':
        return []
    }
  })
  return [...shown, ...refusedBlocks(queued)]
}

/** One notice a turn, however many there were: hundreds of them would hold up what the agent says. */
function refusedBlocks(queued: QueueSlice): readonly Block[] {
  const refused = queued.flatMap(({ id, phase }) => (phase.kind === 'refused' ? [{ id, atMost: phase.atMost }] : []))
  const [first] = refused
  return first ? [noticeBlock(blockKey('queue', first.id, 'full'), queueFullText(refused.length, first.atMost))] : []
}

/** Of messages that cannot run any more: the reason is told once, where nobody else tells it. */
export const droppedQueueBlocks = (state: Conversation): readonly Block[] =>
  queue
    .of(state)
    .flatMap(({ id, phase }) =>
      phase.kind === 'dropped' && phase.text !== undefined
        ? [{ ...lineBlock(blockKey('prompt', id, 'end'), phase.text), notify: true }]
        : [],
    )

const queuedText = (position: number, { turn }: Conversation): string =>
  `⬦ queued at position ${position}: it runs when ${turn.status.kind === 'elsewhere' ? 'the agent in a terminal' : 'the agent'} is done\nEdit or delete your message to change it.`
const removedText = (by: string, words: string): string =>
  `⬦ taken out of the queue by **${plain(by, NAME_MAX)}**: ${messageWords(words)}`
const RELEASED = '⬦ was queued: its turn has come'
