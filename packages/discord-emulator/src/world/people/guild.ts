/** The handle of a guild: acts as an administrator would, without asking for rights. */
import type { Guild, Person, Snowflake } from '../../api.ts'
import { CHANNEL } from '../../rules/types.ts'
import { EVERYONE_PERMISSIONS, TEXT_BOT_PERMISSIONS } from '../../rules/permissions.ts'
import { refusal } from '../base/discord-error.ts'
import { changeMember, joinGuild, leaveGuild, setRoles } from '../members/members.ts'
import { installBot } from '../members/install.ts'
import type { Realm } from '../realm/realm.ts'
import type { ChannelRecord, GuildRecord, ThreadRecord } from '../realm/records.ts'
import { changeRole, createRole, deleteRole } from '../members/roles.ts'
import { showChannel } from '../show/show-channel.ts'
import { changeThread, createChannel, removeChannel, storeChannel } from '../channels/update-channel.ts'

export function createGuild(realm: Realm, name: string, owner: Person): Guild {
  const id = realm.newId()
  const look = { color: 0, hoist: false, mentionable: false }
  const everyone = { id, name: '@everyone', permissions: EVERYONE_PERMISSIONS, position: 0, managed: false, ...look }
  const guild: GuildRecord = { id, name, ownerId: owner.id, roles: new Map([[id, everyone]]), members: new Map() }
  realm.guilds.set(id, guild)
  joinGuild(realm, guild, owner.id, [])
  const channelOf = (channelId: Snowflake) => ownChannel(realm, guild, channelId)
  return {
    id,
    name,
    textChannel: (channelName) => showChannel(createChannel(realm, guild, { name: channelName, type: CHANNEL.text })),
    role: (options) => ({ id: createRole(realm, guild, { permissions: 0n, ...options }).id }),
    setRolePermissions: (roleId, permissions) => void changeRole(realm, guild, roleId, { permissions }),
    deleteRole: (roleId) => deleteRole(realm, guild, roleId),
    setNick: (memberId, nick) => changeMember(realm, guild, memberId, { nick }),
    setOverwrites: (channelId, overwrites) => {
      const channel = channelOf(channelId)
      if (channel.kind === 'thread') throw refusal('wrongChannelType')
      storeChannel(realm, channel, { overwrites: overwrites.map((one) => ({ allow: 0n, deny: 0n, ...one })) })
    },
    join: (person, roles = []) => joinGuild(realm, guild, person.id, roles),
    setRoles: (memberId, roles) => setRoles(realm, guild, memberId, roles),
    leave: (memberId) => leaveGuild(realm, guild, memberId),
    addBot: (bot, { permissions = TEXT_BOT_PERMISSIONS, roles = [] } = {}) => {
      installBot(realm, guild, bot, { permissions, roles })
    },
    deleteChannel: (channelId) => removeChannel(realm, channelOf(channelId)),
    archiveThread: (threadId, archived = true, locked) => {
      const thread = channelOf(threadId)
      if (thread.kind !== 'thread') throw refusal('wrongChannelType')
      changeThread(realm, owner, thread, { archived, ...(locked === undefined ? {} : { locked }) })
    },
    rename: (channelId, newName) => {
      const channel = channelOf(channelId)
      if (channel.kind === 'thread') changeThread(realm, owner, channel, { name: newName })
      else storeChannel(realm, channel, { name: newName })
    },
  }
}

function ownChannel(realm: Realm, guild: GuildRecord, channelId: Snowflake): ChannelRecord | ThreadRecord {
  const channel = realm.channels.get(channelId)
  if (channel?.guildId !== guild.id) throw refusal('unknownChannel')
  return channel
}
