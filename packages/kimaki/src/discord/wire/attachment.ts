/** An attached file as the product knows it. */
import type { IncomingAttachment } from '../../domain/message/incoming.ts'
import type { RawAttachment } from './message.ts'

export const toAttachment = ({
  id,
  filename,
  content_type: contentType,
  size,
  url,
  ...voice
}: RawAttachment): IncomingAttachment => ({
  id,
  name: filename,
  contentType: contentType ?? 'application/octet-stream',
  size,
  url,
  ...secondsOf(voice),
})

function secondsOf({ duration_secs: seconds, waveform }: Pick<RawAttachment, 'duration_secs' | 'waveform'>) {
  if (seconds !== undefined && seconds > 0) return { seconds }
  return waveform === undefined || waveform === '' ? {} : { seconds: 0 }
}
