/** Pure: Discord's message -> ours, and which messages are for us at all. */
import { MessageType } from 'discord-api-types/v10'
import { timeOfSnowflake } from '../../base/ids.ts'
import { cut } from '../../base/text.ts'
import type { Author, IncomingMessage, RepliedMessage } from '../../domain/message/incoming.ts'
import { mayBeCommand, shellCommand } from '../../domain/message/intent.ts'
import { takeSuffix } from '../../domain/message/suffix.ts'
import type { Place } from '../../ports/chat.ts'
import { toAttachment } from '../wire/attachment.ts'
import type { RawUser } from '../wire/guild.ts'
import type { RawMessage, RawOriginal, RawSnapshot, Sender } from '../wire/message.ts'
import type { Cache, ChannelFacts, GuildFacts } from './cache.ts'
import type { MemberFacts } from './members.ts'
import { resolveMentions, withoutMentions, type MentionNames } from './content/mentions.ts'
import { firstQuotedWords, quotesOf, showsMoreThanWords } from './content/quotes.ts'

/** Which project channel a channel or thread belongs to. */
export type Whereabouts = Pick<Place, 'projectChannelId' | 'inThread'>

export interface Surroundings {
  readonly cache: Cache
  readonly botUserId: string
  readonly guild: GuildFacts
  readonly place: Whereabouts
  readonly member: MemberFacts | undefined
}

const PROMPT_TYPES: readonly number[] = [MessageType.Default, MessageType.Reply]
const LONGEST_REPLY = 1000

/** Could this be a prompt, by who says it? Not our own posts, not webhooks, not what Discord says itself. */
export const mayBeHeard = ({ author, webhook_id: isWebhook, type }: Sender, botUserId: string): boolean =>
  author.id !== botUserId && !isWebhook && PROMPT_TYPES.includes(type)

/** The bot's user wrote it by itself: it answers no interaction, and Discord did not write it in the bot's name. */
export const isOwn = ({ author, webhook_id: isWebhook, type }: Sender, botUserId: string): boolean =>
  author.id === botUserId && !isWebhook && PROMPT_TYPES.includes(type)

/** Could it be a prompt, by what it says? Not an empty message. */
export const saysSomething = (message: RawMessage): boolean =>
  message.content.trim() !== '' || message.attachments.length > 0 || showsMoreThanWords(message)

/** A person wrote it, and nothing in it can be read. (Another bot is not told: it might answer.) */
export const isToBeTold = ({ author }: Pick<Sender, 'author'>, message: RawMessage): boolean =>
  author.bot !== true && !saysSomething(message)

/** Typed, by a person: the mention that Discord adds to a reply asks nothing of the bot. */
export const callsBot = ({ author }: Pick<Sender, 'author'>, content: string, botUserId: string): boolean =>
  author.bot !== true && typesMention(content, botUserId)

const typesMention = (content: string, userId: string): boolean =>
  content.includes(`<@${userId}>`) || content.includes(`<@!${userId}>`)

export function placeOf(channel: ChannelFacts, isProjectChannel: (channelId: string) => boolean): Whereabouts | undefined {
  const projectChannelId = channel.isThread ? channel.parentId : channel.id
  if (projectChannelId === undefined || !isProjectChannel(projectChannelId)) return undefined
  return { projectChannelId, inThread: channel.isThread }
}

