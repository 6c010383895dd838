/** Fetches what people attached, and the message a thread was opened from: small texts go into the prompt, images and PDFs as file parts, the rest is saved for the agent to read. */
import { ChatGone, ChatUnknown } from '../../base/errors.ts'
import { digestOf } from '../../base/digest.ts'
import { deriveId } from '../../base/ids.ts'
import { attachedAs, DOWNLOAD_LIMIT, QUOTED_LIMIT, WORDS_LIMIT } from '../../domain/message/attachment.ts'
import type { IncomingAttachment, IncomingMessage, ThreadStarter } from '../../domain/message/incoming.ts'
import { isHeif } from '../../domain/message/file-content.ts'
import { safeName } from '../../domain/message/file-name.ts'
import type { PreparedAttachment } from '../../domain/message/prompt.ts'
import type { ChatError } from '../../ports/chat.ts'
import type { EffectDeps } from './definition.ts'

interface Deps extends Pick<EffectDeps, 'chat' | 'retry' | 'images'> {
  readonly files: Pick<EffectDeps['files'], 'saveAttachment' | 'read'>
}

/** For about a minute: what is given up is missing for good. */
const ATTEMPTS = 8

/** Where the files of a message are asked for, and whose they become. */
interface Source {
  readonly conversationId: string
  readonly channelId: string
  readonly messageId: string
  /** Bytes that may still stand in the prompt: the prompt is on record, and goes along with its conversation. */
  readonly room: { left: number }
}

/** One after the other: a message may have ten files of 20 MB. Then those of the messages it comes with, as far as they fit. */
export async function prepareAttachments(
  deps: Deps,
  conversationId: string,
  { id, channelId, projectChannelId, attachments, reply }: IncomingMessage,
  starter?: ThreadStarter,
): Promise<readonly PreparedAttachment[]> {
  const prepared: PreparedAttachment[] = []
  const room = { left: WORDS_LIMIT }
  for (const attachment of attachments)
    prepared.push(await prepareOne(deps, { conversationId, channelId, messageId: id, room }, attachment))
  const replied = { conversationId, channelId, messageId: reply?.id ?? id, room }
  const begun = { conversationId, channelId: projectChannelId, messageId: channelId, room }
  const ofReply = await prepareQuoted(deps, replied, reply?.attachments, 'the message replied to')
  const ofStarter = starter && 'attachments' in starter ? starter.attachments : []
  const ofThread = await prepareQuoted(deps, begun, ofStarter, "the thread's starter")
  return [...prepared, ...ofReply, ...ofThread.map((file) => ({ ...file, isOfStarter: true as const }))]
}

async function prepareQuoted(
  deps: Deps,
  source: Source,
  attachments: readonly IncomingAttachment[] = [],
  whose: string,
): Promise<readonly PreparedAttachment[]> {
  const prepared: PreparedAttachment[] = []
  let left = QUOTED_LIMIT
  for (const attachment of attachments) {
    const { name, size } = attachment
    const fits = size <= left
    if (fits) left -= size
    const file = fits ? await prepareOne(deps, source, attachment) : tooMuch(name, size, whose)
    prepared.push({ ...file, isQuoted: true })
  }
  return prepared
}

const tooMuch = (name: string, size: number, whose: string): PreparedAttachment => ({
  kind: 'failed',
  name,
  reason: `not fetched: it has ${size} bytes, too many for files of ${whose}`,
})

/** The message that the thread of this one was opened from. Undefined: there is none, or none any more. */
export async function threadStarter(
  { chat, retry }: Deps,
  { channelId, projectChannelId }: IncomingMessage,
): Promise<ThreadStarter | undefined> {
  const { starter } = await retry.until(async (failures) => {
    const answer = await chat.threadStarter(projectChannelId, channelId)
    return answer instanceof ChatUnknown && failures + 1 < ATTEMPTS ? undefined : { starter: answer }
  })
  return starter instanceof Error ? { missing: `could not be fetched: ${starter.reason}` } : starter
}

async function prepareOne(deps: Deps, source: Source, attachment: IncomingAttachment): Promise<PreparedAttachment> {
  const { name } = attachment
  const data = isKept(attachment) ? await readKept(deps, attachment) : await download(deps, source, attachment)
  if (data instanceof Error) return { kind: 'failed', name, reason: `could not be fetched: ${data.reason}` }
  if (attachment.digest !== undefined && digestOf(data) !== attachment.digest)
    return { kind: 'failed', name, reason: 'is not the file that was sent' }
  const as = attachedAs(attachment, data, source.room.left)
  if (as.kind === 'inline') source.room.left -= data.length
  if (as.kind === 'broken') return { kind: 'failed', name, reason: as.reason }
  // OpenCode would make it smaller itself, and stand still for all sessions meanwhile: 15 s for a photo of 12 megapixels.
  const smaller = as.kind === 'media' || isHeif(data) ? await deps.images?.shrink(data) : undefined
  const mime = smaller?.mime ?? as.mime
  const saved = as.kind === 'saved' && as.text !== undefined ? new TextEncoder().encode(as.text) : (smaller?.bytes ?? data)
  const path = await deps.files.saveAttachment(source.conversationId, savedName(attachment), saved)
  if (path === undefined) return { kind: 'failed', name, reason: 'could not be saved on disk' }
  const known = { name, mime, size: saved.length, path }
  if (as.kind === 'media' || smaller) return { kind: 'file', name, mime, url: fileUrl(path), sourceUrl: attachment.url }
  return as.kind === 'inline' ? { kind: 'inline', ...known, text: as.text } : { kind: 'saved', ...known }
}

/** A file that a program sent lies in the data folder already (`app/send.ts`). */
const isKept = ({ url }: IncomingAttachment): boolean => url.startsWith('file:')

async function readKept({ files }: Deps, { url }: IncomingAttachment): Promise<Uint8Array | ChatGone> {
  const data = await files.read(decodeURIComponent(new URL(url).pathname))
  return data ?? new ChatGone({ reason: 'it is not in the data folder any more', code: 0 })
}

export const download = (
  { chat, retry }: Pick<EffectDeps, 'chat' | 'retry'>,
  { channelId, messageId }: Pick<Source, 'channelId' | 'messageId'>,
  attachment: IncomingAttachment,
  limit = DOWNLOAD_LIMIT,
): Promise<Uint8Array | ChatError> =>
  retry.until(async (failures) => {
    const data = await chat.download(channelId, messageId, attachment, limit)
    return data instanceof ChatUnknown && failures + 1 < ATTEMPTS ? undefined : data
  })

/** `#` and `?` have a meaning in URLs that `encodeURI` leaves them. */
const fileUrl = (path: string): string => `file://${encodeURI(path).replaceAll('#', '%23').replaceAll('?', '%3F')}`

/** Generated: nothing of the sender's name but its harmless letters reaches the disk. */
const savedName = ({ id, name }: IncomingAttachment): string => `${deriveId('', id).slice(0, 12)}-${safeName(name)}`
