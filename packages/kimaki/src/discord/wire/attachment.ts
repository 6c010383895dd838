/** An attached file as the product knows it. */
import type { IncomingAttachment } from '../../domain/message/incoming.ts'
import type { RawAttachment } from './message.ts'

export const toAttachment = ({ id, filename, content_type: contentType, size, url }: RawAttachment): IncomingAttachment => ({
  id,
  name: filename,
  contentType: contentType ?? 'application/octet-stream',
  size,
  url,
})
