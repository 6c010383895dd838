/**
 * Serves the control API on a Unix socket, and holds the lock port.
 *
 * Whoever may open the socket may ask: it lies in a folder that only the user of the bot may enter, so nothing is asked for. The port is
 * open to every user of the machine and to every page in a browser: it takes no order and tells nothing but whose lock it is.
 */
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http'
import { UsageError, isAbortError, isTemporary, TryLater } from '../../base/errors.ts'

export interface ControlRoutes {
  /** `METHOD /path` to a handler of the JSON body. A returned `UsageError` answers 400 with its message, an error that passes 503, any other 500. */
  readonly [route: string]: (body: unknown) => Promise<unknown>
}

export interface Listener {
  close(): Promise<void>
}

export interface HeldPort extends Listener {
  readonly port: number
}

/** Units. */
const BODY_LIMIT = 64 * 1024
/** Of a route that takes a file as base64: some 24 MB of it. */
const FILE_LIMIT = 32 * 1024 * 1024
const WITH_FILE: readonly string[] = ['POST /agent/image']
/** Strangers may connect to the port: so many at a time, and each for so long before it has asked. */
const CONNECTIONS = 16
const HEADERS_MS = 2000

/** The socket is made at this path. */
export async function serveControl(path: string, routes: ControlRoutes): Promise<Listener | Error> {
  // A caller that goes away in the middle is none of our business.
  const server = createServer((request, response) => void answer(request, response, routes).catch(() => void response.destroy()))
  const failed = await listening(server, { path })
  return failed ?? { close: async () => close(server) }
}

/** Resolves with `undefined` when the port is taken. `holder`: what the port answers about itself. */
export async function holdPort(port: number, holder: string): Promise<HeldPort | undefined> {
  const server = createServer({ headersTimeout: HEADERS_MS, connectionsCheckingInterval: HEADERS_MS }, tellHolder(holder))
  server.maxConnections = CONNECTIONS
  const failed = await listening(server, { port, host: '127.0.0.1' })
  if (failed) return undefined
  const address = server.address()
  return { port: typeof address === 'object' && address ? address.port : port, close: async () => close(server) }
}

/** A page that had its own name point at this machine sends that name (DNS rebinding), and is told nothing. */
function tellHolder(holder: string): RequestListener {
  return ({ headers }, response) => {
    const isOurs = ['127.0.0.1', 'localhost'].includes(headers.host?.replace(/:\d+$/, '') ?? '')
    const [status, body] = isOurs ? [200, { kimaki: holder }] : [403, { error: 'this address answers only to 127.0.0.1' }]
    // What else the stranger sends is not read.
    sendJson(response.setHeader('connection', 'close'), status, body)
  }
}

/** The error of a server that cannot listen. */
const listening = async (
  server: Server,
  where: { readonly path: string } | { readonly port: number; readonly host: string },
): Promise<Error | undefined> =>
  new Promise((resolve) => {
    server.once('error', resolve)
    server.listen(where, () => resolve(undefined))
  })

async function answer(request: IncomingMessage, response: ServerResponse, routes: ControlRoutes): Promise<void> {
  const key = `${request.method} ${request.url}`
  const route = Object.hasOwn(routes, key) ? routes[key] : undefined
  if (!route) return sendJson(response, 404, { error: 'no such route' })
  const body = await readJson(request, WITH_FILE.includes(key) ? FILE_LIMIT : BODY_LIMIT)
  if (body instanceof Error) return sendJson(response, 400, { error: body.message })
  const result = await route(body).catch(troubleOf)
  if (!(result instanceof Error)) return sendJson(response, 200, result)
  return sendJson(response, statusOf(result), { error: result.message })
}

const statusOf = (error: Error): number => (error instanceof UsageError ? 400 : isTemporary(error) ? 503 : 500)

const sendJson = (response: ServerResponse, status: number, body: unknown): void =>
  void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))

function troubleOf(error: unknown): Error {
  if (isAbortError(error)) return new TryLater({ reason: 'kimaki is stopping, try again when it has started' })
  return error instanceof Error ? error : new Error(String(error))
}

async function readJson(request: IncomingMessage, limit: number): Promise<unknown> {
  let text = ''
  // A character of several bytes may arrive in two pieces.
  for await (const chunk of request.setEncoding('utf8')) {
    text += String(chunk)
    if (text.length > limit) return new Error('the request is too large')
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
