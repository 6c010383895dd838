/** `/merge-worktree` puts the commits of the thread's worktree on top of a branch, and moves that on to them. */
import { merge } from '../../domain/conversation/features/place/merge.ts'
import { worktreeOf } from '../../domain/conversation/features/place/worktree.ts'
import { isWorking } from '../../domain/conversation/run/derive.ts'
import type { SlashCommand } from '../declaration.ts'

export const mergeWorktree: SlashCommand = {
  name: 'merge-worktree',
  description: 'Rebase the commits of this worktree onto a branch, and merge them there (land, ship)',
  where: 'thread',
  visibility: 'public',
  options: [
    {
      kind: 'string',
      name: 'target-branch',
      description: 'Without it: the branch that the remote calls its own, else main',
      required: false,
      autocomplete: true,
    },
  ],
  run(state, { id, options, userId }) {
    if (!worktreeOf(state)) return { reply: NO_WORKTREE }
    if (isWorking(state)) return { reply: '✗ not merged: the agent is at work here\nWait until it is done, or stop it.' }
    const phase = merge.of(state)?.phase.kind
    if (phase === 'merging' || phase === 'aborting' || phase === 'undoing' || phase === 'again')
      return { reply: '✗ not merged: a merge is under way here' }
    const target = String(options['target-branch'] ?? '').trim()
    const asked = { kind: 'merge-asked', act: 'merge', id, userId, ...(target !== '' && { target }) } as const
    return { requests: [asked], reply: '⬦ merging: what comes of it stands below' }
  },
  proposes: {
    async 'target-branch'({ git: { worktrees } }, { directory, typed }) {
      const names = await worktrees.branches(directory, typed, true)
      return names.filter((name) => name.length <= VALUE_MAX).map((name) => ({ name, value: name }))
    },
  },
}

/** Discord docs: Application Command Option Choice. */
const VALUE_MAX = 100

const NO_WORKTREE = '✗ this thread has no worktree\n`/new-worktree` in the channel begins a thread with one.'
