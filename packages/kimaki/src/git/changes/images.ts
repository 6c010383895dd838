/** Images as addresses that hold them. */
import { fileContent } from '../../domain/message/file-content.ts'

/** Undefined: it is none that browsers show, or is cut off. */
export function imageOf(bytes: Buffer): string | undefined {
  const content = bytes.length > 0 ? fileContent(bytes, '') : undefined
  if (content?.kind !== 'media' || !content.mime.startsWith('image/')) return undefined
  return `data:${content.mime};base64,${bytes.toString('base64')}`
}
