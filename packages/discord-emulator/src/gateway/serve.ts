/** The gateway: accepts sockets, says HELLO, and keeps connections and sessions in step (docs: Gateway > Connections). */
import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { GatewayOpcodes as Op } from 'discord-api-types/v10'
import { WebSocketServer } from 'ws'
import type { GatewayControl, Snowflake } from '../api.ts'
import { CLOSE } from '../rules/close-codes.ts'
import type { RateLimitRules } from '../rules/rate-limits.ts'
import type { Realm } from '../world/realm/realm.ts'
import { Connection, keepsSession, type ConnectionEvents } from './connection.ts'
import { createControl } from './control.ts'
import { createDelivery } from './deliver.ts'
import { createReceive } from './receive.ts'
import { createSessions, type SessionSettings } from './sessions.ts'
import type { StartLimit } from '../world/base/start-limit.ts'
import { createEncoder } from './transport.ts'

export interface GatewaySettings extends SessionSettings {
  readonly heartbeatInterval: number
  readonly trimAcknowledged: boolean
  readonly rules: RateLimitRules
  readonly enforced: boolean
}

export interface Gateway {
  readonly control: GatewayControl
  readonly upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void
  /** Cuts every connection and refuses new ones, or takes them again. */
  setDown(down: boolean): void
  /** Frees every socket. */
  stop(): void
}

export function createGateway(realm: Realm, startLimit: StartLimit, settings: GatewaySettings): Gateway {
  const server = new WebSocketServer({ noServer: true, perMessageDeflate: false, maxPayload: 1024 * 1024 })
  const sessions = createSessions(realm, settings)
  const connections = new Set<Connection>()
  const muted = new Set<Snowflake>()
  const events: ConnectionEvents = {
    message: createReceive(realm, { ...settings, sessions, startLimit, muted }),
    ended(connection, code, by) {
      const { session, botId } = connection
      const what = code === undefined ? 'lost' : 'close'
      realm.journal.append({ kind: 'gateway', botId, sessionId: session?.id, what, code })
      if (session === undefined) return
      sessions.unlink(session, connection)
      if (!keepsSession(code, by)) sessions.forget(session)
    },
  }
  let refused = false
  realm.onDispatch(createDelivery(realm, sessions))
  return {
    control: createControl(realm, { sessions, connections, muted, setRefused: (value) => void (refused = value) }),
    upgrade(request, socket, head) {
      const tcp = socket as Socket
      if (refused) {
        tcp.resetAndDestroy()
        return
      }
      const address = URL.parse(request.url ?? '/', 'http://gateway')
      if (address === null) return void tcp.end('HTTP/1.1 400 Bad Request\r\nconnection: close\r\n\r\n')
      tcp.setNoDelay(true)
      server.handleUpgrade(request, socket, head, (webSocket) => {
        const { encode, wrong } = readAddress(address)
        const connection = new Connection({ socket: webSocket, tcp, encode }, events, settings.heartbeatInterval * 2)
        connections.add(connection)
        tcp.on('close', () => connections.delete(connection))
        realm.journal.append({ kind: 'gateway', botId: undefined, sessionId: undefined, what: 'connect', code: undefined })
        if (wrong !== undefined) return connection.close(wrong)
        connection.send(Op.Hello, { heartbeat_interval: settings.heartbeatInterval, _trace: [] })
      })
    },
    setDown(down) {
      refused = down
      if (!down) return
      for (const connection of connections) connection.cut()
    },
    stop() {
      for (const connection of connections) connection.destroy()
      server.close()
    },
  }
}

/** `v`, `encoding` and `compress` (docs: Gateway > Gateway URL Query String Params). ETF is not emulated. */
function readAddress({ searchParams: query }: URL) {
  const encode = createEncoder(query.get('compress'))
  const wrongVersion = (query.get('v') ?? '10') !== '10'
  const wrongEncoding = (query.get('encoding') ?? 'json') !== 'json' || encode === undefined
  const wrong = wrongVersion ? CLOSE.invalidApiVersion : wrongEncoding ? CLOSE.decodeError : undefined
  return { encode: encode ?? ((text: string) => text), wrong }
}
