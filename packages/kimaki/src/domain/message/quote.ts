/** What a message shows beside its words, as data for the agent: others wrote it, so it stands in tags it cannot leave. */
import type { EmbedQuote, ForwardQuote, PollQuote, Quote } from './incoming.ts'
import { emptyTag, groupTag, textTag, type Attributes } from './markup.ts'

export function quoteBlock(quote: Quote): string {
  if (quote.kind === 'embed') return embedBlock(quote)
  return quote.kind === 'poll' ? pollBlock(quote) : forwardBlock(quote)
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
function forwardBlock({ sentAt, text, attachments, embeds }: ForwardQuote): string {
  return groupTag('forwarded-message', { 'sent-at': sentAt }, [
    ...(text === '' ? [] : [textTag('text', {}, text)]),
    ...attachments.map(({ name: filename, contentType: mime, size, url }) =>
      emptyTag('attachment', { filename, mime, size: String(size), url }),
    ),
    ...embeds.map(embedBlock),
  ])
}

function known(attributes: Attributes): Attributes {
  return Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== ''))
}
