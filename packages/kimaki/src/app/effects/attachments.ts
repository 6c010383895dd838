/** Fetches what people attached: small texts go into the prompt, images and PDFs as file parts, the rest is saved for the agent to read. */
import { ChatUnknown } from '../../base/errors.ts'
import { deriveId } from '../../base/ids.ts'
import { attachedAs, DOWNLOAD_LIMIT } from '../../domain/message/attachment.ts'
import type { IncomingAttachment, IncomingMessage } from '../../domain/message/incoming.ts'
import type { PreparedAttachment } from '../../domain/message/prompt.ts'
import type { ChatError } from '../../ports/chat.ts'
import type { EffectDeps } from './definition.ts'

type Deps = Pick<EffectDeps, 'chat' | 'files' | 'retry'>

const DOWNLOAD_ATTEMPTS = 4

/** One after the other: a message may have ten files of 20 MB. */
export async function prepareAttachments(
  deps: Deps,
  conversationId: string,
  message: IncomingMessage,
): Promise<readonly PreparedAttachment[]> {
  const prepared: PreparedAttachment[] = []
  for (const attachment of message.attachments) prepared.push(await prepareOne(deps, conversationId, message, attachment))
  return prepared
}

async function prepareOne(
  deps: Deps,
  conversationId: string,
  message: IncomingMessage,
  attachment: IncomingAttachment,
): Promise<PreparedAttachment> {
  const { name } = attachment
  const data = await download(deps, message, attachment)
  if (data instanceof Error) return { kind: 'failed', name, reason: `could not be fetched: ${data.reason}` }
  const as = attachedAs(attachment, data)
  if (as.kind === 'broken') return { kind: 'failed', name, reason: as.reason }
  const saved = as.kind === 'saved' && as.text !== undefined ? new TextEncoder().encode(as.text) : data
  const path = await deps.files.saveAttachment(conversationId, savedName(attachment), saved)
  if (path === undefined) return { kind: 'failed', name, reason: 'could not be saved on disk' }
  const known = { name, mime: as.mime, size: saved.length, path }
  if (as.kind === 'media') return { kind: 'file', name, mime: as.mime, url: fileUrl(path), sourceUrl: attachment.url }
  return as.kind === 'inline' ? { kind: 'inline', ...known, text: as.text } : { kind: 'saved', ...known }
}

const download = (
  { chat, retry }: Deps,
  message: IncomingMessage,
  attachment: IncomingAttachment,
): Promise<Uint8Array | ChatError> =>
  retry.until(async (failures) => {
    const data = await chat.download(message.channelId, message.id, attachment, DOWNLOAD_LIMIT)
    return data instanceof ChatUnknown && failures + 1 < DOWNLOAD_ATTEMPTS ? undefined : data
  })

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
