/** The past of channels, read over REST with the same eyes as live events. */
import { Routes, type APIMessage } from 'discord-api-types/v10'
import type { CatchUpPage, ChatError, ChatPort } from '../../ports/chat.ts'
import { messagesAfter, PAGE } from '../outbound/post.ts'
import type { Rest } from '../rest/rest.ts'
import type { Cache, GuildFacts } from './cache.ts'
import type { FetchMissing } from './fetch-missing.ts'
import { mayBePrompt, placeOf, toIncoming, type Whereabouts } from './incoming.ts'
import type { Members } from './members.ts'

export interface HistoryOptions {
  readonly rest: Rest
  readonly cache: Cache
  readonly facts: FetchMissing
  readonly members: Members
  readonly botUserId: () => string
  readonly isProjectChannel: (channelId: string) => boolean
  /** The guilds of a new session have come, so that nothing is asked which is on its way. */
  readonly guildsArrived: () => Promise<void>
}

type Found = CatchUpPage['messages'][number]

export async function newestIn(rest: Rest, channelId: string): Promise<string | ChatError> {
  const channel = await rest.read<{ readonly last_message_id?: string | null }>(Routes.channel(channelId))
  return channel instanceof Error ? channel : (channel.last_message_id ?? channelId)
}

export async function readAfter(
  options: HistoryOptions,
  ...[channelId, afterId]: Parameters<ChatPort['readAfter']>
): Promise<CatchUpPage | ChatError> {
  const { rest, facts } = options
  await options.guildsArrived()
  const channel = await facts.channel(channelId)
  if (channel instanceof Error) return channel
  const guild = await facts.guild(channel.guildId)
  if (guild instanceof Error) return guild
  const page = await messagesAfter(rest, channelId, afterId)
  if (page instanceof Error) return page
  const place = placeOf(channel, options.isProjectChannel)
  const messages = place ? await foundIn(page, options, { guild, place }) : []
  return messages instanceof Error ? messages : { messages, lastId: page.at(-1)?.id, more: page.length === PAGE }
}

/** One after the other: messages of one author share one look at who that is. */
async function foundIn(
  page: readonly APIMessage[],
  { cache, members, ...options }: HistoryOptions,
  ours: { readonly guild: GuildFacts; readonly place: Whereabouts },
): Promise<readonly Found[] | ChatError> {
  const botUserId = options.botUserId()
  const found: Found[] = []
  for (const message of page) {
    if (!mayBePrompt(message, botUserId)) continue
    const member = await members.recent(ours.guild.id, message.author.id)
    if (member instanceof Error) return member
    found.push(toIncoming(message, { cache, botUserId, ...ours, member }))
  }
  return found
}