export function toIncoming(message: RawMessage, around: Surroundings): IncomingMessage {
  const { guild, place, member, botUserId } = around
  const names = namesIn(message, around)
  return {
    id: message.id,
    guildId: guild.id,
    channelId: message.channel_id,
    projectChannelId: place.projectChannelId,
    inThread: place.inThread,
    author: authorOf(message, member),
    text: wordsOf(message.content, names),
    titleText: withoutMentions(takeSuffix(message.content).rest) || withoutMentions(firstQuotedWords(message)),
    mentionsBot: mentionsBot(message, around),
    ...(namesOther(message.content, botUserId) && { namesOther: true as const }),
    reply: message.referenced_message && quotedMessage(message.referenced_message, around, LONGEST_REPLY),
    quotes: quotesOf(message, names, (snapshot) => namesIn(snapshot, around)),
    attachments: message.attachments.map(toAttachment),
    sentAt: message.timestamp ?? new Date(timeOfSnowflake(message.id)).toISOString(),
    ...(message.edited_timestamp !== undefined && { editedAt: message.edited_timestamp }),
  }
}

function authorOf({ author }: RawMessage, member: MemberFacts | undefined): Author {
  const name = member?.nick ?? userName(author)
  return { kind: 'person', id: author.id, name, ...(author.bot === true && { isBot: true }) }
}

/**
 * The bot itself, or its own role: people's clients propose both under the same name. Without Discord's list of the mentioned the words tell.
 */
export function mentionsBot(
  { mentions: users, content }: RawMessage,
  { guild, botUserId }: Pick<Surroundings, 'guild' | 'botUserId'>,
): boolean {
  const isNamed = users ? users.some(({ id }) => id === botUserId) : typesMention(content, botUserId)
  return isNamed || [...guild.roles.values()].some(({ id, botId }) => botId === botUserId && content.includes(`<@&${id}>`))
}

/** Mentions become names, but where a name would say what its bearer wants: on a command line, among a command's arguments, or as a suffix at the end. */
function wordsOf(content: string, names: MentionNames): string {
  const resolved = resolveMentions(content, mayBeCommand(content) ? plain(names) : names)
  const isHarmless = shellCommand(content) === undefined && takeSuffix(resolved).suffix === takeSuffix(content).suffix
  return isHarmless ? resolved : content
}

/** OpenCode expands `@file` and what stands in backticks. */
function plain(names: MentionNames): MentionNames {
  const onlyPlain = (name: string | undefined) => (name !== undefined && /^[\p{L}\p{N} _-]+$/u.test(name) ? name : undefined)
  return {
    user: (id) => onlyPlain(names.user(id)),
    role: (id) => onlyPlain(names.role(id)),
    channel: (id) => onlyPlain(names.channel(id)),
  }
}

function namesOther(content: string, botUserId: string): boolean {
  const first = /^\s*<@!?(\d{15,21})>/.exec(content)?.[1]
  return first !== undefined && first !== botUserId
}

type Mentioning = Pick<RawSnapshot, 'mentions' | 'mention_channels'>

/** Names as Discord shows them: server nickname, else display name, else user name. */
function namesIn(message: Mentioning, { cache, guild }: Pick<Surroundings, 'cache' | 'guild'>): MentionNames {
  const { mentions: users = [], mention_channels: channels } = message
  return {
    user(id) {
      const user = users.find((mentioned) => mentioned.id === id)
      return user && (user.member?.nick ?? userName(user))
    },
    role: (id) => guild.roles.get(id)?.name,
    channel: (id) => cache.channel(id)?.name ?? channels.find((channel) => channel.id === id)?.name,
  }
}

const userName = (user: RawUser): string => user.global_name ?? user.username

/** A message that another one comes with. */
export function quotedMessage(
  original: RawOriginal,
  around: Pick<Surroundings, 'cache' | 'guild'>,
  longest: number,
): RepliedMessage {
  const names = namesIn(original, around)
  const text = resolveMentions(original.content, names).trim()
  const quotes = quotesOf(original, names, (snapshot) => namesIn(snapshot, around))
  const attachments = original.attachments.map(toAttachment)
  return {
    authorName: userName(original.author),
    text: cut(text, longest),
    ...(text.length > longest && { isCut: true as const }),
    ...(original.id !== undefined && { id: original.id }),
    ...(attachments.length > 0 && { attachments }),
    ...(quotes.length > 0 && { quotes }),
  }
}
