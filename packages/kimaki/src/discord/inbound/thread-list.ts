/** The threads below channels, active and archived: where news may stand, and which of them we opened. */
import { Routes } from 'discord-api-types/v10'
import { ChatForbidden, ChatGone, ChatUnknown } from '../../base/errors.ts'
import { compareSnowflakes } from '../../base/ids.ts'
import type { ChatError, ChatPort } from '../../ports/chat.ts'
import type { Log } from '../../ports/host.ts'
import { PAGE } from '../outbound/post.ts'
import { failureFacts } from '../rest/failure.ts'
import type { Rest } from '../rest/rest.ts'
import { activeThreads, archivedThreads } from '../wire/answer.ts'
import type { RawThread } from '../wire/guild.ts'
import type { FetchMissing } from './fetch-missing.ts'

export interface ThreadListOptions {
  readonly rest: Rest
  readonly facts: FetchMissing
  readonly log: Log
  /** The guilds of a new session have come, so that nothing is asked which is on its way. */
  readonly guildsArrived: () => Promise<void>
}

interface ThreadFacts {
  readonly id: string
  readonly parentId: string
  readonly name: string
  readonly ownerId: string
}

type SinceId = (channelId: string) => string

const DISCORD_EPOCH = 1_420_070_400_000n

export async function threadsSince(
  options: ThreadListOptions,
  ...[channelIds, sinceId]: Parameters<ChatPort['threadsSince']>
): ReturnType<ChatPort['threadsSince']> {
  const threads = await listThreads(options, channelIds, sinceId)
  return threads instanceof Error ? threads : threads.map(({ id, parentId }) => ({ id, parentId }))
}

export async function ownThreadsAfter(
  options: ThreadListOptions,
  { channelId, botUserId, afterId }: { readonly channelId: string; readonly botUserId: string; readonly afterId: string },
): ReturnType<ChatPort['ownThreadsAfter']> {
  const threads = await listThreads(options, [channelId], () => afterId)
  if (threads instanceof Error) return threads
  const own = threads.filter(({ id, ownerId }) => ownerId === botUserId && compareSnowflakes(id, afterId) > 0)
  return own.map(({ id, name }) => ({ id, name }))
}

/** The active threads first: people speak in them. A channel that is gone or hidden has no threads. */
async function listThreads(
  options: ThreadListOptions,
  channelIds: readonly string[],
  sinceId: SinceId,
): Promise<readonly ThreadFacts[] | ChatError> {
  await options.guildsArrived()
  const withNews: ThreadFacts[] = []
  const threads = new Map<string, ThreadFacts>()
  const guildIds = new Set<string>()
  for (const channelId of channelIds) {
    const channel = await options.facts.channel(channelId)
    if (channel instanceof ChatGone || channel instanceof ChatForbidden) continue
    if (channel instanceof Error) return channel
    guildIds.add(channel.guildId)
    const archived = await archivedSince(options, channelId, sinceId(channelId))
    if (archived instanceof Error) return archived
    withNews.push(...archived)
  }
  for (const guildId of guildIds) {
    const active = await activeIn(options, guildId, channelIds)
    if (active instanceof Error) return active
    for (const thread of active) threads.set(thread.id, thread)
  }
  for (const thread of withNews) if (!threads.has(thread.id)) threads.set(thread.id, thread)
  return [...threads.values()]
}

/** A guild that cannot be read for good must not hide the threads of the others. */
async function activeIn(
  { rest, log }: ThreadListOptions,
  guildId: string,
  channelIds: readonly string[],
): Promise<readonly ThreadFacts[] | ChatError> {
  const active = await rest.read(Routes.guildActiveThreads(guildId), activeThreads)
  if (active instanceof ChatUnknown) return active
  if (active instanceof Error) {
    log.warn('active threads of a guild cannot be read', { guildId, ...failureFacts(active) })
    return []
  }
  return active.threads.flatMap((thread) => {
    const { parent_id: parentId } = thread
    return parentId && channelIds.includes(parentId) ? [threadFacts(thread, parentId)] : []
  })
}

/** Archived threads come latest archived first, and nothing is written in a thread after it was archived: an older page holds no news. */
async function archivedSince(
  { rest, log }: ThreadListOptions,
  channelId: string,
  since: string,
): Promise<readonly ThreadFacts[] | ChatError> {
  const news: ThreadFacts[] = []
  const sinceTime = Number((BigInt(since) >> 22n) + DISCORD_EPOCH)
  for (let before: string | undefined; ;) {
    const page = await rest.read(Routes.channelThreads(channelId, 'public'), archivedThreads, {
      limit: String(PAGE),
      ...(before ? { before } : {}),
    })
    if (page instanceof ChatUnknown) return page
    if (page instanceof Error) {
      log.warn('archived threads of a channel cannot be read', { channelId, ...failureFacts(page) })
      return news
    }
    for (const thread of page.threads) {
      const { last_message_id: last } = thread
      if (!last || compareSnowflakes(last, since) > 0) news.push(threadFacts(thread, channelId))
    }
    const oldest = page.threads.at(-1)?.thread_metadata?.archive_timestamp
    // A time that is not one ends the reading as well: the next page could not be asked for.
    if (!page.has_more || oldest === undefined || oldest === before || !(Date.parse(oldest) >= sinceTime)) return news
    before = oldest
  }
}

const threadFacts = ({ id, name, owner_id: ownerId }: RawThread, parentId: string): ThreadFacts => ({
  id,
  parentId,
  name,
  ownerId: ownerId ?? '',
})
