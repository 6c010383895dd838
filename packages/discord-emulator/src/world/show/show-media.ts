/** Media that names a file of its own message: `attachment://name` is shown as the file's address (docs: Components > Unfurled Media Item). */
import type { Realm } from '../realm/realm.ts'
import type { MessageRecord } from '../realm/records.ts'
import { signedUrl } from '../base/signed-url.ts'

/** Embeds and components as a reader gets them. */
export function withAddresses(
  realm: Realm,
  { channelId, attachments }: MessageRecord,
  parts: readonly unknown[],
): readonly unknown[] {
  if (attachments.length === 0) return parts
  const shown = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(shown)
    if (typeof value !== 'object' || value === null) return value
    const inner = Object.fromEntries(Object.entries(value).map(([name, one]) => [name, shown(one)]))
    const file = attachments.find(({ filename }) => inner.url === `attachment://${filename}`)
    if (file === undefined) return inner
    const url = signedUrl(realm.settings, channelId, file)
    const type = 'content_type' in inner ? { content_type: file.contentType, attachment_id: file.id } : {}
    return { ...inner, url, ...('proxy_url' in inner ? { proxy_url: url } : {}), ...type }
  }
  return parts.map(shown)
}
