/** Joining, leaving, changing (docs: Guild > Guild Member Object; Gateway Events > Guild Member Add/Update/Remove). */
import type { Snowflake } from '../../api.ts'
import type { EventName } from '../../rules/intents.ts'
import { refusal } from '../base/discord-error.ts'
import type { Realm } from '../realm/realm.ts'
import type { GuildRecord, MemberRecord } from '../realm/records.ts'
import { showGuildCreate } from '../show/show-guild.ts'
import { showMember, showUser } from '../show/show-user.ts'
import { timestamp } from '../base/snowflake.ts'
import { leaveThread } from '../threads/thread-membership.ts'

/** Idempotent; a bot that joins is sent the guild. */
export function joinGuild(realm: Realm, guild: GuildRecord, userId: Snowflake, roles: readonly Snowflake[]): void {
  const present = guild.members.get(userId)
  if (present !== undefined) {
    if (roles.length > 0) setRoles(realm, guild, userId, [...new Set([...present.roles, ...roles])])
    return
  }
  checkRoles(guild, roles)
  const member: MemberRecord = { userId, roles, joinedAt: timestamp(realm.settings.now()), nick: null, timedOutUntil: null }
  guild.members.set(userId, member)
  if (realm.bots.has(userId)) {
    const payload = () => showGuildCreate(realm, guild, userId)
    realm.dispatch({ event: 'GUILD_CREATE', guildId: guild.id, subjectId: guild.id, to: userId, payload })
  }
  tellMember(realm, 'GUILD_MEMBER_ADD', guild, { userId, ...showMember(realm, member), guild_id: guild.id })
}

export function leaveGuild(realm: Realm, guild: GuildRecord, userId: Snowflake): void {
  if (!guild.members.has(userId)) return
  for (const thread of realm.channels.values()) {
    if (thread.kind === 'thread' && thread.guildId === guild.id) leaveThread(realm, thread.id, userId)
  }
  guild.members.delete(userId)
  for (const role of guild.roles.values()) if (role.botId === userId) guild.roles.delete(role.id)
  if (realm.bots.has(userId)) {
    realm.dispatch({
      event: 'GUILD_DELETE',
      guildId: guild.id,
      subjectId: guild.id,
      to: userId,
      payload: () => ({ id: guild.id }),
    })
  }
  tellMember(realm, 'GUILD_MEMBER_REMOVE', guild, { userId, user: showUser(realm, userId), guild_id: guild.id })
}

export function setRoles(realm: Realm, guild: GuildRecord, userId: Snowflake, roles: readonly Snowflake[]): void {
  checkRoles(guild, roles)
  changeMember(realm, guild, userId, { roles: [...roles] })
}

/** Stores the changed member and tells the gateway. */
export function changeMember(realm: Realm, guild: GuildRecord, userId: Snowflake, change: Partial<MemberRecord>): void {
  const member = guild.members.get(userId)
  if (member === undefined) throw refusal('unknownMember')
  const changed = { ...member, ...change }
  guild.members.set(userId, changed)
  tellMember(realm, 'GUILD_MEMBER_UPDATE', guild, { userId, ...showMember(realm, changed), guild_id: guild.id })
}

function checkRoles(guild: GuildRecord, roles: readonly Snowflake[]): void {
  const unknown = roles.find((id) => !guild.roles.has(id))
  if (unknown !== undefined) throw new Error(`The guild ${guild.name} has no role ${unknown}`)
}

interface About {
  readonly userId: Snowflake
  readonly [field: string]: unknown
}

function tellMember(realm: Realm, event: EventName, guild: GuildRecord, { userId, ...payload }: About): void {
  realm.dispatch({ event, guildId: guild.id, subjectId: userId, about: [userId], payload: () => payload })
}
