/** `kimaki session archive`: puts the thread of a session away. A message in it brings it back. */
import { TryLater } from '../../../base/errors.ts'
import { jsonForTerminal } from '../../../base/text.ts'
import { composedOf, defineCliCommand } from '../../command.ts'
import { EXIT_OK } from '../../status.ts'

export const sessionArchive = defineCliCommand({
  usage: 'session archive <session>',
  description: 'archive the thread of a session in which the agent is idle',
  examples: ['kimaki session archive ses_abc'],
  options: { json: { flag: '--json', description: 'tell as JSON what became of it' } },
  async run({ config, args: [session], options, print }) {
    const { meantSession } = await import('../../sessions/meant.ts')
    const meant = meantSession(session)
    if (meant instanceof Error) return meant
    const { askRunningBot } = await import('../../control/ask-bot.ts')
    const archived = await askRunningBot<{ readonly threadId: string }>(config, {
      method: 'POST',
      path: '/sessions/archive',
      body: meant,
    })
    if (archived instanceof Error) return archived
    print(
      options.json ? jsonForTerminal(archived) : `The thread ${archived.threadId} is archived. A message in it brings it back.`,
    )
    return EXIT_OK
  },
  routes: {
    'POST /sessions/archive': async (body, bot) => {
      const composed = composedOf(bot)
      if (composed instanceof Error) return composed
      const { findSession, readWanted } = await import('../../../app/control/sessions/find.ts')
      const found = await findSession(composed.store, readWanted(body))
      if (found instanceof Error) return found
      const { sessionId, threadId, state } = found
      // What is still posted would bring it back at once.
      if (state !== 'idle')
        return new TryLater({ reason: `the agent works in thread ${threadId}. kimaki session abort ${sessionId} stops it.` })
      const archived = await composed.chat.channels.archive(threadId)
      return archived instanceof Error ? archived : { sessionId, threadId }
    },
  },
})
