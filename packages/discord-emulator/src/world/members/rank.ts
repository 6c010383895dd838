/** Who ranks above whom (docs: Permissions > Permission Hierarchy). */
import { PermissionFlagsBits as P } from 'discord-api-types/v10'
import type { Snowflake } from '../../api.ts'
import { guildPermissions } from '../realm/access.ts'
import { refusal } from '../base/discord-error.ts'
import type { GuildRecord, MemberRecord, RoleRecord } from '../realm/records.ts'
import { compareSnowflakes } from '../base/snowflake.ts'

/** The member with the permission in the guild; 50013 without. */
export function demandInGuild(guild: GuildRecord, userId: Snowflake, bits: bigint): MemberRecord {
  const member = guild.members.get(userId)
  if (member === undefined) throw refusal('missingAccess')
  if ((guildPermissions(guild, member) & bits) !== bits) throw refusal('missingPermissions')
  return member
}

/** A role is managed by members whose highest role ranks above it; 50013 for others, 50028 for one no one assigns. */
export function demandRole(guild: GuildRecord, userId: Snowflake, role: RoleRecord): void {
  const member = demandInGuild(guild, userId, P.ManageRoles)
  if (guild.ownerId !== userId && !isAbove(highest(guild, member), role)) throw refusal('missingPermissions')
}

/** Nobody grants what they do not have (docs: "a bot can only … permissions it has"). */
export function demandGrantable(guild: GuildRecord, userId: Snowflake, permissions: bigint): void {
  const member = guild.members.get(userId)
  const own = member === undefined ? 0n : guildPermissions(guild, member)
  if ((own & permissions) !== permissions) throw refusal('missingPermissions')
}

/** Of two members, for kicks, nicknames and time-outs. */
export function demandAbove(guild: GuildRecord, userId: Snowflake, otherId: Snowflake): void {
  const [member, other] = [guild.members.get(userId), guild.members.get(otherId)]
  if (guild.ownerId === userId) return
  const above = member !== undefined && other !== undefined && isAbove(highest(guild, member), highest(guild, other))
  if (!above || guild.ownerId === otherId) throw refusal('missingPermissions')
}

function highest(guild: GuildRecord, { roles }: MemberRecord): RoleRecord | undefined {
  const own = [...roles, guild.id].map((id) => guild.roles.get(id)).filter((role) => role !== undefined)
  return own.reduce<RoleRecord | undefined>((top, role) => (isAbove(role, top) ? role : top), undefined)
}

function isAbove(role: RoleRecord | undefined, other: RoleRecord | undefined): boolean {
  if (role === undefined || other === undefined) return role !== undefined
  return role.position === other.position ? compareSnowflakes(role.id, other.id) < 0 : role.position > other.position
}
