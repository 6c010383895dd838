/** Discord's attachment as ours. */
import type { APIAttachment } from 'discord-api-types/v10'
import type { IncomingAttachment } from '../../domain/message/incoming.ts'

export function toAttachment(raw: APIAttachment): IncomingAttachment {
  return {
    id: raw.id,
    name: raw.filename,
    contentType: raw.content_type ?? 'application/octet-stream',
    size: raw.size,
    url: raw.url,
  }
}
