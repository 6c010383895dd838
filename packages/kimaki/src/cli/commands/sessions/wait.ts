/** `kimaki session wait`: until nothing is under way in a session; prints the last answer. */
import { jsonForTerminal } from '../../../base/text.ts'
import { composedOf, defineCliCommand } from '../../command.ts'
import { EXIT_FAILURE, EXIT_OK } from '../../status.ts'

export const sessionWait = defineCliCommand({
  usage: 'session wait [session]',
  description: 'wait until the agent has ended its work in a session, and print its last answer; 1 when it failed',
  examples: ['kimaki session wait ses_abc', 'kimaki session wait --last --json'],
  options: {
    last: { flag: '--last', description: 'the session used last, in place of an id' },
    project: { flag: '--project <folder>', description: 'with --last: of this folder' },
    json: { flag: '--json', description: 'tell as JSON how it ended' },
  },
  async run({ config, args: [session], options, print }) {
    const { meantSession } = await import('../../sessions/meant.ts')
    const meant = meantSession(session, options)
    if (meant instanceof Error) return meant
    const { waitFor } = await import('../../sessions/wait.ts')
    const waited = await waitFor(config, '/sessions/wait', meant)
    if (waited instanceof Error) return waited
    const { printEnd } = await import('../../sessions/wait.ts')
    if (!options.json) return printEnd(waited, print)
    print(jsonForTerminal(waited))
    return waited.ok ? EXIT_OK : EXIT_FAILURE
  },
  routes: {
    'POST /sessions/wait': async (body, bot) => {
      const composed = composedOf(bot)
      if (composed instanceof Error) return composed
      const { findSession, readWanted } = await import('../../../app/control/sessions/find.ts')
      const found = await findSession(composed.store, readWanted(body))
      if (found instanceof Error) return found
      const { waitForThread } = await import('../../../app/control/sessions/wait.ts')
      const { store, agent } = composed
      const ended = await waitForThread({ store, agent, waits: composed.bot.waits, now: () => Date.now() }, found.threadId)
      return { sessionId: found.sessionId, ...ended }
    },
  },
})
