/** What a message shows beside its words, as data for the agent: others wrote it, so it stands in tags it cannot leave. */
import type {
  ComponentsQuote,
  EmbedQuote,
  ForwardQuote,
  PollQuote,
  Quote,
  RepliedMessage,
  StickersQuote,
  ThreadStarter,
} from './incoming.ts'
import { emptyTag, groupTag, textTag, type Attributes } from './markup.ts'

export function quoteBlock(quote: Quote): string {
  if (quote.kind === 'embed') return embedBlock(quote)
  if (quote.kind === 'poll') return pollBlock(quote)
  if (quote.kind === 'forward') return forwardBlock(quote)
  return quote.kind === 'components' ? componentsBlock(quote) : stickersBlock(quote)
}

export const replyBlock = (reply: RepliedMessage): string => messageBlock('replied-message', reply)

/** What the thread is about: the person who wrote in it may not be who wrote this. */
export const starterBlock = (starter: ThreadStarter): string =>
  'missing' in starter
    ? emptyTag('thread-starter-message', { error: starter.missing })
    : messageBlock('thread-starter-message', starter)

/** Its files stand where those of the message stand. */
function messageBlock(name: string, { authorName, text, isCut, quotes = [] }: RepliedMessage): string {
  const attributes = { author: authorName, ...(isCut && { cut: 'true' }) }
  if (quotes.length === 0) return textTag(name, attributes, text)
  return groupTag(name, attributes, [...(text === '' ? [] : [textTag('text', {}, text)]), ...quotes.map(quoteBlock)])
}

function componentsBlock({ texts }: ComponentsQuote): string {
  return groupTag(
    'components',
    {},
    texts.map((text) => textTag('text', {}, text)),
  )
}

function stickersBlock({ names }: StickersQuote): string {
  return groupTag(
    'stickers',
    {},
    names.map((name) => emptyTag('sticker', { name })),
  )
}

function embedBlock({ author, title, url, footer, description, fields }: EmbedQuote): string {
  return groupTag('embed', known({ author, title, url, footer }), [
    ...(description === '' ? [] : [textTag('description', {}, description)]),
    ...fields.map(({ name, value }) => textTag('field', { name }, value)),
  ])
}

function pollBlock({ question, answers }: PollQuote): string {
  return groupTag(
    'poll',
    { question },
    answers.map((answer) => textTag('answer', {}, answer)),
  )
}

/** Discord does not tell who wrote it. Its files are named, not fetched: nobody handed them over. */
function forwardBlock({ sentAt, text, attachments, embeds, more = [] }: ForwardQuote): string {
  return groupTag('forwarded-message', { 'sent-at': sentAt }, [
    ...(text === '' ? [] : [textTag('text', {}, text)]),
    ...attachments.map(({ name: filename, contentType: mime, size, url }) =>
      emptyTag('attachment', { filename, mime, size: String(size), url }),
    ),
    ...embeds.map(embedBlock),
    ...more.map(quoteBlock),
  ])
}

function known(attributes: Attributes): Attributes {
  return Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== ''))
}
