/** OpenCode sums up a session whose context is full, and goes on from there. The summary itself is not for people. */
import type { AssistantMessage } from '../../domain/agent.ts'
import { blockKey } from '../../domain/conversation/posts/block-key.ts'
import type { Conversation } from '../../domain/conversation/state.ts'
import { noticeBlock, type Block } from '../blocks.ts'

export const compactionBlock = (state: Conversation, message: AssistantMessage): Block =>
  noticeBlock(blockKey('compaction', message.id), compactionText(state, message))

/** One that nobody works on any more is over, whether OpenCode noted its end or not. */
function compactionText({ turn }: Conversation, { id, failure, completed, created }: AssistantMessage): string {
  if (failure) return failure.name === 'MessageAbortedError' ? STOPPED : FAILED
  if (completed !== undefined) return DONE
  const isPassed = turn.messages.some((other) => other.id !== id && other.kind === 'assistant' && other.created > created)
  if (turn.failure && turn.status.kind === 'idle') return FAILED
  return isPassed || turn.status.kind === 'idle' ? STOPPED : UNDER_WAY
}

const UNDER_WAY = '⬦ the context is full: summing up what came before, then going on'
const DONE = '⬦ the context was full: what came before has been summed up'
const FAILED = '⬦ the context is full and could not be summed up\nStart a new thread, or use a model with a larger context.'
const STOPPED = '⬦ the context is full: summing it up was stopped before it was done\nIt is summed up with your next message.'
