/** What the agent asked, and that it was told no. */
import type { Ask } from '../domain/agent.ts'
import { blockKey } from '../domain/conversation/posts/block-key.ts'
import { asks, type RejectedAsk } from '../domain/conversation/features/asks.ts'
import type { Conversation } from '../domain/conversation/state.ts'
import { noticeBlock, type Block } from './blocks.ts'
import { plain, REASON_MAX } from './text/notice.ts'

export const askBlocks = (state: Conversation): readonly Block[] => asks.of(state).map(askBlock)

function askBlock(ask: RejectedAsk): Block {
  const text = ask.expired ? expiredText(ask) : rejectedText(ask)
  return { ...noticeBlock(blockKey('ask', ask.id), text), notify: true }
}

function rejectedText(ask: Ask): string {
  const what = ask.kind === 'permission' ? 'permission refused' : 'question not answered'
  return `⬦ ${what}: ${plain(ask.title, REASON_MAX)}\nAnswering asks is not available yet: the agent was told no.`
}

/** It cannot be answered any more: the run that asked is gone. */
function expiredText(ask: Ask): string {
  return `⬦ ${ask.kind} expired: ${plain(ask.title, REASON_MAX)}\nOpenCode ended before the agent was told no.`
}
