/** A conversation that a program asked for could not be begun: told in the project channel. */
import { blockKey } from '../domain/conversation/posts/block-key.ts'
import { launch } from '../domain/conversation/features/launch.ts'
import type { Conversation } from '../domain/conversation/state.ts'
import { lineBlock, type Block } from './blocks.ts'
import { messageText } from './text/notice.ts'

export const launchBlocks = (state: Conversation): readonly Block[] =>
  launch.of(state).flatMap(({ id, message, phase, asker }) => {
    // Whoever invoked a command reads it in the answer.
    if (phase.kind !== 'failed' || asker) return []
    const text = `${messageText(message.author.name, message.text)}\n${phase.text}`
    return [{ ...lineBlock(blockKey('launch', id), text), notify: true }]
  })
