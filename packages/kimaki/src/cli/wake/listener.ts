/**
 * The one thing of this machine that the internet may reach: a listener that knows `POST /kimaki/wake` alone, for a platform that starts the
 * machine when somebody connects to it. It says when the bot is connected, and does nothing else: being asked is what has started the bot.
 *
 * W1. Only the gateway that this machine is let in by can ask (`kimaki-protocol`, `wake.ts`); nobody else learns more than that it listens.
 * W2. Nothing of a body is read, and what a caller may hold is bounded.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { isWakeBearer, WAKE_MS, WAKE_PATH } from 'kimaki-protocol'

export interface WakeListenerOptions {
  readonly host: string
  readonly port: number
  readonly clientId: string
  /** SHA-256 of the secret. */
  readonly secretHash: string
  /** Unix ms. */
  readonly now: () => number
  /** Resolves once the bot is connected. */
  readonly connected: Promise<void>
  /** How long a caller waits for that. */
  readonly waitMs?: number
}

export interface WakeListener {
  readonly port: number
  close(): Promise<void>
}

const CONNECTIONS = 16
const HEADERS_MS = 5000
const [OK, UNAUTHORIZED, NOT_FOUND, TIMEOUT] = [200, 401, 404, 504]

export async function listenForWakes(options: WakeListenerOptions): Promise<WakeListener | Error> {
  const server = createServer(
    { headersTimeout: HEADERS_MS, requestTimeout: HEADERS_MS * 2, connectionsCheckingInterval: HEADERS_MS, maxHeaderSize: 8192 },
    (request, response) => void answer(options, request, response).catch(() => void response.destroy()),
  )
  server.maxConnections = CONNECTIONS
  const failed = await new Promise<Error | undefined>((resolve) => {
    server.once('error', resolve)
    server.listen({ port: options.port, host: options.host }, () => resolve(undefined))
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

async function answer(options: WakeListenerOptions, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const end = (status: number): void =>
    void response.writeHead(status, { 'cache-control': 'no-store', connection: 'close', 'content-length': 0 }).end()
  if (request.method !== 'POST' || request.url !== WAKE_PATH) return end(NOT_FOUND)
  const { clientId, secretHash, now, connected, waitMs = WAKE_MS } = options
  const [, bearer = ''] = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '') ?? []
  if (!isWakeBearer(bearer, clientId, secretHash, Math.floor(now() / 1000))) return end(UNAUTHORIZED)
  const late = Promise.withResolvers<void>()
  const timer = setTimeout(late.resolve, waitMs)
  response.once('close', late.resolve)
  const isConnected = await Promise.race([connected.then(() => true), late.promise.then(() => false)])
  clearTimeout(timer)
  if (!response.destroyed) end(isConnected ? OK : TIMEOUT)
}
