/** Members of a server by their names; the server need not be named where the bot is in one only. */
import { UsageError } from '../../base/errors.ts'
import type { ChatError } from '../../ports/chat-error.ts'
import type { ChannelsPort, GuildMember } from '../../ports/channels.ts'

const MOST = 20

export async function membersLike(
  channels: Pick<ChannelsPort, 'servers' | 'members'>,
  { query, guild }: { readonly query: string; readonly guild: string | undefined },
): Promise<readonly GuildMember[] | ChatError | UsageError> {
  if (guild !== undefined) return channels.members(guild, query, MOST)
  const servers = await channels.servers()
  if (servers instanceof Error) return servers
  const [only] = servers
  if (only === undefined)
    return new UsageError({ reason: 'The bot is in no server. "kimaki bot install-url" prints its invitation.' })
  if (servers.length === 1) return channels.members(only.id, query, MOST)
  const names = servers.map(({ id, name }) => `${id} (${name})`).join(', ')
  return new UsageError({ reason: `The bot is in several servers: ${names}. Name one with --guild.` })
}
