/** A question aside, in the thread it was asked in. */
import { blockKey } from '../domain/conversation/posts/block-key.ts'
import { btw } from '../domain/conversation/features/btw.ts'
import type { Conversation } from '../domain/conversation/state.ts'
import { lineBlock, noticeBlock, type Block } from './blocks.ts'

/** Editable: it does not wait for a text that is still being written. Discord shows `<#...>` as a link to the thread. */
export const btwBlocks = (state: Conversation): readonly Block[] =>
  btw
    .of(state)
    .flatMap(({ id, phase }) =>
      phase.kind === 'asked' ? [noticeBlock(blockKey('aside', id), `⬦ asked aside in <#${phase.threadId}>`)] : [],
    )

export const failedBtwBlocks = (state: Conversation): readonly Block[] =>
  btw
    .of(state)
    .flatMap(({ id, phase }) =>
      phase.kind === 'failed' ? [{ ...lineBlock(blockKey('aside', id, 'end'), phase.text), notify: true }] : [],
    )
