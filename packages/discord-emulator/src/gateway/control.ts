/** Trouble on demand for gateway connections: the `GatewayControl` of the public contract. */
import { GatewayOpcodes as Op } from 'discord-api-types/v10'
import type { GatewayControl, Snowflake } from '../api.ts'
import type { Realm } from '../world/realm/realm.ts'
import type { Connection } from './connection.ts'
import type { Sessions } from './sessions.ts'

interface Controlled {
  readonly sessions: Sessions
  /** Every open connection, identified or not. */
  readonly connections: ReadonlySet<Connection>
  readonly muted: Set<Snowflake>
  readonly setRefused: (refused: boolean) => void
}

export function createControl(realm: Realm, { sessions, connections, muted, setRefused }: Controlled): GatewayControl {
  const of = (botId: Snowflake) => [...connections].filter((connection) => connection.isOpen && connection.botId === botId)
  return {
    cut: (botId) => of(botId).forEach((connection) => connection.cut()),
    freeze: (botId) => of(botId).forEach((connection) => connection.freeze()),
    close: (botId, code) => of(botId).forEach((connection) => connection.close(code)),
    reconnect: (botId) => of(botId).forEach((connection) => connection.send(Op.Reconnect, null)),
    invalidate(botId, resumable = false) {
      for (const connection of of(botId)) {
        const { session } = connection
        if (session === undefined) continue
        realm.journal.append({ kind: 'gateway', botId, sessionId: session.id, what: 'invalid-session', code: undefined })
        sessions.unlink(session, connection)
        if (!resumable) sessions.forget(session)
        connection.session = undefined
        connection.send(Op.InvalidSession, resumable)
      }
    },
    expire: (botId) => sessions.ofBot(botId).forEach((session) => sessions.forget(session)),
    refuse: setRefused,
    muteHeartbeats: (botId, isMuted) => void (isMuted ? muted.add(botId) : muted.delete(botId)),
    requestHeartbeat: (botId) => of(botId).forEach((connection) => connection.send(Op.Heartbeat, null)),
    connections: (botId) => of(botId).filter(({ session }) => session !== undefined).length,
  }
}
