/** The past of channels, read over REST with the same eyes as live events. */
import { Routes, type APIMessage, type APIThreadChannel } from 'discord-api-types/v10'
import { compareSnowflakes } from '../../base/ids.ts'
import type { CatchUpPage, ChatPort, ChatResult } from '../../ports/chat.ts'
import type { Log } from '../../ports/host.ts'
import type { Cache, GuildFacts } from './cache.ts'
import { mayBePrompt, placeOf, toIncoming, type Place } from './incoming.ts'
import type { Lookups } from './fetch-missing.ts'
import type { Members } from './members.ts'
import { messagesAfter, PAGE } from '../outbound/post.ts'
import type { Rest } from '../rest/rest.ts'

export interface CatchUpOptions {
  readonly rest: Rest
  readonly cache: Cache
  readonly lookups: Lookups
  readonly members: Members
  readonly log: Log
  readonly botUserId: () => string
  readonly isProjectChannel: (channelId: string) => boolean
  /** The guilds of a new session have come, so that nothing is asked which is on its way. */
  readonly guildsArrived: () => Promise<void>
}

type Found = CatchUpPage['messages'][number]

interface ThreadFacts {
  readonly id: string
  readonly parentId: string
  readonly name: string
  readonly ownerId: string
}

type CatchUp = Pick<ChatPort, 'newestIn' | 'readAfter' | 'threadsSince' | 'ownThreadsAfter'>

const DISCORD_EPOCH = 1_420_070_400_000n

export function createCatchUp(options: CatchUpOptions): CatchUp {
  const { rest, cache, lookups, members, log } = options

  async function newestIn(channelId: string): Promise<ChatResult<string>> {
    const channel = await rest.read<{ readonly last_message_id?: string | null }>(Routes.channel(channelId))
    return channel.ok ? { ok: true, value: channel.value.last_message_id ?? channelId } : channel
  }

  async function readAfter(channelId: string, afterId: string): Promise<ChatResult<CatchUpPage>> {
    await options.guildsArrived()
    const channel = await lookups.channel(channelId)
    if (!channel.ok) return channel
    const guild = await lookups.guild(channel.value.guildId)
    if (!guild.ok) return guild
    const page = await messagesAfter(rest, channelId, afterId)
    if (!page.ok) return page
    const place = placeOf(channel.value, options.isProjectChannel)
    const wanted = place ? page.value.filter((message) => mayBePrompt(message, options.botUserId())) : []
    const messages: Found[] = []
    for (const message of wanted) {
      const found = await incoming(message, guild.value, place)
      if (!found.ok) return found
      messages.push(found.value)
    }
    return { ok: true, value: { messages, lastId: page.value.at(-1)?.id, more: page.value.length === PAGE } }
  }

  async function incoming(message: APIMessage, guild: GuildFacts, place: Place | undefined): Promise<ChatResult<Found>> {
    const member = await members.recent(guild.id, message.author.id)
    if (!member.ok) return member
    if (!place) return { ok: false, failure: { kind: 'unknown', message: 'no project channel' } }
    return { ok: true, value: toIncoming(message, { cache, botUserId: options.botUserId(), guild, place, member: member.value }) }
  }

  async function listThreads(
    channelIds: readonly string[],
    sinceId: (channelId: string) => string,
  ): Promise<ChatResult<readonly ThreadFacts[]>> {
    await options.guildsArrived()
    const threads = new Map<string, ThreadFacts>()
    const guilds = new Set<string>()
    for (const channelId of channelIds) {
      const channel = await lookups.channel(channelId)
      if (channel.ok) guilds.add(channel.value.guildId)
      if (!channel.ok && channel.failure.kind !== 'gone') return channel
      const archived = channel.ok ? await archivedSince(channelId, sinceId(channelId)) : undefined
      if (archived && !archived.ok) return archived
      for (const thread of archived?.value ?? []) threads.set(thread.id, thread)
    }
    for (const guildId of guilds) {
      const active = await rest.read<{ readonly threads: readonly APIThreadChannel[] }>(Routes.guildActiveThreads(guildId))
      if (!active.ok && active.failure.kind !== 'gone' && active.failure.kind !== 'refused') return active
      // One guild that cannot be read must not hide the threads of the others.
      if (!active.ok) {
        log.warn('active threads of a guild cannot be read', { guildId, ...active.failure })
        continue
      }
      for (const thread of active.value.threads) {
        const { parent_id: parentId } = thread
        if (parentId && channelIds.includes(parentId)) threads.set(thread.id, threadFacts(thread, parentId))
      }
    }
    return { ok: true, value: [...threads.values()] }
  }

  /** Archived threads come latest archived first, and nothing is written in a thread after it was archived: an older page holds no news. */
  async function archivedSince(channelId: string, since: string): Promise<ChatResult<readonly ThreadFacts[]>> {
    const news: ThreadFacts[] = []
    const sinceTime = Number((BigInt(since) >> 22n) + DISCORD_EPOCH)
    for (let before: string | undefined; ;) {
      const page = await rest.read<{ readonly threads: readonly APIThreadChannel[]; readonly has_more: boolean }>(
        Routes.channelThreads(channelId, 'public'),
        { limit: String(PAGE), ...(before ? { before } : {}) },
      )
      if (!page.ok && page.failure.kind !== 'unknown' && page.failure.kind !== 'stopped') {
        log.warn('archived threads of a channel cannot be read', { channelId, ...page.failure })
        return { ok: true, value: news }
      }
      if (!page.ok) return page
      for (const thread of page.value.threads) {
        const { last_message_id: last } = thread
        if (!last || compareSnowflakes(last, since) > 0) news.push(threadFacts(thread, channelId))
      }
      const oldest = page.value.threads.at(-1)?.thread_metadata?.archive_timestamp
      if (!page.value.has_more || oldest === undefined || Date.parse(oldest) < sinceTime) return { ok: true, value: news }
      before = oldest
    }
  }

  const threadsSince: ChatPort['threadsSince'] = async (...facts) => {
    const threads = await listThreads(...facts)
    return threads.ok ? { ok: true, value: threads.value.map(({ id, parentId }) => ({ id, parentId })) } : threads
  }

  const ownThreadsAfter: ChatPort['ownThreadsAfter'] = async (channelId, afterId) => {
    const threads = await listThreads([channelId], () => afterId)
    if (!threads.ok) return threads
    const own = threads.value.filter(({ id, ownerId }) => ownerId === options.botUserId() && compareSnowflakes(id, afterId) > 0)
    return { ok: true, value: own.map(({ id, name }) => ({ id, name })) }
  }

  return { newestIn, readAfter, threadsSince, ownThreadsAfter }
}

const threadFacts = ({ id, name, owner_id: ownerId }: APIThreadChannel, parentId: string): ThreadFacts => ({
  id,
  parentId,
  name: name ?? '',
  ownerId: ownerId ?? '',
})
