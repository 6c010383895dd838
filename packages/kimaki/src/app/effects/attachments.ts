/** Fetches what people attached: small texts go into the prompt, images and PDFs as file parts, the rest is saved beside us. */
import { deriveId } from '../../base/ids.ts'
import { attachmentKind, DOWNLOAD_LIMIT, isInlined } from '../../domain/message/attachment.ts'
import type { IncomingAttachment, IncomingMessage } from '../../domain/message/incoming.ts'
import type { PreparedAttachment } from '../../domain/message/prompt.ts'
import type { EffectParts } from './effect-runner.ts'

const DOWNLOAD_TRIES = 4

export async function prepareAttachments(
  parts: EffectParts,
  message: IncomingMessage,
): Promise<readonly PreparedAttachment[] | 'stopped'> {
  const prepared: PreparedAttachment[] = []
  for (const attachment of message.attachments) {
    const one = await prepareOne(parts, message, attachment)
    if (one === 'stopped') return one
    prepared.push(one)
  }
  return prepared
}

async function prepareOne(
  parts: EffectParts,
  message: IncomingMessage,
  attachment: IncomingAttachment,
): Promise<PreparedAttachment | 'stopped'> {
  const { name, contentType: mime, size } = attachment
  const fetched = await fetchPatiently(parts, message, attachment)
  if (fetched === 'stopped') return fetched
  if (!fetched.ok) return { kind: 'failed', name, reason: fetched.reason }
  const path = await parts.files.saveAttachment(savedName(attachment), fetched.data)
  if (path === undefined) return { kind: 'failed', name, reason: 'it could not be saved on disk' }
  const kind = attachmentKind(attachment)
  if (kind === 'media') return { kind: 'file', name, mime, url: fileUrl(path), sourceUrl: attachment.url }
  if (kind === 'text' && isInlined(attachment))
    return { kind: 'inline', name, mime, size, path, text: new TextDecoder().decode(fetched.data) }
  return { kind: 'saved', name, mime, size, path }
}

/** `#` and `?` have a meaning in URLs that `encodeURI` leaves them. */
const fileUrl = (path: string): string => `file://${encodeURI(path).replaceAll('#', '%23').replaceAll('?', '%3F')}`

/** Generated: nothing of the sender's name but its harmless letters reaches the disk. */
function savedName({ id, name }: IncomingAttachment): string {
  const safe = name
    .replaceAll(/[^\w.-]+/g, '_')
    .replace(/^\.+/, '')
    .slice(-60)
  return `${deriveId('', id).slice(0, 12)}-${safe || 'file'}`
}

type Fetched = { readonly ok: true; readonly data: Uint8Array } | { readonly ok: false; readonly reason: string }

async function fetchPatiently(
  { chat, retry }: EffectParts,
  message: IncomingMessage,
  attachment: IncomingAttachment,
): Promise<Fetched | 'stopped'> {
  return retry.until(async (tries): Promise<Fetched | 'stopped' | undefined> => {
    const result = await chat.download(message.channelId, message.id, attachment, DOWNLOAD_LIMIT)
    if (result.ok) return { ok: true, data: result.value }
    if (result.failure.kind === 'stopped') return 'stopped'
    return result.failure.kind === 'unknown' && tries + 1 < DOWNLOAD_TRIES
      ? undefined
      : { ok: false, reason: result.failure.message }
  })
}
