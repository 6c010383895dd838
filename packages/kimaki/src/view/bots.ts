/** Talk between bots that went on for too long: said once, with what lifts it. */
import { blockKey } from '../domain/conversation/posts/block-key.ts'
import { BOTS_IN_A_ROW, bots, type BotTalk } from '../domain/conversation/features/talk/bots.ts'
import type { Conversation } from '../domain/conversation/state.ts'
import { lineBlock, type Block } from './blocks.ts'

export function botsBlocks(state: Conversation): readonly Block[] {
  const { held } = bots.of(state)
  if (!held || held.isTold) return []
  return [{ ...lineBlock(blockKey('bots', held.messageId), TEXTS[held.of]), notify: true }]
}

const TEXTS: Readonly<Record<NonNullable<BotTalk['held']>['of'], string>> = {
  messages: `⬦ the last ${BOTS_IN_A_ROW} messages in a row came from bots, so the agent gets no more of theirs\nA person's message lifts this.`,
  conversations: `⬦ bots have begun ${BOTS_IN_A_ROW} conversations in a row here, so they begin no more\nA person's message in this channel or one of its threads lifts this.`,
}
