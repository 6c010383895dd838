/** Users, members and roles as the API shows them (docs: User Object, Guild Member Object, Role Object). */
import type { APIGuildMember, APIRole, APIUser } from 'discord-api-types/v10'
import type { Snowflake } from '../../api.ts'
import type { Realm } from '../realm/realm.ts'
import type { MemberRecord, RoleRecord, UserRecord } from '../realm/records.ts'
import { shaped } from '../base/shaped.ts'

/** Shared and frozen: every message shows its author. */
export function showUser(realm: Realm, id: Snowflake): APIUser {
  const user = realm.users.get(id)
  const known = user && SHOWN.get(user)
  if (known !== undefined) return known
  const shown = Object.freeze(shownUser(id, user))
  if (user !== undefined) SHOWN.set(user, shown)
  return shown
}

const SHOWN = new WeakMap<UserRecord, APIUser>()

function shownUser(id: Snowflake, user: UserRecord | undefined): APIUser {
  const shown = {
    id,
    username: user?.username ?? 'deleted_user',
    avatar: null,
    discriminator: user?.discriminator ?? '0',
    public_flags: 0,
    flags: 0,
    ...(user?.bot === true ? { bot: true } : {}),
    banner: null,
    accent_color: null,
    global_name: user === undefined || user.bot ? null : user.name,
    avatar_decoration_data: null,
    collectibles: null,
    primary_guild: null,
  }
  return shaped(shown)
}

export function showMember(realm: Realm, member: MemberRecord): APIGuildMember {
  return shaped({ ...showPartialMember(member), user: showUser(realm, member.userId) })
}

/** A member without its user, as MESSAGE_CREATE carries it. */
export function showPartialMember(member: MemberRecord): Omit<APIGuildMember, 'user'> {
  return shaped({
    avatar: null,
    banner: null,
    communication_disabled_until: member.timedOutUntil,
    flags: 0,
    joined_at: member.joinedAt,
    nick: member.nick,
    pending: false,
    premium_since: null,
    roles: [...member.roles],
    mute: false,
    deaf: false,
  })
}

export function showRole(role: RoleRecord): APIRole {
  const shown = {
    id: role.id,
    name: role.name,
    permissions: String(role.permissions),
    position: role.position,
    color: role.color,
    colors: { primary_color: role.color, secondary_color: null, tertiary_color: null },
    hoist: role.hoist,
    managed: role.managed,
    mentionable: role.mentionable,
    icon: null,
    unicode_emoji: null,
    ...(role.botId === undefined ? {} : { tags: { bot_id: role.botId } }),
    flags: 0,
  }
  return shaped(shown)
}
