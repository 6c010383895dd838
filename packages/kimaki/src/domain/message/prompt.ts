/**
 * A Discord message as OpenCode gets it: the person's own words, then what they quoted and attached, then who and where they are.
 *
 * Whatever somebody else may have written (file names, file contents, quoted messages, display names) is data inside a
 * wrapper it cannot leave: attributes and quotes are escaped, and inside a file only its own closing tag is changed, by one
 * backslash, so that code reaches the model as it is. Every wrapper can be read back to exactly what was put in.
 */
import { cut, stripControl } from '../../base/text.ts'
import type { PromptPart } from '../agent.ts'
import { INLINE_LIMIT, isPastedText } from './attachment.ts'
import type { IncomingMessage, ThreadStarter } from './incoming.ts'
import { emptyTag, groupTag, rawTag, textTag } from './markup.ts'
import { quoteBlock, replyBlock, starterBlock } from './quote.ts'

export type PreparedAttachment = FetchedFile & {
  /** Of the message that this one replies to, or of the thread's starter. */
  readonly isQuoted?: true
  readonly isOfStarter?: true
}

type FetchedFile =
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
  /** `reason` completes the sentence that the name begins. */
  | { readonly kind: 'failed'; readonly name: string; readonly reason: string }

export interface PromptInput {
  readonly message: IncomingMessage
  readonly prepared: readonly PreparedAttachment[]
  /** The same name always gets the same id: a prompt that is sent again must not double its parts. */
  readonly partId: (name: string) => string
  readonly agent: string | undefined
  /** The conversation goes on in a copy of this session. */
  readonly copyOf?: string | undefined
  readonly starter?: ThreadStarter | undefined
}

export function promptParts({ message, prepared, partId, agent, copyOf, starter }: PromptInput): readonly PromptPart[] {
  const pasted = prepared.filter(isPasted)
  const text = [
    message.text,
    ...pasted.map((file) => file.text),
    ...(message.quotes ?? []).map(quoteBlock),
    ...(starter ? [starterBlock(starter)] : []),
    ...contextBlocks(message.context),
    ...prepared.filter((file) => !isPasted(file)).map(attachmentBlock),
  ]
    .filter((piece) => piece.trim() !== '')
    .join('\n\n')
  const files = prepared.filter((attachment) => attachment.kind === 'file')
  return [
    ...(copyOf === undefined ? [] : [{ type: 'text' as const, id: partId('aside'), text: btwText(copyOf), synthetic: true }]),
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

/** The words of a long message, small enough to stand where words stand. */
function isPasted(attachment: PreparedAttachment): attachment is Extract<PreparedAttachment, { readonly kind: 'inline' }> {
  return (
    attachment.kind === 'inline' && !attachment.isQuoted && isPastedText({ name: attachment.name, contentType: attachment.mime })
  )
}

/** Others wrote it, to others: it is data. */
function contextBlocks(context: IncomingMessage['context'] = []): readonly string[] {
  if (context.length === 0) return []
  const said = context.map(({ author, text, files }) =>
    textTag('message', { author, ...(files.length > 0 && { files: files.join(', ') }) }, text),
  )
  return [groupTag('said-to-others-in-this-thread', {}, said)]
}

function attachmentBlock(attachment: PreparedAttachment): string {
  const { kind, name: filename, isQuoted, isOfStarter } = attachment
  const from = isQuoted && { of: isOfStarter ? 'thread-starter-message' : 'replied-message' }
  if (kind === 'failed') return emptyTag('attachment', { filename, ...from, error: attachment.reason })
  const { mime } = attachment
  if (kind === 'file') return emptyTag('attachment', { filename, ...from, mime, url: attachment.sourceUrl, note: ALREADY_INLINE })
  const { size, path } = attachment
  const known = { filename, ...from, mime, size: String(size), path }
  if (kind === 'inline') return rawTag('attachment', known, attachment.text.replaceAll(CLOSING_TAG, String.raw`<$1\$2/$3`))
  const note = !isQuoted && isPastedText({ name: filename, contentType: mime }) ? READ_THE_WORDS : READ_THE_FILE
  return rawTag('attachment', size > INLINE_LIMIT ? { ...known, large: 'true' } : known, note)
}

/** Without it the model takes up the work of the copied session (P-242). In the prompt, not in the system prompt: the cache of the source stays good. */
const btwText = (parent: string): string => `${rawTag('aside', { 'parent-session': parent }, ASIDE)}\n`

/** Ends with a newline so that it never fuses with what follows; the tag also marks a turn as begun in Discord. */
function originText(message: IncomingMessage, agent: string | undefined): string {
  const lines = [
    message.author.kind === 'person'
      ? emptyTag('discord-user', {
          name: message.author.name,
          'user-id': message.author.id,
          'message-id': message.id,
          // A thread opened from a message has the message's id (Discord docs: Start Thread from Message).
          'thread-id': message.inThread ? message.channelId : message.id,
        })
      : emptyTag('request', { from: message.author.kind, name: message.author.name }),
  ]
  if (message.isSpoken) lines.push(emptyTag('voice-message', { note: SPOKEN }))
  if (message.reply !== undefined) lines.push(replyBlock(message.reply))
  if (agent !== undefined) lines.push(textTag('system-reminder', {}, `The current agent is ${agent}.`))
  return `${lines.join('\n')}\n`
}

/** A text of ours that goes with each prompt: who wrote the prompt, and where. */
export const isOriginText = (text: string): boolean => /^<(?:discord-user|request) /.test(text)

/** A file name that is only a name: no folders, nothing invisible, nothing that turns the direction of reading. */
function plainName(name: string): string {
  const plain = stripControl(name)
    .replaceAll(/[\\/\n\t\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '_')
    .trim()
  return /^\.*$/.test(plain) ? 'file' : cut(plain.toWellFormed(), 100)
}

const ALREADY_INLINE = 'already part of this message, no need to fetch it'
const ASIDE = `This is a question aside. All before it is a copy of the parent session, which goes on with that work by itself.
Answer only this question. Do not continue, repeat or finish the work before it, and do not wait for it.
Send the parent session a message only if you are asked to.`
const SPOKEN = 'spoken and written down by a program: some words may be misheard'
const READ_THE_FILE = 'Not inlined: read the file at its path.'
const READ_THE_WORDS = 'Not inlined: the words of this message are in the file at its path. Read them there.'
/** The end of an attachment in any spelling a reader may take for it; the backslashes make the change reversible. */
const CLOSING_TAG = /<(\s*)(\\*)\/(\s*attachment)/gi
