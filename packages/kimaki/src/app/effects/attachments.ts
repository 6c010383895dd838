/** Fetches what people attached: small texts go into the prompt, images and PDFs as file parts, the rest is saved for the agent to read. */
import { ChatUnknown } from '../../base/errors.ts'
import { deriveId } from '../../base/ids.ts'
import { attachedAs, DOWNLOAD_LIMIT, QUOTED_LIMIT } from '../../domain/message/attachment.ts'
import type { IncomingAttachment, IncomingMessage } from '../../domain/message/incoming.ts'
import type { PreparedAttachment } from '../../domain/message/prompt.ts'
import type { ChatError } from '../../ports/chat.ts'
import type { EffectDeps } from './definition.ts'

type Deps = Pick<EffectDeps, 'chat' | 'files' | 'retry'>

/** For about a minute: a file that is given up is missing for good. */
const DOWNLOAD_ATTEMPTS = 8

/** Where the files of a message are asked for, and whose they become. */
interface Source {
  readonly conversationId: string
  readonly channelId: string
  readonly messageId: string
}

/** One after the other: a message may have ten files of 20 MB. Then those of the message it replies to, as far as they fit. */
export async function prepareAttachments(
  deps: Deps,
  conversationId: string,
  { id, channelId, attachments, reply }: IncomingMessage,
): Promise<readonly PreparedAttachment[]> {
  const prepared: PreparedAttachment[] = []
  for (const attachment of attachments)
    prepared.push(await prepareOne(deps, { conversationId, channelId, messageId: id }, attachment))
  const replied = { conversationId, channelId, messageId: reply?.id ?? id }
  let left = QUOTED_LIMIT
  for (const attachment of reply?.attachments ?? []) {
    const { name, size } = attachment
    const fits = size <= left
    if (fits) left -= size
    const file = fits ? await prepareOne(deps, replied, attachment) : tooMuch(name, size)
    prepared.push({ ...file, isQuoted: true })
  }
  return prepared
}

const tooMuch = (name: string, size: number): PreparedAttachment => ({
  kind: 'failed',
  name,
  reason: `not fetched: it has ${size} bytes, too many for files of the message replied to`,
})

async function prepareOne(deps: Deps, source: Source, attachment: IncomingAttachment): Promise<PreparedAttachment> {
  const { name } = attachment
  const data = await download(deps, source, attachment)
  if (data instanceof Error) return { kind: 'failed', name, reason: `could not be fetched: ${data.reason}` }
  const as = attachedAs(attachment, data)
  if (as.kind === 'broken') return { kind: 'failed', name, reason: as.reason }
  const saved = as.kind === 'saved' && as.text !== undefined ? new TextEncoder().encode(as.text) : data
  const path = await deps.files.saveAttachment(source.conversationId, savedName(attachment), saved)
  if (path === undefined) return { kind: 'failed', name, reason: 'could not be saved on disk' }
  const known = { name, mime: as.mime, size: saved.length, path }
  if (as.kind === 'media') return { kind: 'file', name, mime: as.mime, url: fileUrl(path), sourceUrl: attachment.url }
  return as.kind === 'inline' ? { kind: 'inline', ...known, text: as.text } : { kind: 'saved', ...known }
}

const download = (
  { chat, retry }: Deps,
  { channelId, messageId }: Source,
  attachment: IncomingAttachment,
): Promise<Uint8Array | ChatError> =>
  retry.until(async (failures) => {
    const data = await chat.download(channelId, messageId, attachment, DOWNLOAD_LIMIT)
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
