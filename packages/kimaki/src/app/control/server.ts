/**
 * Serves the control API: one loopback port a data folder, which is also its lock - a second bot on the same folder cannot bind it.
 * Every path needs the token that stands in the folder; a foreign Host is refused (DNS rebinding).
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { UsageError, isAbortError } from '../../base/errors.ts'
import { timingSafeEqual } from '../../base/ids.ts'

export interface ControlRoutes {
  /** `METHOD /path` to a handler of the JSON body. A returned `UsageError` answers 400 with its message, any other error 500. */
  readonly [route: string]: (body: unknown) => Promise<unknown>
}

export interface Control {
  readonly port: number
  close(): Promise<void>
}

const BODY_LIMIT = 64 * 1024

/** Resolves with `undefined` when the port is taken. */
export async function listenForControl(port: number, token: string, routes: ControlRoutes): Promise<Control | undefined> {
  const server = createServer(
    // A caller that goes away in the middle is none of our business.
    (request, response) => void answer(request, response, token, routes).catch(() => void response.destroy()),
  )
  const listening = await new Promise<boolean>((resolve) => {
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => resolve(true))
  })
  if (!listening) return undefined
  const address = server.address()
  return { port: typeof address === 'object' && address ? address.port : port, close: async () => close(server) }
}

async function answer(request: IncomingMessage, response: ServerResponse, token: string, routes: ControlRoutes): Promise<void> {
  const send = (status: number, body: unknown): void =>
    void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  const host = request.headers.host?.replace(/:\d+$/, '')
  if (host !== '127.0.0.1' && host !== 'localhost') return send(403, { error: 'this address answers only to 127.0.0.1' })
  if (!timingSafeEqual(request.headers.authorization ?? '', `Bearer ${token}`))
    return send(401, { error: 'the token is missing or wrong' })
  const route = routes[`${request.method} ${request.url}`]
  if (!route) return send(404, { error: 'no such route' })
  const body = await readJson(request)
  if (body instanceof Error) return send(400, { error: body.message })
  const result = await route(body).catch(troubleOf)
  if (!(result instanceof Error)) return send(200, result)
  return send(result instanceof UsageError ? 400 : 500, { error: result.message })
}

function troubleOf(error: unknown): Error {
  if (isAbortError(error)) return new Error('kimaki is stopping, try again when it has started')
  return error instanceof Error ? error : new Error(String(error))
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  let text = ''
  // A character of several bytes may arrive in two pieces.
  for await (const chunk of request.setEncoding('utf8')) {
    text += String(chunk)
    if (text.length > BODY_LIMIT) return new Error('the request is too large')
  }
  if (text === '') return undefined
  try {
    return JSON.parse(text) as unknown
  } catch {
    return new Error('the request is not JSON')
  }
}

async function close(server: Server): Promise<void> {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
}
