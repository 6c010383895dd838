/**
 * Who may talk to the page's server: only pages it served itself. Other sites open in the same browser cannot know the
 * token, which is new at each start; checking `Host` and `Origin` keeps out names that were made to point here.
 */
import { randomBytes, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

type Verdict = 'welcome' | 'refused' | { readonly enter: string }

export interface Guard {
  readonly token: string
  /** `enter`: it came with the token in its address; the value is the cookie to set. */
  judge(request: IncomingMessage, url: URL): Verdict
}

/** `port` is that of the server: browsers share cookies between all ports of a host, so the cookie's name has it. */
export function createGuard(port: number): Guard {
  const token = randomBytes(24).toString('base64url')
  const name = `playground-${port}`
  const hosts = new Set([`127.0.0.1:${port}`, `localhost:${port}`])
  return {
    token,
    judge(request, url) {
      const { host = '', origin } = request.headers
      if (!hosts.has(host) || (origin !== undefined && origin !== `http://${host}`)) return 'refused'
      const shown = url.searchParams.get('token')
      if (request.method === 'GET' && url.pathname === '/' && shown !== null && equal(shown, token))
        return { enter: `${name}=${token}; HttpOnly; SameSite=Strict; Path=/` }
      return equal(cookie(request.headers.cookie ?? '', name), token) ? 'welcome' : 'refused'
    },
  }
}

function cookie(header: string, name: string): string {
  const pairs = header.split(';').map((pair) => pair.trim())
  return pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1) ?? ''
}

function equal(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)]
  return a.length === b.length && timingSafeEqual(a, b)
}
