/** IDENTIFY and RESUME (docs: Gateway > Identifying, Resuming; Gateway Events > Ready, Resumed, Invalid Session). */
import { GatewayIntentBits as I, GatewayOpcodes as Op } from 'discord-api-types/v10'
import { CLOSE } from '../rules/close-codes.ts'
import { LIMITS } from '../rules/limits.ts'
import { KNOWN_INTENTS } from '../rules/intents.ts'
import { botOfToken } from '../world/people/bot.ts'
import type { Realm } from '../world/realm/realm.ts'
import type { BotRecord } from '../world/realm/records.ts'
import { showGuildCreate } from '../world/show/show-guild.ts'
import type { Connection } from './connection.ts'
import { readyPayload, isOnShard } from './ready.ts'
import type { Session } from './session.ts'
import type { Sessions } from './sessions.ts'
import type { StartLimit } from '../world/base/start-limit.ts'

interface HandshakeOptions {
  readonly sessions: Sessions
  readonly startLimit: StartLimit
}

export interface Handshake {
  readonly identify: (connection: Connection, data: unknown) => void
  readonly resume: (connection: Connection, data: unknown) => void
}

export function createHandshake(realm: Realm, { sessions, startLimit }: HandshakeOptions): Handshake {
  const note = (connection: Connection, what: 'identify' | 'resume' | 'resumed' | 'invalid-session', sessionId?: string) =>
    realm.journal.append({ kind: 'gateway', botId: connection.botId, sessionId, what, code: undefined })
  const invalidate = (connection: Connection, sessionId?: string) => {
    note(connection, 'invalid-session', sessionId)
    connection.send(Op.InvalidSession, false)
  }
  return {
    identify(connection, data) {
      const wish = readIdentify(data)
      if (wish === undefined) return connection.close(CLOSE.decodeError)
      const bot = botOfToken(realm, wish.token)
      if (bot === undefined) return connection.close(CLOSE.authenticationFailed)
      connection.botId = bot.id
      const wrong = wrongIntents(bot, wish.intents) ?? wrongShard(wish.shard) ?? tooManyGuilds(realm, bot, wish.shard)
      if (wrong !== undefined) return connection.close(wrong)
      const admitted = startLimit.take(bot.id)
      note(connection, 'identify')
      // Discord resets the token of a bot that used up its day; the close code is the same.
      if (admitted === 'exhausted') return connection.close(CLOSE.authenticationFailed)
      if (admitted === 'too-soon') return invalidate(connection)
      const session = sessions.open({ bot, intents: wish.intents, shard: wish.shard }, connection)
      connection.session = session
      sessions.push(session, { event: 'READY', data: readyPayload(realm, session), subjectId: undefined })
      sendGuilds(realm, sessions, session)
    },
    resume(connection, data) {
      const wish = readResume(data)
      if (wish === undefined) return connection.close(CLOSE.decodeError)
      const bot = botOfToken(realm, wish.token)
      if (bot === undefined) return connection.close(CLOSE.authenticationFailed)
      connection.botId = bot.id
      note(connection, 'resume', wish.sessionId)
      const session = sessions.find(wish.sessionId)
      if (session?.bot !== bot) return invalidate(connection, wish.sessionId)
      const missed = session.log.after(wish.sequence)
      if (missed === 'ahead') return connection.close(CLOSE.invalidSequence)
      if (missed === 'forgotten') return invalidate(connection, wish.sessionId)
      const before = sessions.relink(session, connection)
      connection.session = session
      before?.cut()
      for (const sent of missed) sessions.replay(session, sent)
      sessions.push(session, { event: 'RESUMED', data: { _trace: [] }, subjectId: undefined }, false)
      note(connection, 'resumed', session.id)
    },
  }
}

function sendGuilds(realm: Realm, sessions: Sessions, session: Session): void {
  if ((session.intents & I.Guilds) === 0) return
  for (const guild of realm.guilds.values()) {
    if (!guild.members.has(session.bot.id) || !isOnShard(guild.id, session.shard)) continue
    const data = showGuildCreate(realm, guild, session.bot.id)
    sessions.push(session, { event: 'GUILD_CREATE', data, subjectId: guild.id })
  }
}

/** 4013 for bits Discord does not know, 4014 for privileged ones that are off in the portal. */
function wrongIntents({ privileged }: BotRecord, intents: number): number | undefined {
  if ((intents & ~KNOWN_INTENTS) !== 0) return CLOSE.invalidIntents
  const refused =
    (privileged.messageContent ? 0 : I.MessageContent) |
    (privileged.guildMembers ? 0 : I.GuildMembers) |
    (privileged.presences ? 0 : I.GuildPresences)
  return (intents & refused) === 0 ? undefined : CLOSE.disallowedIntents
}

/** A shard carries 2500 guilds (docs: Gateway > Sharding). */
function tooManyGuilds(realm: Realm, { id }: BotRecord, shard: readonly [number, number]): number | undefined {
  const own = [...realm.guilds.values()].filter((guild) => guild.members.has(id) && isOnShard(guild.id, shard))
  return own.length > LIMITS.shardGuilds ? CLOSE.shardingRequired : undefined
}

function wrongShard([index, count]: readonly [number, number]): number | undefined {
  const valid = Number.isInteger(index) && Number.isInteger(count) && index >= 0 && index < count
  return valid ? undefined : CLOSE.invalidShard
}

function readIdentify(data: unknown) {
  const { token, intents, shard } = (data ?? {}) as Readonly<Record<string, unknown>>
  if (typeof token !== 'string' || typeof intents !== 'number') return undefined
  const [index, count] = Array.isArray(shard) ? shard.map(Number) : [0, 1]
  return { token: token.replace(/^Bot /, ''), intents, shard: [index ?? -1, count ?? -1] as const }
}

function readResume(data: unknown) {
  const { token, session_id: sessionId, seq } = (data ?? {}) as Readonly<Record<string, unknown>>
  if (typeof token !== 'string' || typeof sessionId !== 'string') return undefined
  return { token: token.replace(/^Bot /, ''), sessionId, sequence: typeof seq === 'number' ? seq : 0 }
}
