/** A slash command that Kimaki took but could not acknowledge before it ended. */
import { blockKey } from '../../domain/conversation/posts/block-key.ts'
import { missedCommands } from '../../domain/conversation/features/told/missed-commands.ts'
import type { Conversation } from '../../domain/conversation/state.ts'
import { lineBlock, type Block } from '../blocks.ts'
import { missedCommandText } from '../command.ts'

export const missedCommandBlocks = (state: Conversation): readonly Block[] =>
  missedCommands
    .of(state)
    .map(({ id, name }) => ({ ...lineBlock(blockKey('missed-command', id), missedCommandText(name)), notify: true }))
