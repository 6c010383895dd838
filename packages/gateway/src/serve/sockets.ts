/** The gateway's socket at `/gateway` (JSON, version 10, without compression). */
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import { ClientSocket, LARGEST_FRAME, type SocketSettings } from '../socket/client-socket.ts'
import type { Sessions } from '../socket/sessions.ts'

export interface Sockets {
  readonly upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void
  /** Asks every client to come back later, and takes no new ones. */
  drain(): void
  /** Ends what is left at once. */
  terminate(): void
}

export function createSockets(sessions: Sessions, settings: SocketSettings): Sockets {
  const server = new WebSocketServer({ noServer: true, perMessageDeflate: false, maxPayload: LARGEST_FRAME })
  const open = new Set<ClientSocket>()
  let isDraining = false
  return {
    upgrade(request, socket, head) {
      const url = URL.parse(request.url ?? '/', 'http://gateway')
      const wish = url?.searchParams
      const isSpoken = (wish?.get('encoding') ?? 'json') === 'json' && !wish?.has('compress') && (wish?.get('v') ?? '10') === '10'
      if (isDraining || !isSpoken || (url?.pathname !== '/gateway' && url?.pathname !== '/gateway/')) {
        socket.end(`HTTP/1.1 ${isDraining ? '503 Service Unavailable' : '400 Bad Request'}\r\nconnection: close\r\n\r\n`)
        return
      }
      server.handleUpgrade(request, socket, head, (webSocket) => {
        const client = new ClientSocket(webSocket, sessions, settings)
        open.add(client)
        webSocket.once('close', () => open.delete(client))
      })
    },
    drain() {
      isDraining = true
      for (const client of open) client.reconnect()
    },
    terminate() {
      for (const client of open) client.terminate()
      server.close()
    },
  }
}
