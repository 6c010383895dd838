/** The thread cannot be written in for now: told in the project channel, with what is to be done, and edited when it is over. */
import { blockKey } from '../../domain/conversation/posts/block-key.ts'
import { hold, type ThreadHold } from '../../domain/conversation/features/told/hold.ts'
import type { Conversation } from '../../domain/conversation/state.ts'
import { noticeBlock, type Block } from '../blocks.ts'
import { holdRemedy } from '../text/refusal.ts'

export function holdBlocks(state: Conversation): readonly Block[] {
  const known = hold.of(state)
  if (!known) return []
  const notice = noticeBlock(blockKey('hold', known.postId), holdText(known, `<#${state.id}>`))
  return [{ ...notice, outOfBand: true, inProjectChannel: true }]
}

function holdText({ state, code, missing }: ThreadHold, thread: string): string {
  if (state === 'over') return `⬦ the bot could not write in ${thread} for a while: what it had to say stands there now`
  if (state === 'thread-gone') return `⬦ the bot could not write in ${thread}, and the thread is gone`
  return `⬦ the bot may not write in ${thread} for now: what it has to say waits\n${holdRemedy(code, missing)}`
}
