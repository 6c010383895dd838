/** What clients send: heartbeats, IDENTIFY, RESUME and the few payloads that are accepted and ignored (docs: Gateway Events > Send Events). */
import { GatewayOpcodes as Op } from 'discord-api-types/v10'
import type { RawData } from 'ws'
import { CLOSE } from '../rules/close-codes.ts'
import { LIMITS } from '../rules/limits.ts'
import type { RateLimitRules } from '../rules/rate-limits.ts'
import type { Realm } from '../world/realm/realm.ts'
import type { Connection } from './connection.ts'
import { createHandshake } from './handshake.ts'
import { createRequestMembers } from './request-members.ts'
import type { Sessions } from './sessions.ts'
import type { StartLimit } from '../world/base/start-limit.ts'

export interface ReceiveOptions {
  readonly sessions: Sessions
  readonly startLimit: StartLimit
  readonly rules: RateLimitRules
  readonly enforced: boolean
  readonly trimAcknowledged: boolean
  /** Bots whose heartbeats are not acknowledged. */
  readonly muted: ReadonlySet<string>
}

export function createReceive(
  realm: Realm,
  options: ReceiveOptions,
): (connection: Connection, data: RawData, isBinary: boolean) => void {
  const { identify, resume } = createHandshake(realm, options)
  const requestMembers = createRequestMembers(realm, options)
  const sends = new WeakMap<Connection, number[]>()
  return (connection, data, isBinary) => {
    if (options.enforced && tooMany(sends, connection, options.rules, realm.settings.now()))
      return connection.close(CLOSE.rateLimited)
    const payload = isBinary ? undefined : parse(data)
    if (payload === undefined) return connection.close(CLOSE.decodeError)
    switch (payload.op) {
      case Op.Heartbeat:
        return heartbeat(realm, connection, payload.d, options)
      case Op.Identify:
        return connection.session === undefined ? identify(connection, payload.d) : connection.close(CLOSE.alreadyAuthenticated)
      case Op.Resume:
        return connection.session === undefined ? resume(connection, payload.d) : connection.close(CLOSE.alreadyAuthenticated)
      case Op.RequestGuildMembers:
        if (connection.session === undefined) return connection.close(CLOSE.notAuthenticated)
        return requestMembers(connection.session, payload.d) ? undefined : connection.close(CLOSE.decodeError)
      case Op.PresenceUpdate:
      case Op.VoiceStateUpdate:
      case Op.RequestSoundboardSounds:
        return connection.session === undefined ? connection.close(CLOSE.notAuthenticated) : undefined
      default:
        return connection.close(connection.session === undefined ? CLOSE.notAuthenticated : CLOSE.unknownOpcode)
    }
  }
}

interface Payload {
  readonly op: unknown
  readonly d: unknown
}

/** Undefined for what is no JSON object or longer than 4096 bytes. */
function parse(data: RawData): Payload | undefined {
  const text = Array.isArray(data) ? Buffer.concat(data).toString() : Buffer.from(data as Buffer).toString()
  if (Buffer.byteLength(text) > LIMITS.gatewayPayloadBytes) return undefined
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? { op: undefined, d: undefined, ...value } : undefined
  } catch {
    return undefined
  }
}

function heartbeat(realm: Realm, connection: Connection, sequence: unknown, { muted, trimAcknowledged }: ReceiveOptions): void {
  const { session, botId } = connection
  connection.heartbeatSeen()
  realm.journal.append({ kind: 'gateway', botId, sessionId: session?.id, what: 'heartbeat', code: undefined })
  if (trimAcknowledged && typeof sequence === 'number') session?.log.trim(sequence)
  if (botId === undefined || !muted.has(botId)) connection.send(Op.HeartbeatAck, null)
}

function tooMany(
  sends: WeakMap<Connection, number[]>,
  connection: Connection,
  { gatewaySends }: RateLimitRules,
  now: number,
): boolean {
  const recent = (sends.get(connection) ?? []).filter((at) => now - at < gatewaySends.windowMs)
  sends.set(connection, [...recent, now])
  return recent.length >= gatewaySends.limit
}
