/** `/undo-git` takes the last merge of this thread back, where nobody has built on it. */
import { merge } from '../../domain/conversation/features/place/merge.ts'
import type { SlashCommand } from '../declaration.ts'

export const undoGit: SlashCommand = {
  name: 'undo-git',
  description: 'Take the merge of this thread back: the branch returns to where it was (revert merge, unmerge)',
  where: 'thread',
  visibility: 'public',
  options: [],
  run(state, { id, userId }) {
    if (merge.of(state)?.phase.kind !== 'merged') return { reply: '✗ nothing was merged here that could be taken back' }
    return {
      requests: [{ kind: 'merge-asked', act: 'undo', id, userId }],
      reply: '⬦ taking the merge back: what comes of it stands below',
    }
  },
}
