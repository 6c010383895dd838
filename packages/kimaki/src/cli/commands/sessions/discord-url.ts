/** `kimaki session discord-url`: where a session takes place. Needs no bot. */
import { jsonForTerminal } from '../../../base/text.ts'
import { composedOf, defineCliCommand } from '../../command.ts'
import { EXIT_OK } from '../../status.ts'

export const sessionDiscordUrl = defineCliCommand({
  usage: 'session discord-url <session>',
  description: 'print the address of the thread of a session',
  examples: ['kimaki session discord-url ses_abc'],
  options: { json: { flag: '--json', description: 'as JSON, with the ids' } },
  async run({ config, args: [session], options, print }) {
    const { meantSession } = await import('../../sessions/meant.ts')
    const meant = meantSession(session)
    if (meant instanceof Error) return meant
    const { foundSession } = await import('../../sending/target.ts')
    const found = await foundSession(config, meant.session ?? '')
    if (found instanceof Error) return found
    const { addressOf } = await import('../../projects/channel-address.ts')
    const { guildId, threadId, sessionId, title } = found
    const url = addressOf({ guildId, channelId: threadId })
    print(options.json ? jsonForTerminal({ url, threadId, guildId, sessionId, threadName: title }) : url)
    return EXIT_OK
  },
  routes: {
    'POST /sessions/find': async (body, bot) => {
      const composed = composedOf(bot)
      if (composed instanceof Error) return composed
      const { findSession, readWanted } = await import('../../../app/control/sessions/find.ts')
      return findSession(composed.store, readWanted(body))
    },
  },
})
