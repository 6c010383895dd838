/** Merges the worktree of a thread, gives its rebase up, or takes the merge back. A conflict is an inbox row of the thread: the agent is asked. */
import { conflictMessage, type MergeEffect, type MergeOutcome } from '../../../domain/conversation/features/place/merge.ts'
import type { IncomingMessage } from '../../../domain/message/incoming.ts'
import { conflictPrompt, notMergedText, notUndoneText } from '../../../view/worktrees/texts.ts'
import { defineEffect, type EffectDeps } from '../definition.ts'

export const mergeWorktree = defineEffect<MergeEffect, MergeOutcome>({
  kind: 'merge-worktree',
  afterCrash: { by: 'probe', why: 'a rebase that waits, and the tip that was kept for this merge, tell how far it came' },
  proof: {
    file: 'packages/kimaki/test/git/merge.test.ts',
    test: 'killed at any step, the next attempt completes it, and every commit is still there',
  },
  access: ({ id, act, thread: { guildId }, userId, authorId }) => ({
    requestId: id,
    guildId,
    userId,
    ...(act === 'undo' && { always: true, deed: userId === authorId ? 'speak' : 'set-up' }),
  }),
  async run(deps, effect) {
    const { worktrees } = deps.git
    const { id, act, source, directory, target, merged } = effect
    if (act === 'abort') {
      const failed = await worktrees.abortRebase(source, directory)
      return failed ? { kind: 'failed', text: notMergedText(String(failed.reason)) } : { kind: 'done' }
    }
    if (act === 'undo') {
      const failed = merged && (await worktrees.undo({ id, source, ...merged }))
      return failed ? { kind: 'failed', text: notUndoneText(String(failed.reason)) } : { kind: 'done' }
    }
    const result = await worktrees.merge({ id, directory, source, target })
    if (result instanceof Error) return { kind: 'failed', text: notMergedText(String(result.reason)) }
    if (result.kind === 'conflict') {
      if (effect.step === 1) await askAgentToResolve(deps, effect, result.files)
      return result
    }
    const { kind: _, ...done } = result
    return { kind: 'merged', merged: done }
  },
})

/** The key of the row allows no second one. */
async function askAgentToResolve(
  { commits, clock, accept }: EffectDeps,
  { id, step, thread, userId }: MergeEffect,
  files: readonly string[],
): Promise<void> {
  const key = conflictMessage({ id, step })
  const at = clock.now()
  const message: IncomingMessage = {
    id: key,
    guildId: thread.guildId,
    channelId: thread.id,
    projectChannelId: thread.channelId,
    inThread: true,
    author: { kind: 'program', name: 'kimaki', userId },
    text: conflictPrompt(files),
    titleText: 'merge conflict',
    mentionsBot: false,
    reply: undefined,
    attachments: [],
    sentAt: new Date(at).toISOString(),
  }
  const rows = await commits.commit({
    accept: [{ key, request: { kind: 'message', message }, conversation: { ...thread, inThread: true }, at }],
  })
  for (const row of rows) accept(row)
}
