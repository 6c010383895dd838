/**
 * A Discord message as OpenCode gets it: the person's own words, then what they attached, then who and where they are.
 *
 * Whatever somebody else may have written (file names, file contents, quoted messages, display names) is data inside a
 * wrapper it cannot leave: attributes and quotes are escaped, and inside a file only its own closing tag is changed, by one
 * backslash, so that code reaches the model as it is. Every wrapper can be read back to exactly what was put in.
 */
import { cut, stripControl } from '../../base/text.ts'
import type { PromptPart } from '../conversation/agent.ts'
import { INLINE_LIMIT } from './attachment.ts'
import type { IncomingMessage } from './incoming.ts'

export type PreparedAttachment =
  /** A text file that stands in the prompt; `path` is where it was saved. */
  | {
      readonly kind: 'inline'
      readonly name: string
      readonly mime: string
      readonly size: number
      readonly path: string
      readonly text: string
    }
  /** A file that only its path stands for: too large for the prompt, or no text. */
  | { readonly kind: 'saved'; readonly name: string; readonly mime: string; readonly size: number; readonly path: string }
  /** An image or PDF; `url` is a `data:` or `file:` URL, `sourceUrl` where it came from. */
  | { readonly kind: 'file'; readonly name: string; readonly mime: string; readonly url: string; readonly sourceUrl: string }
  | { readonly kind: 'failed'; readonly name: string; readonly reason: string }

export interface PromptInput {
  readonly message: IncomingMessage
  readonly prepared: readonly PreparedAttachment[]
  /** The same name always gets the same id: a prompt that is sent again must not double its parts. */
  readonly partId: (name: string) => string
  readonly agent: string | undefined
}

export function promptParts({ message, prepared, partId, agent }: PromptInput): readonly PromptPart[] {
  const text = [message.text, ...prepared.map(attachmentBlock)].filter((piece) => piece.trim() !== '').join('\n\n')
  const files = prepared.filter((attachment) => attachment.kind === 'file')
  return [
    // Providers refuse a text part without text.
    ...(text === '' ? [] : [{ type: 'text' as const, id: partId('text'), text }]),
    ...files.map((file, index) => ({
      type: 'file' as const,
      id: partId(`file-${index}`),
      mime: file.mime,
      filename: plainName(file.name),
      url: file.url,
    })),
    { type: 'text', id: partId('user'), text: originText(message, agent), synthetic: true },
  ]
}

function attachmentBlock(attachment: PreparedAttachment): string {
  const { kind, name: filename } = attachment
  if (kind === 'failed') return tag('attachment', { filename, error: attachment.reason })
  const { mime } = attachment
  if (kind === 'file') return tag('attachment', { filename, mime, url: attachment.sourceUrl, note: ALREADY_INLINE })
  const { size, path } = attachment
  const known = { filename, mime, size: String(size), path }
  if (kind === 'inline') return wrap(known, attachment.text.replaceAll(CLOSING_TAG, String.raw`<$1\$2/$3`))
  return wrap(size > INLINE_LIMIT ? { ...known, large: 'true' } : known, 'Not inlined: read the file at its path.')
}

function wrap(values: Readonly<Record<string, string>>, body: string): string {
  return `<attachment ${attributes(values)}>\n${body}\n</attachment>`
}

/** Ends with a newline so that it never fuses with what follows; the tag also marks a turn as begun in Discord. */
function originText(message: IncomingMessage, agent: string | undefined): string {
  const lines = [
    tag('discord-user', {
      name: message.authorName,
      'user-id': message.authorId,
      'message-id': message.id,
      // A thread opened from a message has the message's id (Discord docs: Start Thread from Message).
      'thread-id': message.inThread ? message.channelId : message.id,
    }),
  ]
  if (message.reply !== undefined) {
    const { authorName, text } = message.reply
    lines.push(`<replied-message ${attributes({ author: authorName })}>${escapeBody(text)}</replied-message>`)
  }
  if (agent !== undefined) lines.push(`<system-reminder>The current agent is ${escapeBody(agent)}.</system-reminder>`)
  return `${lines.join('\n')}\n`
}

function tag(name: string, values: Readonly<Record<string, string>>): string {
  return `<${name} ${attributes(values)} />`
}

function attributes(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}="${value.replaceAll(UNSAFE_IN_ATTRIBUTE, entity)}"`)
    .join(' ')
}

function escapeBody(text: string): string {
  return text.replaceAll(/[&<>]/g, entity)
}

function entity(character: string): string {
  return NAMED_ENTITIES.get(character) ?? `&#${character.codePointAt(0)};`
}

/** A file name that is only a name: no folders, nothing invisible, nothing that turns the direction of reading. */
function plainName(name: string): string {
  const plain = stripControl(name)
    .replaceAll(/[\\/\n\t\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '_')
    .trim()
  return /^\.*$/.test(plain) ? 'file' : cut(plain.toWellFormed(), 100)
}

const ALREADY_INLINE = 'already part of this message, no need to fetch it'
const NAMED_ENTITIES: ReadonlyMap<string, string> = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
])
/** What could end the attribute or its line, what cannot be seen, and what turns the direction of reading. */
const UNSAFE_IN_ATTRIBUTE = /[&<>"\p{Cc}\p{Cs}\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu
/** The end of an attachment in any spelling a reader may take for it; the backslashes make the change reversible. */
const CLOSING_TAG = /<(\s*)(\\*)\/(\s*attachment)/gi
