/** `kimaki user list`: members of a server whose names begin so, with their ids. */
import { UsageError } from '../../../base/errors.ts'
import { jsonForTerminal } from '../../../base/text.ts'
import { composedOf, defineCliCommand } from '../../command.ts'
import { EXIT_OK } from '../../status.ts'
import { checkSnowflake } from '../../snowflake.ts'
import type { Column } from '../../terminal/table.ts'
import type { GuildMember } from '../../../ports/channels.ts'

const COLUMNS: readonly Column[] = [{ title: 'id' }, { title: 'name', mayBeCut: true }]

export const userList = defineCliCommand({
  usage: 'user list <query>',
  description: 'find members of a server by the beginning of their names, at most 20',
  examples: ['kimaki user list ann', 'kimaki user list ann --guild 123456789012345678 --json'],
  options: {
    guild: { flag: '--guild <id>', description: 'id of the server (default: the only one of the bot)' },
    json: { flag: '--json', description: 'as JSON' },
  },
  async run({ config, args: [query = ''], options, print }) {
    if (query.trim() === '') return new UsageError({ reason: 'Give the beginning of a name.' })
    const wrong = options.guild === undefined ? undefined : checkSnowflake('--guild', options.guild)
    if (wrong) return wrong
    const { membersLike } = await import('../../sending/members.ts')
    const { withDiscord } = await import('../../projects/offline.ts')
    const { askBotOr } = await import('../../control/ask-bot.ts')
    const asked = { query, guild: options.guild }
    const members = await askBotOr<readonly GuildMember[]>(config, { method: 'POST', path: '/users', body: asked }, () =>
      withDiscord<readonly GuildMember[]>(config, ({ channels }) => membersLike(channels, asked)),
    )
    if (members instanceof Error) return members
    if (options.json) print(jsonForTerminal(members, 2))
    else if (members.length === 0) print(`No member's name begins with "${query}".`)
    else
      (await import('../../terminal/paper.ts')).writeTable(
        { config, print },
        COLUMNS,
        members.map(({ id, name }) => [id, name]),
      )
    return EXIT_OK
  },
  routes: {
    'POST /users': async (body, bot) => {
      const composed = composedOf(bot)
      if (composed instanceof Error) return composed
      const { query, guild } = (typeof body === 'object' && body !== null ? body : {}) as Readonly<Record<string, unknown>>
      if (typeof query !== 'string' || query === '') return new UsageError({ reason: 'query is needed' })
      const { membersLike } = await import('../../sending/members.ts')
      return membersLike(composed.chat.channels, { query, guild: typeof guild === 'string' ? guild : undefined })
    },
  },
})
