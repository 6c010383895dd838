/** Signed, expiring addresses of attachments (docs: Reference > Signed Attachment CDN URLs). */
import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Snowflake } from '../../api.ts'

interface Signing {
  readonly origin: string
  readonly now: () => number
  readonly attachmentLifetime: number
  readonly signingKey: Buffer
}

export function signedUrl(
  { origin, now, attachmentLifetime, signingKey }: Signing,
  channelId: Snowflake,
  file: { readonly id: Snowflake; readonly filename: string },
): string {
  const path = `/attachments/${channelId}/${file.id}/${encodeURIComponent(file.filename)}`
  const issued = hex(now())
  const expires = hex(now() + attachmentLifetime)
  return `${origin}${path}?ex=${expires}&is=${issued}&hm=${signature(signingKey, path, expires, issued)}&`
}

/** Whether the address was signed here and has not expired. `ex` and `is` are Unix seconds in hexadecimal. */
export function isValidSignature({ signingKey, now }: Signing, path: string, query: URLSearchParams): boolean {
  const [expires, issued, given] = ['ex', 'is', 'hm'].map((name) => query.get(name) ?? '')
  if (expires === undefined || issued === undefined || given === undefined) return false
  const expected = signature(signingKey, path, expires, issued)
  if (given.length !== expected.length) return false
  return timingSafeEqual(Buffer.from(given), Buffer.from(expected)) && Number.parseInt(expires, 16) * 1000 > now()
}

const hex = (ms: number) => Math.floor(ms / 1000).toString(16)

const signature = (key: Buffer, path: string, expires: string, issued: string) =>
  createHmac('sha256', key).update(`${path}/${expires}/${issued}`).digest('hex')
