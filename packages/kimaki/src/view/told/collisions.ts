/** Two threads of a project have written the same file. */
import { deriveId } from '../../base/ids.ts'
import { collisions } from '../../domain/conversation/features/told/collisions.ts'
import { blockKey } from '../../domain/conversation/posts/block-key.ts'
import type { Conversation } from '../../domain/conversation/state.ts'
import { lineBlock, type Block } from '../blocks.ts'
import { plain } from '../text/notice.ts'

export const collisionBlocks = (state: Conversation): readonly Block[] =>
  collisions.of(state).flatMap(({ file, other, isTold }) =>
    isTold
      ? []
      : [
          {
            ...lineBlock(
              blockKey('collision', deriveId('', other, file)),
              `⬦ <#${other}> has written **${plain(file, PATH_MAX)}** within these 15 minutes, too: see that neither undoes the other`,
            ),
            outOfBand: true,
          },
        ],
  )

const PATH_MAX = 200
