/** What a message shows beside its words: files, embeds, a poll, a forwarded message, components, stickers. Pure: Discord's shapes -> ours, within bounds. */
import { EmbedType } from 'discord-api-types/v10'
import { cut } from '../../../base/text.ts'
import type {
  ComponentsQuote,
  EmbedQuote,
  ForwardQuote,
  PollQuote,
  Quote,
  StickersQuote,
} from '../../../domain/message/incoming.ts'
import type { RawEmbed, RawMedia, RawMessage, RawPoll, RawSnapshot } from '../../wire/message.ts'
import { toAttachment } from '../../wire/attachment.ts'
import { componentTexts } from './components.ts'
import { resolveMentions, type MentionNames } from './mentions.ts'

/** What can stand in a forwarded message as well. */
type Inner = Pick<RawSnapshot, 'content' | 'embeds' | 'components' | 'sticker_items'>
type Shown = Inner & Pick<RawMessage, 'poll' | 'message_snapshots'>

/** `namesIn`: whom the mentions in one of these texts mean. */
export function quotesOf(
  message: Shown,
  names: MentionNames,
  namesIn: (snapshot: RawSnapshot) => MentionNames,
): readonly Quote[] {
  return [
    ...snapshotsOf(message).map((snapshot) => forwardOf(snapshot, namesIn(snapshot))),
    ...(message.poll ? [pollOf(message.poll)] : []),
    ...embedsOf(message, names),
    ...componentsAndStickers(message, names),
  ]
}

export function showsMoreThanWords(message: Shown): boolean {
  return snapshotsOf(message).length > 0 || Boolean(message.poll) || sentEmbeds(message).length > 0 || namedIn(message).length > 0
}

/** What stands first in them, as Discord sent it: for where one line has to stand for a message without words. */
export function firstQuotedWords(message: Shown): string {
  const embedded = (shown: Inner) => [
    ...sentEmbeds(shown).flatMap(({ title, description, author }) => [title, description, author?.name]),
    ...namedIn(shown),
  ]
  const words = [
    ...snapshotsOf(message).flatMap((snapshot) => [snapshot.content, ...embedded(snapshot)]),
    message.poll?.question.text,
    ...embedded(message),
  ]
  return words.find((each) => each !== undefined && each.trim() !== '') ?? ''
}

const snapshotsOf = ({ message_snapshots: snapshots }: Shown): readonly RawSnapshot[] =>
  snapshots.slice(0, MOST).map(({ message }) => message)

function forwardOf(snapshot: RawSnapshot, names: MentionNames): ForwardQuote {
  const { content, timestamp, attachments } = snapshot
  return {
    kind: 'forward',
    sentAt: timestamp ?? '',
    text: cut(resolveMentions(content, names).trim(), LONGEST_FORWARD),
    attachments: attachments.slice(0, MOST).map(toAttachment),
    embeds: embedsOf(snapshot, names),
    ...(namedIn(snapshot).length > 0 && { more: componentsAndStickers(snapshot, names) }),
  }
}

function componentsAndStickers(
  { components, sticker_items: stickers }: Inner,
  names: MentionNames,
): readonly (ComponentsQuote | StickersQuote)[] {
  const texts = componentTexts(components).map((text) => resolveMentions(text, names))
  return [
    ...(texts.length > 0 ? [{ kind: 'components' as const, texts }] : []),
    ...(stickers.length > 0 ? [{ kind: 'stickers' as const, names: stickers.slice(0, MOST).map(({ name }) => name) }] : []),
  ]
}

/** Texts of components, then names of stickers. */
const namedIn = ({ components, sticker_items: stickers }: Inner): readonly string[] => [
  ...componentTexts(components),
  ...stickers.map(({ name }) => name),
]

function pollOf({ question, answers }: RawPoll): PollQuote {
  return {
    kind: 'poll',
    question: cut(pollText(question), LONGEST_QUESTION),
    answers: answers.slice(0, MOST).map(({ poll_media: media }) => cut(pollText(media), LONGEST_ANSWER)),
  }
}

function pollText({ text = '', emoji }: RawMedia): string {
  const sign = emoji?.id ? `:${emoji.name ?? ''}:` : emoji?.name
  return [sign ?? '', text].filter(Boolean).join(' ')
}

/** All embeds of one message share a budget, as they do in Discord. */
function embedsOf(message: Pick<RawSnapshot, 'content' | 'embeds'>, names: MentionNames): readonly EmbedQuote[] {
  let left = LONGEST_EMBEDS
  const spend = (text = ''): string => {
    const piece = cut(text.trim(), left)
    left -= piece.length
    return piece
  }
  // Discord resolves mentions in descriptions and values, nowhere else.
  const spendResolved = (text = ''): string => spend(resolveMentions(text, names))
  return sentEmbeds(message).flatMap(({ author, title, url = '', description, fields, footer }) => {
    const texts = {
      author: spend(author?.name),
      title: spend(title),
      description: spendResolved(description),
      fields: fields
        .slice(0, MOST_FIELDS)
        .map(({ name, value }) => ({ name: spend(name), value: spendResolved(value) }))
        .filter(({ name, value }) => name !== '' || value !== ''),
      footer: spend(footer?.text),
    }
    const isEmpty = Object.values(texts).every(({ length }) => length === 0)
    return isEmpty ? [] : [{ kind: 'embed', url: url.length > LONGEST_URL ? '' : url, ...texts }]
  })
}

/**
 * The embeds somebody sent, not those Discord made of the links in the text: the agent has these links, and whether their
 * previews are there yet is chance. What an application sends is always `rich`, but so are some previews, and types may go
 * away (Discord docs: Message > Embed Types): a preview also carries the address it shows.
 */
function sentEmbeds({ content, embeds }: Pick<RawSnapshot, 'content' | 'embeds'>): readonly RawEmbed[] {
  if (embeds.length === 0) return []
  const links = content.split(/[\s<>|()]+/).map(bare)
  return embeds.slice(0, MOST).filter((embed) => {
    const { type = RICH, url, author, title, description, fields, footer } = embed
    const isPreview = type !== RICH || (url ? links.includes(bare(url)) : false)
    return !isPreview && [author, title, description, fields[0], footer].some(Boolean)
  })
}

const RICH: string = EmbedType.Rich

/** An address without what a sentence or a browser may put behind it. */
function bare(url: string): string {
  let end = url.length
  while (end > 0 && BEHIND_ADDRESS.includes(url.charAt(end - 1))) end -= 1
  return url.slice(0, end)
}

const BEHIND_ADDRESS = '/.,;:!?'

// Nothing is cut that Discord lets through today (docs: Message > Embed Limits, Poll > Poll Media; 4000 characters with Nitro).
const LONGEST_FORWARD = 4000
const LONGEST_EMBEDS = 6000
const LONGEST_QUESTION = 310
const LONGEST_ANSWER = 65
const MOST_FIELDS = 25
/** Embeds, files, answers, stickers. */
const MOST = 10
/** A longer address is no use when cut. */
const LONGEST_URL = 2048
