/**
 * Facts that a message needs and the cache lacks, fetched once and put there: the guild of a message that came after a RESUME into an
 * empty cache (owner, roles, channels, active threads: three requests, once per guild), and the parent of a thread nobody announced.
 */
import { ChatUnknown } from '../../base/errors.ts'
import type { ChatError } from '../../ports/chat.ts'
import type { Rest } from '../rest/rest.ts'
import { activeChannels, gatewayAddress } from '../wire/answer.ts'
import { channel as channelReader, channels as channelsReader, guild as guildReader } from '../wire/guild.ts'
import type { Cache, ChannelFacts, GuildFacts } from './cache.ts'

export interface FetchMissing {
  guild(id: string): Promise<GuildFacts | ChatError>
  channel(id: string): Promise<ChannelFacts | ChatError>
  /** Does Discord answer at all? */
  answers(): Promise<boolean>
}

export function createFetchMissing(rest: Rest, cache: Cache): FetchMissing {
  const guilds = new Map<string, Promise<GuildFacts | ChatError>>()
  const channels = new Map<string, Promise<ChannelFacts | ChatError>>()

  async function fetchGuild(id: string): Promise<GuildFacts | ChatError> {
    const [guild, list, active] = await Promise.all([
      rest.read(`/guilds/${id}`, guildReader),
      rest.read(`/guilds/${id}/channels`, channelsReader),
      rest.read(`/guilds/${id}/threads/active`, activeChannels),
    ])
    if (guild instanceof Error) return guild
    if (!(list instanceof Error)) for (const channel of list) cache.putChannel(channel, id)
    if (!(active instanceof Error)) for (const thread of active.threads) cache.putChannel(thread, id)
    cache.putGuild(guild)
    return cache.guild(id) ?? new ChatUnknown({ reason: 'guild not in cache' })
  }

  async function fetchChannel(id: string): Promise<ChannelFacts | ChatError> {
    const channel = await rest.read(`/channels/${id}`, channelReader)
    if (channel instanceof Error) return channel
    // A channel of a guild that is told without it is asked for again; others are never asked for.
    if (channel.guild_id === undefined) return new ChatUnknown({ reason: 'a channel without its guild' })
    return cache.putChannel(channel, channel.guild_id)
  }

  return {
    guild: async (id) => cache.guild(id) ?? shared(guilds, id, fetchGuild),
    channel: async (id) => cache.channel(id) ?? shared(channels, id, fetchChannel),
    answers: async () => !((await rest.read('/gateway/bot', gatewayAddress)) instanceof ChatUnknown),
  }
}

/** Callers that ask while the first one still waits share its answer. */
function shared<T>(waiting: Map<string, Promise<T>>, id: string, fetch: (id: string) => Promise<T>): Promise<T> {
  const already = waiting.get(id)
  if (already) return already
  const asked = fetch(id).finally(() => waiting.delete(id))
  waiting.set(id, asked)
  return asked
}
