/** What becomes of an attached file, by its bytes and size. */
import { fileContent, type MediaType } from './file-content.ts'
import type { IncomingAttachment } from './incoming.ts'

export type AttachedAs =
  /** Its text stands in the prompt. */
  | { readonly kind: 'inline'; readonly mime: string; readonly text: string }
  /** An image or PDF, which models take as it is. */
  | { readonly kind: 'media'; readonly mime: MediaType }
  /** Saved: the agent is told its place. `text`: it is saved as this, in UTF-8, because the agent's tools read no UTF-16. */
  | { readonly kind: 'saved'; readonly mime: string; readonly text?: string }
  /** It stays out of the prompt; `reason` follows the name of the file. */
  | { readonly kind: 'broken'; readonly reason: string }

/** `room`: bytes that may still stand in the prompt, whose message may have ten files. */
export function attachedAs(
  { name, contentType }: Pick<IncomingAttachment, 'name' | 'contentType'>,
  bytes: Uint8Array,
  room = WORDS_LIMIT,
): AttachedAs {
  const content = fileContent(bytes, contentType)
  switch (content.kind) {
    case 'broken':
    case 'media':
      return content
    case 'binary':
      return { kind: 'saved', mime: content.mime ?? (isReadable(contentType) ? UNKNOWN_TYPE : contentType) }
    case 'text': {
      const { text, encoding } = content
      const mime = isTextType(contentType) ? contentType : 'text/plain'
      if (bytes.length <= Math.min(inlineLimit(name), room)) return { kind: 'inline', mime, text }
      return { kind: 'saved', mime, ...(encoding !== 'utf-8' && { text }) }
    }
  }
}

/** What Discord's clients make of a text too long to send: the file is the person's own words. */
export function isPastedText({ name, contentType }: Pick<IncomingAttachment, 'name' | 'contentType'>): boolean {
  return name === PASTED_FILE && isTextType(contentType)
}

const PASTED_FILE = 'message.txt'

/** Bytes of a text file that still stand in the prompt. */
const inlineLimit = (name: string): number => (name === PASTED_FILE || name === PROMPT_FILE ? WORDS_LIMIT : INLINE_LIMIT)

/** Of a file beside the words: the agent can read the rest where it needs it. */
export const INLINE_LIMIT = 64 * 1024

/**
 * Of a file that is the words. A token is 3 to 4 bytes, so these are at most 87,000 tokens: they fit the smallest context in common use
 * (128,000) beside OpenCode's own prompt and leave room to work. More would be summed up before the agent had read it.
 */
export const WORDS_LIMIT = 256 * 1024

/** A long prompt sent as a file. */
const PROMPT_FILE = 'prompt.md'

/** Bytes at which a download is given up. Media travel as base64 in one request, and models refuse more than about 30 MB. */
export const DOWNLOAD_LIMIT = 20 * 1024 * 1024

/** Bytes that the files of the message replied to may have together; of one that does not fit only name and size are told. */
export const QUOTED_LIMIT = 20 * 1024 * 1024

const isTextType = (contentType: string): boolean => TEXT_TYPE.test(contentType.trim())
/** The label of something that models or people read as it is, which the bytes are not. */
const isReadable = (contentType: string): boolean =>
  contentType.trim() === '' || isTextType(contentType) || MEDIA_TYPE.test(contentType)

const TEXT_TYPE = /^(?:text\/|application\/(?:json|xml|javascript|typescript|x-yaml|toml)|[a-z]+\/[\w.-]+\+(?:xml|json))/i
const MEDIA_TYPE = /^\s*(?:image\/(?:png|jpe?g|gif|webp)|application\/pdf)/i
const UNKNOWN_TYPE = 'application/octet-stream'
