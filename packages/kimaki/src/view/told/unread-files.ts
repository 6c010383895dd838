/** The files of a message that the agent does not get, by name and reason. */
import { blockKey } from '../../domain/conversation/posts/block-key.ts'
import { unreadFiles } from '../../domain/conversation/features/told/unread-files.ts'
import type { Conversation } from '../../domain/conversation/state.ts'
import { lineBlock, type Block } from '../blocks.ts'
import { NAME_MAX, plain, REASON_MAX } from '../text/notice.ts'

/** One block a message: its files are told together. */
export function unreadFileBlocks(state: Conversation): readonly Block[] {
  const byPrompt = Map.groupBy(unreadFiles.of(state), ({ promptId }) => promptId)
  return [...byPrompt].map(([promptId, files]) => {
    const lines = files.map(({ name, reason }) => `⬦ **${plain(name, NAME_MAX)}** ${plain(reason, REASON_MAX)}`)
    return lineBlock(blockKey('unread-files', promptId), [...lines, 'The agent does not get it: send a whole copy.'].join('\n'))
  })
}
