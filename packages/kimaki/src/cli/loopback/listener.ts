/**
 * A listener of HTTP on 127.0.0.1 that every user of the machine, and every page in a browser, can reach.
 *
 * P1. A name that was made to point here (DNS rebinding) gets nothing, and so does a page of elsewhere.
 * P2. Nothing is read of a request before its head is found in order; what it may hold is bounded.
 * P3. Secrets are compared in a time that does not tell how much of them is right.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Loopback {
  readonly port: number
  close(): Promise<void>
}

export interface Answer {
  readonly status: number
  readonly type: string
  readonly body: string
  readonly headers?: Readonly<Record<string, string>>
}

/** `gone` aborts when the caller does not wait for the answer any more. */
export type Answering = (request: IncomingMessage, gone: AbortSignal) => Promise<Answer>

const CONNECTIONS = 64
const HEADERS_MS = 5000

export async function listen(answering: Answering): Promise<Loopback | Error> {
  const server = createServer(
    { headersTimeout: HEADERS_MS, requestTimeout: HEADERS_MS * 2, connectionsCheckingInterval: HEADERS_MS },
    (request, response) => void respond(request, response, answering).catch(() => void response.destroy()),
  )
  server.maxConnections = CONNECTIONS
  const failed = await new Promise<Error | undefined>((resolve) => {
    server.once('error', resolve)
    server.listen({ port: 0, host: '127.0.0.1' }, () => resolve(undefined))
  })
  if (failed) return failed
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      server.closeAllConnections()
      await closed
    },
  }
}

async function respond(request: IncomingMessage, response: ServerResponse, answering: Answering): Promise<void> {
  const gone = new AbortController()
  response.on('close', () => gone.abort())
  const { status, type, body, headers } = isOurs(request) ? await answering(request, gone.signal) : STRANGE
  for (const [name, value] of Object.entries({ ...ALWAYS, ...headers })) response.setHeader(name, value)
  response.writeHead(status, { 'content-type': type }).end(body)
}

/** A page of ours has the origin of this address; a program has none. */
function isOurs({ headers: { host = '', origin } }: IncomingMessage): boolean {
  return /^(?:127\.0\.0\.1|localhost)(?::\d+)?$/.test(host) && (origin === undefined || origin === `http://${host}`)
}

const STRANGE: Answer = { status: 403, type: 'text/plain; charset=utf-8', body: 'This address answers only to 127.0.0.1.\n' }

const ALWAYS = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' } as const

export const newToken = (): string => randomBytes(32).toString('base64url')

/** The token of `Authorization: Bearer …`. */
export const bearerOf = ({ headers: { authorization = '' } }: IncomingMessage): string =>
  /^Bearer (\S+)$/i.exec(authorization)?.[1] ?? ''

export function isSame(given: string, token: string): boolean {
  const [one, other] = [given, token].map((text) => createHash('sha256').update(text).digest())
  return one !== undefined && other !== undefined && timingSafeEqual(one, other)
}

/** Undefined: longer than that. */
export async function textOf(request: IncomingMessage, most: number): Promise<string | undefined> {
  let text = ''
  for await (const chunk of request.setEncoding('utf8')) {
    text += String(chunk)
    if (text.length > most) return undefined
  }
  return text
}
