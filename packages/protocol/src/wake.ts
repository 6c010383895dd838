/**
 * Waking a machine that sleeps until it is needed. The machine says where it can be reached (`PUT /api/wake {url}`, `DELETE /api/wake`, with
 * `Authorization: Bearer clientId:secret`); when a message for it comes while it is not connected, the gateway asks once a minute at most:
 *
 *     POST {url}/kimaki/wake   `Authorization: Bearer <seconds>.<hmac>`; 200: it is connected, 504: it is not, 30 s later
 *
 * The key is the SHA-256 of the secret, which both sides have and neither says.
 */
import { createHmac, timingSafeEqual } from 'node:crypto'
import { Malformed, record, type Reader } from './read.ts'

export const WAKE_PATH = '/kimaki/wake'
/** Below the gateway's address. */
export const WAKE_ADDRESS_PATH = '/api/wake'
/** How long a machine may take to be connected. */
export const WAKE_MS = 30_000
/** Clocks may be that far apart, in seconds. */
const TOLERANCE = 300

/** An https address without a path: the path is always the same. */
const wakeOrigin: Reader<string> = (value, field) => {
  const url = typeof value === 'string' && value.length <= 300 ? URL.parse(value) : null
  const isPlain =
    url?.protocol === 'https:' && url.pathname === '/' && `${url.search}${url.hash}${url.username}${url.password}` === ''
  return isPlain ? url.origin : new Malformed({ field, wanted: 'an https address without a path' })
}

export const readWakeAddress = (body: unknown): { readonly url: string } | Malformed =>
  record({ url: wakeOrigin })(body, 'the address')

/** `secretHash`: in hexadecimal, as the gateway has it. `seconds`: since 1970. */
export function wakeBearer(clientId: string, secretHash: string, seconds: number): string {
  const hmac = createHmac('sha256', Buffer.from(secretHash, 'hex')).update(`wake ${clientId} ${seconds}`).digest('base64url')
  return `${seconds}.${hmac}`
}

export function isWakeBearer(bearer: string, clientId: string, secretHash: string, now: number): boolean {
  const seconds = Number(/^\d{1,12}(?=\.)/.exec(bearer)?.[0] ?? Number.NaN)
  if (!(Math.abs(now - seconds) <= TOLERANCE)) return false
  const [given, right] = [Buffer.from(bearer), Buffer.from(wakeBearer(clientId, secretHash, seconds))]
  return given.length === right.length && timingSafeEqual(given, right)
}
