/** HTTP: who may call, which route it is, and what becomes of its answer. */
import type { IncomingMessage, Server as HttpServer, ServerResponse } from 'node:http'
import { ConfigError } from '../config/load.ts'
import { record } from '../base/json.ts'
import type { Json } from '../base/json.ts'
import { ROUTES } from '../routes/routes.ts'
import { http } from '../base/http.ts'
import { unexpected } from '../server/errors.ts'
import type { Server } from '../server/server.ts'
import { badRequest, notFound } from '../routes/route.ts'
import type { Call, Reply, Route } from '../routes/route.ts'

const NO_JSON = { status: 400, json: { _tag: 'BadRequest' } }
const BAD_ADDRESS = { status: 400 }
const UNAUTHORIZED = { status: 401, headers: { 'www-authenticate': 'Basic realm="opencode"' } }

export interface ListenOptions {
  readonly hostname: string
  readonly port: number
  /** Basic auth as `opencode`; `undefined`: everybody may call. */
  readonly password: string | undefined
}

/** Resolves with the port; rejects when it is taken. */
export function listen(server: Server, { hostname, port, password }: ListenOptions): Promise<HttpServer> {
  const listening = http.createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    const url = URL.parse(request.url ?? '/', 'http://x')
    if (url === null) return send(response, BAD_ADDRESS)
    if (!isAllowed(request, url, password)) return send(response, UNAUTHORIZED)
    answer(server, request, url, response).catch((cause: unknown) => {
      console.error(cause)
      send(response, { status: 500, json: unexpected() })
    })
  })
  return new Promise((resolve, reject) => {
    listening.once('error', reject)
    listening.listen(port, hostname, () => resolve(listening))
  })
}

function isAllowed({ headers }: IncomingMessage, { searchParams }: URL, password: string | undefined): boolean {
  if (password === undefined) return true
  const wanted = Buffer.from(`opencode:${password}`).toString('base64')
  return headers.authorization === `Basic ${wanted}` || searchParams.get('auth_token') === wanted
}

async function answer(server: Server, request: IncomingMessage, url: URL, response: ServerResponse): Promise<void> {
  const { pathname, searchParams: query } = url
  const found = find(`${request.method ?? ''} ${pathname}`)
  if (!found) return void response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>OpenCode</title>')
  const body = await bodyOf(request)
  if (!body) return send(response, NO_JSON)
  const call = { server, params: found.params, query, body, response }
  const reply = await handle(found.route, call, folderOf(request, query))
  if (reply !== 'stream') send(response, reply)
}

async function handle(route: Route, call: Call, folder: string): Promise<Reply> {
  const { server, params } = call
  if (route.about === 'server') return route.handle(call)
  const id = params['sessionID'] ?? ''
  const session = route.about === 'session' ? server.sessions.get(id) : undefined
  if (route.about === 'session' && !session) return notFound(`Session not found: ${id}`)
  const instance = server.instances.of(session?.directory ?? folder)
  if (instance instanceof ConfigError) return { status: 400, json: { name: instance.name, data: instance.data } }
  if (route.about === 'folder') return route.handle({ ...call, instance })
  return session ? route.handle({ ...call, instance, session }) : badRequest
}

function folderOf({ headers }: IncomingMessage, query: URLSearchParams): string {
  const header = headers['x-opencode-directory']
  return query.get('directory') ?? (typeof header === 'string' ? header : process.cwd())
}

const PATTERNS = ROUTES.map((route) => ({
  route,
  pattern: new RegExp(`^${route.at.replaceAll(/:(\w+)/g, '(?<$1>[^/]+)')}$`),
}))

function find(call: string): { readonly route: Route; readonly params: Readonly<Record<string, string>> } | undefined {
  for (const { route, pattern } of PATTERNS) {
    const match = pattern.exec(call)
    if (!match) continue
    const params = Object.entries(match.groups ?? {}).map(([name, value]) => [name, decodeURIComponent(value)])
    return { route, params: Object.fromEntries(params) as Readonly<Record<string, string>> }
  }
  return undefined
}

/** `undefined`: it is no JSON. */
async function bodyOf(request: IncomingMessage): Promise<Json | undefined> {
  const pieces: Buffer[] = []
  for await (const piece of request) pieces.push(piece as Buffer)
  const text = Buffer.concat(pieces).toString('utf8')
  if (text === '') return {}
  try {
    return record(JSON.parse(text))
  } catch {
    return undefined
  }
}

function send(response: ServerResponse, reply: Exclude<Reply, 'stream'>): void {
  if (response.headersSent || response.destroyed) return
  const body = reply.json === undefined ? '' : JSON.stringify(reply.json)
  response
    .writeHead(reply.status, {
      ...(body !== '' && { 'content-type': 'application/json' }),
      ...(reply.status !== 204 && { 'content-length': Buffer.byteLength(body) }),
      ...reply.headers,
    })
    .end(body)
}
