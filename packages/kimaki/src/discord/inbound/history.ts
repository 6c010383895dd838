/** The past of channels, read over REST with the same eyes as live events. */
import { Routes } from 'discord-api-types/v10'
import type { CatchUpPage, ChatError, ChatPort, EmptyMessage, MarkedMessage } from '../../ports/chat.ts'
import { mayUse } from '../../domain/access.ts'
import type { Log } from '../../ports/host.ts'
import type { Marks } from '../outbound/mark.ts'
import { messagesAfter, type Page } from '../outbound/post.ts'
import { ChatUnreadable } from '../rest/failure.ts'
import type { Rest } from '../rest/rest.ts'
import { newest } from '../wire/answer.ts'
import { message as messageReader, sender as senderReader } from '../wire/message.ts'
import { accessFacts } from './access.ts'
import type { Cache, GuildFacts } from './cache.ts'
import type { FetchMissing } from './fetch-missing.ts'
import { isOwn, isToBeTold, mayBeHeard, mentionsBot, placeOf, saysSomething, toIncoming, type Whereabouts } from './incoming.ts'
import type { Members } from './members.ts'

export interface HistoryOptions {
  readonly rest: Rest
  readonly cache: Cache
  readonly facts: FetchMissing
  readonly members: Members
  readonly log: Log
  readonly botUserId: () => string
  readonly isProjectChannel: (channelId: string) => boolean
  /** The guilds of a new session have come, so that nothing is asked which is on its way. */
  readonly guildsArrived: () => Promise<void>
  readonly marks: Pick<Marks, 'read'>
}

type Found = Pick<CatchUpPage, 'messages' | 'empty' | 'marked'>

export async function newestIn(rest: Rest, channelId: string): Promise<string | ChatError> {
  const channel = await rest.read(Routes.channel(channelId), newest)
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
  const found = place ? await foundIn(page.messages, options, { guild, place, channelId }) : { messages: [] }
  return found instanceof Error ? found : { ...found, lastId: page.messages.at(-1)?.id, more: page.isFull }
}

/** One after the other: messages of one author share one look at who that is. What cannot be read is passed over, or it would be read for ever. */
async function foundIn(
  page: Page['messages'],
  { cache, members, log, ...options }: HistoryOptions,
  { channelId, ...ours }: { readonly guild: GuildFacts; readonly place: Whereabouts; readonly channelId: string },
): Promise<Found | ChatError> {
  const botUserId = options.botUserId()
  const messages: Found['messages'][number][] = []
  const empty: EmptyMessage[] = []
  const marked: MarkedMessage[] = []
  const passOver = (id: string, { message: reason }: Error): void =>
    log.error('a message of the past cannot be read and is passed over', { message: id, reason })
  for (const { id, whole } of page) {
    const sender = senderReader(whole)
    if (sender instanceof Error) {
      passOver(id, sender)
      continue
    }
    const own = !ours.place.inThread && isOwn(sender, botUserId) ? options.marks.read(whole) : undefined
    if (own) marked.push({ place: { channelId, ...ours.place }, messageId: id, ...own })
    if (!mayBeHeard(sender, botUserId)) continue
    const { author } = sender
    const member = await members.recent(ours.guild.id, author.id)
    if (member instanceof ChatUnreadable) {
      passOver(id, member)
      continue
    }
    if (member instanceof Error) return member
    const access = accessFacts(ours.guild, author.id, author.bot ?? false, member)
    const message = messageReader(whole)
    if (message instanceof Error) {
      if (mayUse(access)) passOver(id, message)
      continue
    }
    const around = { cache, botUserId, ...ours, member }
    if (isToBeTold(sender, message)) {
      const place = { channelId: message.channel_id, ...ours.place }
      empty.push({ messageId: id, place, mentionsBot: mentionsBot(message, around), access })
    } else if (saysSomething(message)) messages.push({ message: toIncoming(message, around), access })
  }
  return { messages, ...(empty.length > 0 && { empty }), ...(marked.length > 0 && { marked }) }
}
