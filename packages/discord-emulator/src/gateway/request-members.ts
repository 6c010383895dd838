/**
 * Request Guild Members, op 8 (docs: Gateway Events > Request Guild Members, Guild Members Chunk, Rate Limited). Where the intent is
 * missing that a request needs, Discord's documentation names no answer: there is none.
 */
import { GatewayIntentBits as I, GatewayOpcodes as Op } from 'discord-api-types/v10'
import { namedLike } from '../world/members/named-like.ts'
import { LIMITS } from '../rules/limits.ts'
import type { RateLimitRules } from '../rules/rate-limits.ts'
import type { Realm } from '../world/realm/realm.ts'
import type { GuildRecord, MemberRecord } from '../world/realm/records.ts'
import { showMember } from '../world/show/show-user.ts'
import type { Session } from './session.ts'
import type { Sessions } from './sessions.ts'

interface RequestOptions {
  readonly sessions: Sessions
  readonly rules: RateLimitRules
  readonly enforced: boolean
}

/** Answers whether the payload could be read: the connection is closed with 4002 where it could not. */
export type RequestMembers = (session: Session, data: unknown) => boolean

export function createRequestMembers(realm: Realm, { sessions, rules, enforced }: RequestOptions): RequestMembers {
  const { now } = realm.settings
  /** When each session may ask again for all members of a guild. */
  const free = new WeakMap<Session, Map<string, number>>()
  return (session, data) => {
    const wish = readWish(data)
    const guild = realm.guilds.get(wish?.guildId ?? '')
    if (wish === undefined) return false
    if (guild?.members.has(session.bot.id) !== true || !isAdmitted(session, wish)) return true
    if (enforced && isWhole(wish)) {
      const times = free.get(session) ?? new Map<string, number>()
      free.set(session, times)
      const wait = (times.get(guild.id) ?? 0) - now()
      if (wait > 0) {
        sessions.push(session, { event: 'RATE_LIMITED', data: rateLimited(wish, wait), subjectId: guild.id })
        return true
      }
      times.set(guild.id, now() + rules.allMembers.windowMs)
    }
    for (const chunk of chunksOf(realm, guild, wish)) {
      sessions.push(session, { event: 'GUILD_MEMBERS_CHUNK', data: chunk, subjectId: guild.id })
    }
    return true
  }
}

interface Wish {
  readonly guildId: string
  readonly query: string | undefined
  readonly limit: number
  readonly userIds: readonly string[] | undefined
  readonly nonce: string | undefined
  readonly presences: boolean
}

/** One guild; a prefix or ids, not neither. A nonce of more than 32 bytes is ignored. */
function readWish(data: unknown): Wish | undefined {
  const { guild_id: guildId, query, limit, user_ids: ids, nonce, presences } = (data ?? {}) as Readonly<Record<string, unknown>>
  if (typeof guildId !== 'string') return undefined
  if (typeof query !== 'string' && ids === undefined) return undefined
  if (typeof query === 'string' && ids === undefined && typeof limit !== 'number') return undefined
  return {
    guildId,
    query: typeof query === 'string' && ids === undefined ? query : undefined,
    limit: typeof limit === 'number' ? limit : 0,
    userIds: ids === undefined ? undefined : [ids].flat().map(String),
    nonce: typeof nonce === 'string' && Buffer.byteLength(nonce) <= LIMITS.membersNonce ? nonce : undefined,
    presences: presences === true,
  }
}

const isWhole = ({ query, limit, userIds }: Wish) => userIds === undefined && query === '' && limit === 0

/** GUILD_MEMBERS for the whole list, GUILD_PRESENCES for presences. */
function isAdmitted({ intents }: Session, wish: Wish): boolean {
  if (isWhole(wish) && (intents & I.GuildMembers) === 0) return false
  return !wish.presences || (intents & I.GuildPresences) !== 0
}

/** At least one chunk, of at most 1000 members; a prefix or ids find at most 100. */
function chunksOf(realm: Realm, guild: GuildRecord, wish: Wish): readonly object[] {
  const found = findMembers(realm, guild, wish).map((member) => showMember(realm, member))
  const missing = (wish.userIds ?? []).slice(0, LIMITS.membersFound).filter((id) => !guild.members.has(id))
  const count = Math.max(1, Math.ceil(found.length / LIMITS.membersChunk))
  return Array.from({ length: count }, (_, index) => ({
    guild_id: guild.id,
    members: found.slice(index * LIMITS.membersChunk, (index + 1) * LIMITS.membersChunk),
    chunk_index: index,
    chunk_count: count,
    ...(missing.length === 0 ? {} : { not_found: missing }),
    ...(wish.presences ? { presences: [] } : {}),
    ...(wish.nonce === undefined ? {} : { nonce: wish.nonce }),
  }))
}

function findMembers(realm: Realm, { members }: GuildRecord, wish: Wish): readonly MemberRecord[] {
  if (isWhole(wish)) return [...members.values()]
  if (wish.userIds !== undefined) return wish.userIds.slice(0, LIMITS.membersFound).flatMap((id) => members.get(id) ?? [])
  const named = namedLike(realm, members.values(), wish.query ?? '')
  return named.slice(0, wish.limit === 0 ? LIMITS.membersFound : Math.min(wish.limit, LIMITS.membersFound))
}

function rateLimited({ guildId, nonce }: Wish, wait: number): object {
  const meta = { guild_id: guildId, ...(nonce === undefined ? {} : { nonce }) }
  return { opcode: Op.RequestGuildMembers, retry_after: wait / 1000, meta }
}
