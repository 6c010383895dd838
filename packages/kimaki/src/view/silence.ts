/** The server of the agent answers nothing: said while somebody waits for it, and edited when it is over. */
import { blockKey } from '../domain/conversation/posts/block-key.ts'
import { silence, type ServerSilence } from '../domain/conversation/features/silence.ts'
import type { Conversation } from '../domain/conversation/state.ts'
import { noticeBlock, type Block } from './blocks.ts'
import { durationText } from './text/footer.ts'

export function silenceBlocks(state: Conversation): readonly Block[] {
  const known = silence.of(state)
  return known ? [noticeBlock(blockKey('silence', known.during), silenceText(known))] : []
}

function silenceText({ state, forMs, endsAtMs }: ServerSilence): string {
  if (state === 'answers') return '⬦ OpenCode did not answer for a while; it goes on'
  if (state === 'ended') return `⬦ OpenCode did not answer for ${durationText(endsAtMs)} and was ended`
  const left = durationText(endsAtMs - forMs)
  return `⬦ OpenCode has not answered for ${durationText(forMs)}. If it says nothing for another ${left}, it is ended and started again`
}
