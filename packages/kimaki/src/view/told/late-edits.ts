/** An edit or a deletion that the agent does not see. */
import { blockKey } from '../../domain/conversation/posts/block-key.ts'
import { lateEdits, type LateEdit } from '../../domain/conversation/features/told/late-edits.ts'
import type { Conversation } from '../../domain/conversation/state.ts'
import { lineBlock, type Block } from '../blocks.ts'

export const lateEditBlocks = (state: Conversation): readonly Block[] =>
  lateEdits.of(state).map(({ promptId, what }) => lineBlock(blockKey('late', promptId, what), TEXTS[what]))

const TEXTS: Readonly<Record<LateEdit['what'], string>> = {
  edited: '⬦ the edit came too late: the agent has the message as it was\nSend another message to correct it.',
  deleted: '⬦ deleted too late: the agent has the message already',
}
