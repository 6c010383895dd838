/** What stands above a thread that goes on with a session, and below one whose session goes on elsewhere. */
import type { AgentMessage } from '../../domain/agent.ts'
import { blockKey } from '../../domain/conversation/posts/block-key.ts'
import { goesOn } from '../../domain/conversation/features/told/goes-on.ts'
import type { Conversation } from '../../domain/conversation/state.ts'
import { lineBlock, type Block } from '../blocks.ts'

export function goesOnBlocks(state: Conversation): readonly Block[] {
  const passage = goesOn.of(state)
  if (passage?.kind !== 'here' || !passage.isRead) return []
  const { leftOut, copyOf, unread, isMirror } = passage
  const origin = copyOf === undefined ? '⬦ this thread goes on with the session' : `⬦ a copy of the session in <#${copyOf}>`
  const from = isMirror ? MIRRORED : origin
  const parts = leftOut === 1 ? 'one earlier part is' : `${leftOut} earlier parts are`
  const lines = [leftOut === 0 ? from : `${from}: ${parts} not shown`, unread ?? '']
  return [lineBlock(blockKey('goes-on', state.id), lines.filter((line) => line !== '').join('\n'))]
}

const MIRRORED = '⬦ this thread shows a session of a terminal, and goes on with it when you write here'

export function movedBlocks(state: Conversation): readonly Block[] {
  const passage = goesOn.of(state)
  if (passage?.kind !== 'moved') return []
  const text = `⬦ the session of this thread goes on in <#${passage.to}>\nYour next message here begins a new session, which knows nothing of this one.`
  return [lineBlock(blockKey('moved', passage.to), text)]
}

/** The messages of the turn without what the thread leaves out of the session it goes on with. */
export function shownMessages(state: Conversation): readonly AgentMessage[] {
  const { messages } = state.turn
  const passage = goesOn.of(state)
  const from = passage?.kind === 'here' ? passage.from : undefined
  if (from === undefined) return messages
  const at = messages.findIndex((message) => message.kind === 'assistant' && message.parts.some(({ id }) => id === from))
  const first = messages[at]
  if (first?.kind !== 'assistant') return messages
  const parts = first.parts.slice(first.parts.findIndex(({ id }) => id === from))
  return [{ ...first, parts }, ...messages.slice(at + 1)]
}
