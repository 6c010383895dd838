/** The merge of a thread's worktree: how far it is, the card of one that is stuck, and the button that takes it back. */
import { merge, type Merge } from '../../domain/conversation/features/place/merge.ts'
import { blockKey } from '../../domain/conversation/posts/block-key.ts'
import { button } from '../../domain/conversation/posts/button.ts'
import type { Button } from '../../domain/conversation/posts/post.ts'
import type { Conversation } from '../../domain/conversation/state.ts'
import { lineBlock, type Block } from '../blocks.ts'
import { plain } from '../text/notice.ts'

const NAME_MAX = 100
const FILES_MAX = 400

/** One for each step, since the turns between them are closed. */
export function mergeBlocks(state: Conversation): readonly Block[] {
  const known = merge.of(state)
  if (known === null || known.isTold) return []
  const shown = shownOf(known)
  if (!shown) return []
  const { text, buttons = [] } = shown
  const isNews = known.phase.kind !== 'merging' && known.phase.kind !== 'aborting'
  const key = blockKey('merge', known.id, String(known.step))
  return [{ ...lineBlock(key, text), outOfBand: true, editable: true, notify: isNews, buttons }]
}

interface Shown {
  readonly text: string
  readonly buttons?: readonly Button[]
}

function shownOf({ id, phase }: Merge): Shown | undefined {
  switch (phase.kind) {
    case 'merging':
    case 'again':
      return { text: '⬦ merging the worktree' }
    case 'aborting':
      return { text: '⬦ giving up the rebase' }
    case 'undoing':
      return { text: '⬦ taking the merge back' }
    case 'conflict':
      return {
        text: `⬦ the rebase has a conflict${inFiles(phase.files)}: the agent resolves it, then the merge goes on by itself`,
      }
    case 'stuck':
      return {
        text: `⬦ not merged yet: a rebase is still in progress in the worktree${inFiles(phase.files)}\nResolve it, with the agent or in the folder, and try again; or give it up: the branch then stands where it stood.`,
        buttons: [button('merge-again', id, 'Try again'), button('merge-abort', id, 'Abort rebase')],
      }
    case 'failed':
      return { text: phase.text }
    case 'undone':
      return {
        text: `✓ taken back: **${plain(phase.merged.target, NAME_MAX)}** is at \`${phase.merged.from.slice(0, 10)}\` again`,
      }
    case 'merged': {
      const { branch, target, to, commits } = phase.merged
      const count = commits === 1 ? '1 commit' : `${commits} commits`
      if (phase.refusal !== undefined) return { text: phase.refusal }
      return {
        text: `✓ merged \`${plain(branch, NAME_MAX)}\` into **${plain(target, NAME_MAX)}**: ${count}, now at \`${to.slice(0, 10)}\``,
        buttons: [button('merge-undo', id, 'Take it back')],
      }
    }
  }
}

const inFiles = (files: readonly string[]): string => (files.length === 0 ? '' : ` in ${plain(files.join(', '), FILES_MAX)}`)
