/**
 * Facts that a message needs and the cache lacks, fetched once and put there: the guild of a message that came after a RESUME into an
 * empty cache (owner, roles, channels, active threads: three requests, once per guild), and the parent of a thread nobody announced.
 */
import type { Cache, ChannelFacts, GuildFacts, RawChannel, RawGuild } from './cache.ts'
import type { Rest, RestResult } from '../rest/rest.ts'

export interface Lookups {
  guild(id: string): Promise<RestResult<GuildFacts>>
  channel(id: string): Promise<RestResult<ChannelFacts>>
}

export function createLookups(rest: Rest, cache: Cache): Lookups {
  const guilds = new Map<string, Promise<RestResult<GuildFacts>>>()
  const channels = new Map<string, Promise<RestResult<ChannelFacts>>>()

  async function fetchGuild(id: string): Promise<RestResult<GuildFacts>> {
    const [guild, list, threads] = await Promise.all([
      rest.read<RawGuild>(`/guilds/${id}`),
      rest.read<readonly RawChannel[]>(`/guilds/${id}/channels`),
      rest.read<{ readonly threads: readonly RawChannel[] }>(`/guilds/${id}/threads/active`),
    ])
    if (!guild.ok) return guild
    if (list.ok) for (const channel of list.value) cache.putChannel(channel, id)
    if (threads.ok) for (const thread of threads.value.threads) cache.putChannel(thread, id)
    cache.putGuild(guild.value)
    return found(cache.guild(id))
  }

  async function fetchChannel(id: string): Promise<RestResult<ChannelFacts>> {
    const channel = await rest.read<RawChannel>(`/channels/${id}`)
    return channel.ok ? { ok: true, value: cache.putChannel(channel.value, channel.value.guild_id ?? '') } : channel
  }

  return {
    guild: (id) => known(cache.guild(id)) ?? shared(guilds, id, fetchGuild),
    channel: (id) => known(cache.channel(id)) ?? shared(channels, id, fetchChannel),
  }
}

const known = <T>(value: T | undefined): Promise<RestResult<T>> | undefined =>
  value === undefined ? undefined : Promise.resolve({ ok: true, value })

function found(guild: GuildFacts | undefined): RestResult<GuildFacts> {
  return guild
    ? { ok: true, value: guild }
    : { ok: false, status: undefined, failure: { kind: 'unknown', message: 'guild not in cache' } }
}

/** Callers that ask while the first one still waits share its answer. */
function shared<T>(waiting: Map<string, Promise<T>>, id: string, fetch: (id: string) => Promise<T>): Promise<T> {
  const already = waiting.get(id)
  if (already) return already
  const asked = fetch(id).finally(() => waiting.delete(id))
  waiting.set(id, asked)
  return asked
}
