/** Roles: made, changed, deleted (docs: Permissions > Role Object; Gateway Events > Guild Role Create/Update/Delete). */
import type { Snowflake } from '../../api.ts'
import { LIMITS } from '../../rules/limits.ts'
import { refusal } from '../base/discord-error.ts'
import { setRoles } from './members.ts'
import type { Realm } from '../realm/realm.ts'
import type { GuildRecord, RoleRecord } from '../realm/records.ts'
import { showRole } from '../show/show-user.ts'

export type NewRole = Partial<Omit<RoleRecord, 'id' | 'managed'>> & Pick<RoleRecord, 'name' | 'permissions'>

/** At the bottom, as Discord does: whoever could rank roles before ranks above it. */
export function createRole(realm: Realm, guild: GuildRecord, wanted: NewRole): RoleRecord {
  if (guild.roles.size >= LIMITS.roles) throw refusal('tooManyRoles')
  const managed = wanted.botId !== undefined
  const role: RoleRecord = { id: realm.newId(), position: 1, managed, color: 0, hoist: false, mentionable: false, ...wanted }
  guild.roles.set(role.id, role)
  tellRole(realm, 'GUILD_ROLE_CREATE', guild, role)
  return role
}

export function changeRole(realm: Realm, guild: GuildRecord, roleId: Snowflake, change: Partial<RoleRecord>): RoleRecord {
  const role = findRole(guild, roleId)
  const changed = { ...role, ...change }
  guild.roles.set(roleId, changed)
  tellRole(realm, 'GUILD_ROLE_UPDATE', guild, changed)
  return changed
}

/** Members lose it first. */
export function deleteRole(realm: Realm, guild: GuildRecord, roleId: Snowflake): void {
  const role = findRole(guild, roleId)
  for (const { userId, roles } of guild.members.values()) {
    if (roles.includes(roleId)) {
      setRoles(
        realm,
        guild,
        userId,
        roles.filter((id) => id !== roleId),
      )
    }
  }
  guild.roles.delete(roleId)
  const payload = () => ({ guild_id: guild.id, role_id: role.id })
  realm.dispatch({ event: 'GUILD_ROLE_DELETE', guildId: guild.id, subjectId: role.id, payload })
}

export function findRole(guild: GuildRecord, roleId: Snowflake): RoleRecord {
  const role = guild.roles.get(roleId)
  if (role === undefined) throw refusal('unknownRole')
  return role
}

function tellRole(realm: Realm, event: 'GUILD_ROLE_CREATE' | 'GUILD_ROLE_UPDATE', guild: GuildRecord, role: RoleRecord): void {
  const payload = () => ({ guild_id: guild.id, role: showRole(role) })
  realm.dispatch({ event, guildId: guild.id, subjectId: role.id, payload })
}
