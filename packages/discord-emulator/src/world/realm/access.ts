/** Who may do what where: role and overwrite arithmetic (docs: Permissions > Permission Hierarchy, Threads > Permissions). */
import { PermissionFlagsBits as P } from 'discord-api-types/v10'
import type { Snowflake } from '../../api.ts'
import { ALL_PERMISSIONS, DIRECT_PERMISSIONS, NEEDS_SENDING, TIMED_OUT_PERMISSIONS } from '../../rules/permissions.ts'
import { CHANNEL } from '../../rules/types.ts'
import { refusal } from '../base/discord-error.ts'
import type { Realm } from './realm.ts'
import type { ChannelRecord, GuildRecord, MemberRecord, ThreadRecord } from './records.ts'

/** The channel or thread, if the user may see it; 10003 where there is none, 50001 where they may not look. */
export function visibleChannel(realm: Realm, userId: Snowflake, channelId: Snowflake): ChannelRecord | ThreadRecord {
  const channel = realm.channels.get(channelId)
  if (channel === undefined) throw refusal('unknownChannel')
  if (!canView(realm, userId, channel)) throw refusal('missingAccess')
  return channel
}

/** The guild, if the user is a member of it; 10004 where there is none, 50001 where they are not. */
export function joinedGuild(realm: Realm, userId: Snowflake, guildId: Snowflake): GuildRecord {
  const guild = realm.guilds.get(guildId)
  if (guild === undefined) throw refusal('unknownGuild')
  if (!guild.members.has(userId)) throw refusal('missingAccess')
  return guild
}

/** Throws 50013 unless the user has every one of the bits in the channel. */
export function demand(realm: Realm, userId: Snowflake, channel: ChannelRecord | ThreadRecord, bits: bigint): void {
  if (!may(realm, userId, channel, bits)) throw refusal('missingPermissions')
}

export function may(realm: Realm, userId: Snowflake, channel: ChannelRecord | ThreadRecord, bits: bigint): boolean {
  return (permissionsIn(realm, userId, channel) & bits) === bits
}

/** The right to write: SEND_MESSAGES in channels, SEND_MESSAGES_IN_THREADS in threads. */
export function sendingBit(channel: ChannelRecord | ThreadRecord): bigint {
  return channel.kind === 'thread' ? P.SendMessagesInThreads : P.SendMessages
}

/** VIEW_CHANNEL; for a private thread also membership or MANAGE_THREADS. */
export function canView(realm: Realm, userId: Snowflake, channel: ChannelRecord | ThreadRecord): boolean {
  const permissions = permissionsIn(realm, userId, channel)
  if ((permissions & P.ViewChannel) === 0n) return false
  if (channel.kind === 'channel' || channel.type !== CHANNEL.privateThread) return true
  return channel.members.has(userId) || (permissions & P.ManageThreads) !== 0n
}

/** The user's permissions in a channel; a thread takes its parent's. 0 for strangers. */
export function permissionsIn(realm: Realm, userId: Snowflake, channel: ChannelRecord | ThreadRecord): bigint {
  if (channel.kind === 'channel' && channel.recipients !== undefined) {
    return channel.recipients.includes(userId) ? DIRECT_PERMISSIONS : 0n
  }
  const guild = realm.guilds.get(channel.guildId)
  const home = channel.kind === 'thread' ? realm.channels.get(channel.parentId) : channel
  const member = guild?.members.get(userId)
  if (guild === undefined || member === undefined || home?.kind !== 'channel') return 0n
  const base = guildPermissions(guild, member)
  if (base === ALL_PERMISSIONS) return base
  const permissions = implied(overwritten(base, guild, member, home), sendingBit(channel))
  return isTimedOut(member, realm.settings.now()) ? permissions & TIMED_OUT_PERMISSIONS : permissions
}

/** Owners and administrators are exempt: their permissions never come this far. */
function isTimedOut({ timedOutUntil }: MemberRecord, now: number): boolean {
  return timedOutUntil !== null && Date.parse(timedOutUntil) > now
}

/** Permissions from roles alone; everything for the owner and for administrators. */
export function guildPermissions(guild: GuildRecord, member: MemberRecord): bigint {
  if (guild.ownerId === member.userId) return ALL_PERMISSIONS
  const union = [guild.id, ...member.roles].reduce((all, id) => all | (guild.roles.get(id)?.permissions ?? 0n), 0n)
  return (union & P.Administrator) === 0n ? union : ALL_PERMISSIONS
}

/** First @everyone's overwrite, then all roles' together, then the member's own. */
function overwritten(base: bigint, guild: GuildRecord, member: MemberRecord, channel: ChannelRecord): bigint {
  const none = { allow: 0n, deny: 0n }
  const everyone = channel.overwrites.find(({ id }) => id === guild.id) ?? none
  const own = channel.overwrites.find(({ id, type }) => type === 'member' && id === member.userId) ?? none
  const roles = channel.overwrites
    .filter(({ id, type }) => type === 'role' && member.roles.includes(id))
    .reduce((sum, { allow, deny }) => ({ allow: sum.allow | allow, deny: sum.deny | deny }), none)
  return [everyone, roles, own].reduce((permissions, { allow, deny }) => (permissions & ~deny) | allow, base)
}

/** Without VIEW_CHANNEL nothing is allowed; without the right to send, nothing that goes with a message. */
function implied(permissions: bigint, sending: bigint): bigint {
  if ((permissions & P.ViewChannel) === 0n) return 0n
  return (permissions & sending) === 0n ? permissions & ~NEEDS_SENDING : permissions
}
