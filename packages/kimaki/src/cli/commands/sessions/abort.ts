/** `kimaki session abort`: ends the run of a session, as `/abort` does. */
import { jsonForTerminal } from '../../../base/text.ts'
import { composedOf, defineCliCommand } from '../../command.ts'
import { EXIT_OK } from '../../status.ts'

interface Stopped {
  readonly sessionId: string
  readonly threadId: string
  /** Something ran, or was about to. */
  readonly stopped: boolean
}

export const sessionAbort = defineCliCommand({
  usage: 'session abort <session>',
  description: 'stop the agent in a session; what it has not read yet runs next',
  examples: ['kimaki session abort ses_abc'],
  options: { json: { flag: '--json', description: 'tell as JSON what became of it' } },
  async run({ config, args: [session], options, print }) {
    const { meantSession } = await import('../../sessions/meant.ts')
    const meant = meantSession(session)
    if (meant instanceof Error) return meant
    const { askRunningBot } = await import('../../control/ask-bot.ts')
    const body = { ...meant, id: crypto.randomUUID() }
    const stopped = await askRunningBot<Stopped>(config, { method: 'POST', path: '/sessions/abort', body })
    if (stopped instanceof Error) return stopped
    if (options.json) print(jsonForTerminal(stopped))
    else
      print(
        stopped.stopped ? `The agent is being stopped in thread ${stopped.threadId}.` : 'The agent is idle: nothing is stopped.',
      )
    return EXIT_OK
  },
  routes: {
    'POST /sessions/abort': async (body, bot) => {
      const composed = composedOf(bot)
      if (composed instanceof Error) return composed
      const { findSession, readWanted, textOf } = await import('../../../app/control/sessions/find.ts')
      const wanted = readWanted(body)
      const found = await findSession(composed.store, wanted)
      if (found instanceof Error) return found
      const { sessionId, threadId: id, guildId, channelId, directory, state } = found
      if (state !== 'idle')
        await composed.bot.accept({
          key: `stop:${textOf(wanted.rest['id']) ?? crypto.randomUUID()}`,
          request: { kind: 'stop-asked', by: 'kimaki session abort' },
          conversation: { id, guildId, channelId, directory, inThread: true },
          at: Date.now(),
        })
      return { sessionId, threadId: id, stopped: state !== 'idle' }
    },
  },
})
