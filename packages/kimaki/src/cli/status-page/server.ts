/**
 * Serves the status page on 127.0.0.1.
 *
 *     link with a code ──POST /enter──▶ a token, which the tab keeps ──GET /now──▶ what goes on
 *
 * A code counts once and for ten minutes: the link passes through programs that open it, and other users see what those were started with.
 */
import type { Clock } from '../../base/clock.ts'
import { statusFrame } from '../../view/status/frame.ts'
import { bearerOf, isSame, listen, newToken, textOf, type Answer, type Loopback } from '../loopback/listener.ts'

export interface StatusServer extends Pick<Loopback, 'close'> {
  /** A new one with each call. */
  link(): string
}

const CODE_MS = 600_000
/** Whoever needs more closes tabs. */
const MOST = 20
const LONGEST_CODE = 200

/** `render`: what goes on, as HTML; the error of a bot that cannot say. */
export async function serveStatus(render: () => Promise<string | Error>, clock: Clock): Promise<StatusServer | Error> {
  const codes: { readonly code: string; readonly until: number }[] = []
  const tokens: string[] = []
  const enter = (given: string): string | undefined => {
    const at = codes.findIndex(({ code, until }) => isSame(given, code) && clock.now() < until)
    if (at < 0) return undefined
    codes.splice(at, 1)
    return keep(tokens, newToken())
  }
  const loopback = await listen(async (request) => {
    switch (`${request.method} ${request.url}`) {
      case 'GET /':
        return frame()
      case 'POST /enter': {
        const token = enter((await textOf(request, LONGEST_CODE)) ?? '')
        return token === undefined ? refusal(401) : text(200, token)
      }
      case 'GET /now': {
        const given = bearerOf(request)
        if (!tokens.some((token) => isSame(given, token))) return refusal(401)
        const page = await render()
        return page instanceof Error ? text(503, page.message) : { status: 200, type: HTML, body: page }
      }
      default:
        return refusal(404)
    }
  })
  if (loopback instanceof Error) return loopback
  return {
    link: () => {
      const { code } = keep(codes, { code: newToken(), until: clock.now() + CODE_MS })
      return `http://127.0.0.1:${loopback.port}/#${code}`
    },
    close: loopback.close,
  }
}

/** The oldest one goes. */
function keep<T>(kept: T[], one: T): T {
  if (kept.push(one) > MOST) kept.shift()
  return one
}

const HTML = 'text/html; charset=utf-8'

function frame(): Answer {
  const nonce = newToken()
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src 'nonce-${nonce}'`,
    "connect-src 'self'",
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ]
  return { status: 200, type: HTML, body: statusFrame(nonce), headers: { 'content-security-policy': policy.join('; ') } }
}

const text = (status: number, body: string): Answer => ({ status, type: 'text/plain; charset=utf-8', body })

const refusal = (status: 401 | 404): Answer =>
  text(status, status === 401 ? 'The code or token is missing or wrong.\n' : 'Here is only /.\n')
