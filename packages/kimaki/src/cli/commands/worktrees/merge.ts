/** `kimaki worktree merge`: merges the worktree of a session, as `/merge-worktree` does; its thread tells what comes of it. */
import { TryLater, UsageError } from '../../../base/errors.ts'
import { jsonForTerminal } from '../../../base/text.ts'
import { composedOf, defineCliCommand } from '../../command.ts'
import { EXIT_OK } from '../../status.ts'

interface Asked {
  readonly sessionId: string
  readonly threadId: string
  readonly branch: string
}

export const worktreeMerge = defineCliCommand({
  usage: 'worktree merge <session>',
  description: 'merge the worktree of a session; its thread tells what comes of it',
  examples: ['kimaki worktree merge ses_abc', 'kimaki worktree merge ses_abc --target release'],
  options: {
    target: { flag: '--target <branch>', description: 'the branch to merge into (default: as the remote has it, else main)' },
    json: { flag: '--json', description: 'tell as JSON what became of it' },
  },
  async run({ config, args: [session], options, print }) {
    const { meantSession } = await import('../../sessions/meant.ts')
    const meant = meantSession(session)
    if (meant instanceof Error) return meant
    const { askRunningBot } = await import('../../control/ask-bot.ts')
    const body = { ...meant, id: crypto.randomUUID(), target: options.target }
    const asked = await askRunningBot<Asked>(config, { method: 'POST', path: '/worktrees/merge', body })
    if (asked instanceof Error) return asked
    print(
      options.json ? jsonForTerminal(asked) : `The branch ${asked.branch} is being merged: thread ${asked.threadId} tells more.`,
    )
    return EXIT_OK
  },
  routes: {
    'POST /worktrees/merge': async (body, bot) => {
      const composed = composedOf(bot)
      if (composed instanceof Error) return composed
      const { findSession, readWanted, textOf } = await import('../../../app/control/sessions/find.ts')
      const { worktreeOf } = await import('../../../domain/conversation/features/place/worktree.ts')
      const wanted = readWanted(body)
      const found = await findSession(composed.store, wanted)
      if (found instanceof Error) return found
      const { sessionId, threadId, guildId, channelId, directory, state } = found
      if (state !== 'idle') return new TryLater({ reason: `the agent works in thread ${threadId}: merge when it is done` })
      const { state: conversation } = await composed.store.load(threadId)
      const worktree = conversation && worktreeOf(conversation)
      if (!worktree)
        return new UsageError({ reason: `The session ${sessionId} does not work in a worktree that Kimaki has made for it.` })
      const id = textOf(wanted.rest['id']) ?? crypto.randomUUID()
      const target = textOf(wanted.rest['target'])
      await composed.bot.accept({
        key: `merge:${id}`,
        request: { kind: 'merge-asked', act: 'merge', id, ...(target !== undefined && { target }) },
        conversation: { id: threadId, guildId, channelId, directory, inThread: true },
        at: Date.now(),
      })
      return { sessionId, threadId, branch: worktree.branch }
    },
  },
})
