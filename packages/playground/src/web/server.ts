/** The page's own server on 127.0.0.1: its files, its event stream, and what a page can do. */
import { createServer } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Actions } from './actions.ts'
import type { Asset } from './assets.ts'
import type { Feed } from './feed.ts'
import { createGuard } from './guard.ts'
import type { Guard } from './guard.ts'

export interface PageServer {
  /** With the token: what a person opens. */
  readonly url: string
  stop(): Promise<void>
}

export interface PageServerOptions {
  /** The first one that is free is taken; 0: any. */
  readonly ports: readonly number[]
  readonly assets: ReadonlyMap<string, Asset>
  readonly feed: Feed
  readonly actions: Actions
}

export async function startPageServer({ ports, assets, feed, actions }: PageServerOptions): Promise<PageServer> {
  let guard: Guard | undefined
  const server = createServer((request, response) => {
    answer(request, response).catch((cause: unknown) => {
      if (response.headersSent) response.destroy()
      else sendJson(response, 500, { error: String(cause) })
    })
  })
  const port = await listen(server, ports)
  guard = createGuard(port)

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    for (const [name, value] of HEADERS) response.setHeader(name, value)
    const url = URL.parse(request.url ?? '/', 'http://127.0.0.1')
    if (url === null) return sendText(response, 400, 'This is no address.')
    if (guard?.admits(request, url.pathname) !== true) return sendText(response, 403, REFUSED)

    const { method = 'GET' } = request
    if (method === 'GET' && url.pathname === '/api/events') return feed.join(response)
    if (method === 'POST' && url.pathname === '/api/kill') return sendJson(response, 200, actions.kill())
    if (method === 'POST' && url.pathname === '/api/start') return sendJson(response, 200, actions.start())
    const action = method === 'POST' ? ACTIONS.get(url.pathname) : undefined
    if (action) {
      const done = await actions[action](await readJson(request))
      return sendJson(response, 'error' in done ? 400 : 200, done)
    }
    if (method === 'GET' && url.pathname.startsWith('/api/files/')) {
      const bytes = await actions.open(url.pathname.slice('/api/files/'.length))
      if (bytes === undefined) return sendText(response, 404, 'No such file.')
      // No browser shows or runs it under this type: the page decides what it is.
      return void response.writeHead(200, { 'content-type': 'application/octet-stream' }).end(bytes)
    }
    const asset = method === 'GET' ? assets.get(url.pathname) : undefined
    if (asset === undefined) return sendText(response, 404, 'There is nothing here.')
    const textual = asset.type.startsWith('text/') || asset.type.endsWith('xml')
    response.writeHead(200, { 'content-type': textual ? `${asset.type}; charset=utf-8` : asset.type }).end(asset.body)
  }

  return {
    // No browser sends what stands behind the `#`.
    url: `http://127.0.0.1:${port}/#token=${guard.token}`,
    async stop() {
      feed.stop()
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      server.closeAllConnections()
      await closed
    },
  }
}

const ACTIONS: ReadonlyMap<string, Exclude<keyof Actions, 'kill' | 'start' | 'open'>> = new Map([
  ['/api/messages', 'send'],
  ['/api/edit', 'edit'],
  ['/api/delete', 'delete'],
  ['/api/press', 'press'],
  ['/api/choose', 'choose'],
  ['/api/fill', 'fill'],
  ['/api/command', 'command'],
  ['/api/propose', 'propose'],
  ['/api/cause', 'cause'],
])

const REFUSED = `This page belongs to another start of the playground.
Open the address that the terminal shows.
`

const HEADERS = [
  ['cache-control', 'no-store'],
  ['x-content-type-options', 'nosniff'],
  ['referrer-policy', 'no-referrer'],
  [
    'content-security-policy',
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' blob:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  ],
] as const

async function listen(server: Server, ports: readonly number[]): Promise<number> {
  for (const port of ports) {
    const error = await new Promise<NodeJS.ErrnoException | undefined>((resolve) => {
      server.once('error', resolve)
      server.listen(port, '127.0.0.1', () => {
        server.off('error', resolve)
        resolve(undefined)
      })
    })
    if (error === undefined) return (server.address() as AddressInfo).port
    if (error.code !== 'EADDRINUSE' && error.code !== 'EACCES') throw error
  }
  const taken = ports.length === 1 ? `Port ${ports[0]} is taken` : `The ports ${ports[0]} to ${ports.at(-1)} are taken`
  throw new Error(`${taken} by other programs. Choose another with --port, or --port 0 for any.`)
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const pieces: Buffer[] = []
  let size = 0
  for await (const piece of request) {
    const bytes = piece as Buffer
    size += bytes.length
    if (size > BODY_MAX) return undefined
    pieces.push(bytes)
  }
  try {
    return JSON.parse(Buffer.concat(pieces).toString('utf8')) as unknown
  } catch {
    return undefined
  }
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

function sendText(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(text)
}

/** Files of 10 MB together, as base64. The page is asked for its token first. */
const BODY_MAX = 14 * 1024 * 1024
