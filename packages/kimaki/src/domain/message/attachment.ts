/** What becomes of an attached file, by its content type and size. */
import type { IncomingAttachment } from './incoming.ts'

export type AttachmentKind = 'text' | 'media' | 'other'

/** `text` goes into the prompt or to a file the agent can read, `media` (images, PDF) into a file part, of `other` only the place is told. */
export function attachmentKind(attachment: Pick<IncomingAttachment, 'contentType'>): AttachmentKind {
  const type = attachment.contentType.trim().toLowerCase()
  if (TEXT_TYPES.some((prefix) => type.startsWith(prefix))) return 'text'
  return MEDIA_TYPES.some((prefix) => type.startsWith(prefix)) ? 'media' : 'other'
}

/** A text file whose content stands in the prompt itself; a larger one is only saved. */
export function isInlined(attachment: Pick<IncomingAttachment, 'name' | 'size'>): boolean {
  return attachment.size <= INLINE_LIMIT || attachment.name === PROMPT_FILE
}

/** What Discord's clients make of a text too long to send: the file is the person's own words. */
export function isPastedText({ name, contentType }: Pick<IncomingAttachment, 'name' | 'contentType'>): boolean {
  return name === PASTED_FILE && attachmentKind({ contentType }) === 'text'
}

/** Bytes of a text file that still stand in the prompt. */
export const INLINE_LIMIT = 64 * 1024

/** A long prompt sent as a file: inlined whatever its size. */
const PROMPT_FILE = 'prompt.md'

const PASTED_FILE = 'message.txt'

/** Bytes at which a download is given up. Media travel as base64 in one request, and models refuse more than about 30 MB. */
export const DOWNLOAD_LIMIT = 20 * 1024 * 1024

/** Bytes that the files of the message replied to may have together; of one that does not fit only name and size are told. */
export const QUOTED_LIMIT = 20 * 1024 * 1024

const TEXT_TYPES = [
  'text/',
  'application/json',
  'application/xml',
  'application/javascript',
  'application/typescript',
  'application/x-yaml',
  'application/toml',
]
const MEDIA_TYPES = ['image/', 'application/pdf']
