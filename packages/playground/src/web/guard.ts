/**
 * Who may talk to the page's server: only pages it served itself. Other programs and sites cannot know the token, which is new at each start;
 * checking `Host` and `Origin` keeps out names that were made to point here. The token comes in a header that the page sets itself. A cookie
 * would not do: browsers send one to every port of the host, whoever listens there.
 */
import { randomBytes, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

export interface Guard {
  readonly token: string
  /** The files of the page hold no secret; what is below `/api/` needs the token. */
  admits(request: Pick<IncomingMessage, 'headers'>, pathname: string): boolean
}

/** `port` is that of the server. */
export function createGuard(port: number): Guard {
  const token = randomBytes(24).toString('base64url')
  const hosts = new Set([`127.0.0.1:${port}`, `localhost:${port}`])
  return {
    token,
    admits({ headers: { host = '', origin, authorization = '' } }, pathname) {
      if (!hosts.has(host) || (origin !== undefined && origin !== `http://${host}`)) return false
      return !pathname.startsWith('/api/') || equal(authorization, `Bearer ${token}`)
    },
  }
}

function equal(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)]
  return a.length === b.length && timingSafeEqual(a, b)
}
