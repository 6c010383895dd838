/** Makes the worktree of a conversation, whole or not at all. */
import type { MakeWorktreeEffect, WorktreeOutcome } from '../../../domain/conversation/features/place/worktree.ts'
import { notMadeText } from '../../../view/worktrees/texts.ts'
import { defineEffect } from '../definition.ts'

export const makeWorktree = defineEffect<MakeWorktreeEffect, WorktreeOutcome>({
  kind: 'make-worktree',
  afterCrash: {
    by: 'probe',
    why: 'the name is claimed for this conversation before git does anything, and each step is looked for',
  },
  proof: {
    file: 'packages/kimaki/test/git/worktrees.test.ts',
    test: 'killed at any step, it is completed by the next attempt, which is the same worktree',
  },
  async run({ git: { worktrees } }, { id, source, request }) {
    const made = await worktrees.make({ id, source, ...request })
    if (made instanceof Error) return { kind: 'failed', text: notMadeText(String(made.reason)) }
    const { warnings, ...worktree } = made
    return { kind: 'worktree-made', worktree, warnings }
  },
})
