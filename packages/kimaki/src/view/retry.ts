/** The provider refused for now (429, 5xx, connection lost), and OpenCode asks it again by itself: one notice a run, with buttons that end it. */
import { blockKey } from '../domain/conversation/posts/block-key.ts'
import { button } from '../domain/conversation/posts/button.ts'
import { retry, type Retries } from '../domain/conversation/features/retry.ts'
import { isDelivered, isNotSubmitted } from '../domain/conversation/prompt.ts'
import type { Conversation } from '../domain/conversation/state.ts'
import { noticeBlock, type Block } from './blocks.ts'
import { plain } from './text/notice.ts'

export function retryBlocks(state: Conversation): readonly Block[] {
  const retries = retry.of(state)
  const { status } = state.turn
  if (!retries) return []
  const key = blockKey('retry', retries.during)
  if (status.kind !== 'retry') return [noticeBlock(key, retriedText(retries))]
  const stop = button('stop', retries.during, 'Stop')
  const buttons = hasUnread(state, retries.during)
    ? [stop, button('stop-all', retries.during, 'Stop, drop what is unread')]
    : [stop]
  return [{ ...noticeBlock(key, retryingText(retries, status.next)), buttons }]
}

/** Messages that came after the one the agent works on: not those in the queue, and none that is just being submitted. */
function hasUnread({ turn: { prompts } }: Conversation, during: string): boolean {
  const at = prompts.findIndex(({ phase }) => 'messageId' in phase && phase.messageId === during)
  return at !== -1 && prompts.slice(at + 1).some((prompt) => isNotSubmitted(prompt) || isDelivered(prompt))
}

/** Discord counts the seconds down by itself: `<t:...:R>`. `next` is Unix ms. */
function retryingText({ message, times }: Retries, next: number): string {
  return `⬦ ${plain(message, MESSAGE_MAX)}: asking the provider again <t:${Math.ceil(next / 1000)}:R> (${ordinal(times)} time)`
}

function retriedText({ message, times }: Retries): string {
  return `⬦ ${plain(message, MESSAGE_MAX)}: the provider was asked again ${times === 1 ? 'once' : `${times} times`}`
}

const ordinal = (count: number): string =>
  `${count}${count % 100 > 10 && count % 100 < 14 ? 'th' : (['th', 'st', 'nd', 'rd'][count % 10] ?? 'th')}`

const MESSAGE_MAX = 200
