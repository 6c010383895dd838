/** Signed, expiring addresses of attachments (docs: Reference > Signed Attachment CDN URLs). */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Snowflake } from '../api.ts'

interface Signing {
  readonly origin: string
  readonly now: () => number
  readonly attachmentLifetime: number
}

/** A new key per process: an address outlives neither its `ex` nor the emulator. */
const key = randomBytes(32)

export function signedUrl(
  { origin, now, attachmentLifetime }: Signing,
  channelId: Snowflake,
  file: { readonly id: Snowflake; readonly filename: string },
): string {
  const path = `/attachments/${channelId}/${file.id}/${encodeURIComponent(file.filename)}`
  const issued = hex(now())
  const expires = hex(now() + attachmentLifetime)
  return `${origin}${path}?ex=${expires}&is=${issued}&hm=${signature(path, expires, issued)}&`
}

/** Whether the address was signed here and has not expired. `ex` and `is` are Unix seconds in hexadecimal. */
export function isValidSignature(path: string, query: URLSearchParams, now: number): boolean {
  const [expires, issued, given] = ['ex', 'is', 'hm'].map((name) => query.get(name) ?? '')
  if (expires === undefined || issued === undefined || given === undefined) return false
  const expected = signature(path, expires, issued)
  if (given.length !== expected.length) return false
  return timingSafeEqual(Buffer.from(given), Buffer.from(expected)) && Number.parseInt(expires, 16) * 1000 > now
}

const hex = (ms: number) => Math.floor(ms / 1000).toString(16)

const signature = (path: string, expires: string, issued: string) =>
  createHmac('sha256', key).update(`${path}/${expires}/${issued}`).digest('hex')
