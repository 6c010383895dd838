/** Pure: Discord's message -> ours, and which messages are for us at all. */
import { MessageType, type APIBaseMessage, type APIUser, type APIUserWithMember } from 'discord-api-types/v10'
import type { AccessFacts } from '../../domain/access.ts'
import { cut } from '../../base/text.ts'
import type { IncomingMessage, RepliedMessage } from '../../domain/message/incoming.ts'
import { mayBeCommand, shellCommand } from '../../domain/message/intent.ts'
import { takeSuffix } from '../../domain/message/suffix.ts'
import type { Place } from '../../ports/chat.ts'
import { accessFacts } from './access.ts'
import type { Cache, ChannelFacts, GuildFacts } from './cache.ts'
import type { MemberFacts } from './members.ts'
import { resolveMentions, withoutMentions, type MentionNames } from './content/mentions.ts'
import { firstQuotedWords, quotesOf, showsMoreThanWords, toAttachment } from './content/quotes.ts'

/** A message of the gateway or of REST; only the gateway puts a `member` beside each mentioned user. */
export type RawMessage = APIBaseMessage & {
  readonly mentions: readonly APIUserWithMember[]
  readonly referenced_message?: RawMessage | null
}

/** Which project channel a channel or thread belongs to. */
export type Whereabouts = Pick<Place, 'projectChannelId' | 'inThread'>

export interface Surroundings {
  readonly cache: Cache
  readonly botUserId: string
  readonly guild: GuildFacts
  readonly place: Whereabouts
  readonly member: MemberFacts | undefined
}

const PROMPT_TYPES: readonly MessageType[] = [MessageType.Default, MessageType.Reply]
const LONGEST_REPLY = 1000

/** Could this be a prompt? Not our own posts, not webhooks, not what Discord says itself, not an empty message. */
export const mayBePrompt = (message: RawMessage, botUserId: string): boolean => isWritten(message, botUserId) && !isEmpty(message)

/** A person wrote it, and nothing in it can be read: a sticker, say. (Other bots are never answered: two could go on for ever.) */
export const isUnreadable = (message: RawMessage, botUserId: string): boolean =>
  isWritten(message, botUserId) && !message.author.bot && isEmpty(message)

const isWritten = (message: RawMessage, botUserId: string): boolean =>
  message.author.id !== botUserId && message.webhook_id === undefined && PROMPT_TYPES.includes(message.type)

const isEmpty = (message: RawMessage): boolean =>
  message.content.trim() === '' && message.attachments.length === 0 && !showsMoreThanWords(message)

/** Typed, by a person: the mention that Discord adds to a reply asks nothing of the bot. */
export const callsBot = (message: RawMessage, botUserId: string): boolean =>
  isWritten(message, botUserId) && !message.author.bot && new RegExp(`<@!?${botUserId}>`).test(message.content)

export function placeOf(channel: ChannelFacts, isProjectChannel: (channelId: string) => boolean): Whereabouts | undefined {
  const projectChannelId = channel.isThread ? channel.parentId : channel.id
  if (projectChannelId === undefined || !isProjectChannel(projectChannelId)) return undefined
  return { projectChannelId, inThread: channel.isThread }
}

export function toIncoming(
  message: RawMessage,
  around: Surroundings,
): { readonly message: IncomingMessage; readonly access: AccessFacts } {
  const { guild, place, member, botUserId } = around
  const names = namesIn(message, around)
  return {
    message: {
      id: message.id,
      guildId: guild.id,
      channelId: message.channel_id,
      projectChannelId: place.projectChannelId,
      inThread: place.inThread,
      author: { kind: 'person', id: message.author.id, name: member?.nick ?? userName(message.author) },
      text: wordsOf(message.content, names),
      titleText: withoutMentions(takeSuffix(message.content).rest) || withoutMentions(firstQuotedWords(message)),
      mentionsBot: mentionsBot(message, around),
      ...(namesOther(message.content, botUserId) && { namesOther: true as const }),
      reply: replyOf(message, around),
      quotes: quotesOf(message, names, (snapshot) => namesIn(snapshot, around)),
      attachments: message.attachments.map(toAttachment),
      sentAt: new Date(message.timestamp).toISOString(),
    },
    access: accessFacts(guild, message.author.id, message.author.bot ?? false, member),
  }
}

/** The bot itself, or its own role: people's clients propose both under the same name. */
function mentionsBot({ mentions, content }: RawMessage, { guild, botUserId }: Surroundings): boolean {
  const own = [...guild.roles.values()].filter(({ botId }) => botId === botUserId)
  return mentions.some(({ id }) => id === botUserId) || own.some(({ id }) => content.includes(`<@&${id}>`))
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

type Mentioning = Pick<Partial<RawMessage>, 'mentions' | 'mention_channels'>

/** Names as Discord shows them: server nickname, else display name, else user name. */
function namesIn(message: Mentioning, { cache, guild }: Surroundings): MentionNames {
  const { mentions = [], mention_channels: channels = [] } = message
  return {
    user(id) {
      const user = mentions.find((mentioned) => mentioned.id === id)
      return user && (user.member?.nick ?? userName(user))
    },
    role: (id) => guild.roles.get(id)?.name,
    channel: (id) => cache.channel(id)?.name ?? channels.find((channel) => channel.id === id)?.name,
  }
}

const userName = (user: APIUser): string => user.global_name ?? user.username

function replyOf(
  { referenced_message: original }: APIBaseMessage & { referenced_message?: APIBaseMessage | null },
  around: Surroundings,
): RepliedMessage | undefined {
  if (!original) return undefined
  const names = namesIn(original, around)
  const text = resolveMentions(original.content, names).trim()
  const quotes = quotesOf(original, names, (snapshot) => namesIn(snapshot, around))
  const attachments = original.attachments.map(toAttachment)
  return {
    authorName: userName(original.author),
    text: cut(text, LONGEST_REPLY),
    ...(text.length > LONGEST_REPLY && { isCut: true as const }),
    ...(attachments.length > 0 && { id: original.id, attachments }),
    ...(quotes.length > 0 && { quotes }),
  }
}
