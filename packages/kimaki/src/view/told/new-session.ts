/** A session that was deleted outside Kimaki, and what that means for the next message. */
import { blockKey } from '../../domain/conversation/posts/block-key.ts'
import { newSession } from '../../domain/conversation/features/told/new-session.ts'
import type { Conversation } from '../../domain/conversation/state.ts'
import { lineBlock, type Block } from '../blocks.ts'

export const newSessionBlocks = (state: Conversation): readonly Block[] =>
  newSession.of(state).map((session) => lineBlock(blockKey('new-session', session), TEXT))

const TEXT =
  '⬦ the session of this thread was deleted outside Kimaki: a new one begins\nThe agent knows nothing of what was said here before.'
