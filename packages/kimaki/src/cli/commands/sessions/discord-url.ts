/** `kimaki session discord-url`: where a session takes place. Needs no bot. */
import { UsageError } from '../../../base/errors.ts'
import { jsonForTerminal } from '../../../base/text.ts'
import type { SessionRecord } from '../../../domain/conversation/inquiry/session-record.ts'
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
    const { askBotOr } = await import('../../control/ask-bot.ts')
    const found = await askBotOr<SessionRecord>(config, { method: 'POST', path: '/sessions/find', body: meant }, async () => {
      const { readSessions } = await import('../../../store/inquiry/read-only.ts')
      const id = meant.session ?? ''
      const [one] = [
        readSessions(config.database, { ...(/^\d/.test(id) ? { threadId: id } : { sessionId: id }), limit: 1 }),
      ].flat()
      return one ?? new UsageError({ reason: `There is no session ${id} on record. "kimaki session list" shows those that are.` })
    })
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
