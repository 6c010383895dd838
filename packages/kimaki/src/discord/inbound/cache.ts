/**
 * What the adapter remembers of Discord: owner and roles of guilds, name and parent of channels. No members, no messages. Fed by
 * dispatches and, where they are missing (after a RESUME into an empty cache), by REST. Archived threads are forgotten, so that the
 * size follows what is in use.
 */
import { ChannelType, type GatewayDispatchPayload } from 'discord-api-types/v10'
import type { GuildRole } from '../../domain/access.ts'
import { handleDispatch, type DispatchTable } from './dispatches.ts'

export interface GuildFacts {
  readonly id: string
  readonly ownerId: string
  readonly roles: ReadonlyMap<string, GuildRole>
}

export interface ChannelFacts {
  readonly id: string
  readonly guildId: string
  readonly name: string
  readonly isThread: boolean
  /** The channel of a thread, the category of a channel. */
  readonly parentId: string | undefined
}

/** As Discord sends a channel or thread, as far as it is looked at. */
export interface RawChannel {
  readonly id: string
  readonly type: ChannelType
  readonly guild_id?: string | undefined
  readonly name?: string | null | undefined
  readonly parent_id?: string | null | undefined
  readonly thread_metadata?: { readonly archived: boolean } | undefined
}

export interface RawGuild {
  readonly id: string
  readonly owner_id: string
  readonly roles: readonly RawRole[]
}

interface RawRole {
  readonly id: string
  readonly name: string
  readonly permissions: string
  readonly managed?: boolean
  readonly tags?: { readonly bot_id?: string }
}

export interface Cache {
  guild(id: string): GuildFacts | undefined
  channel(id: string): ChannelFacts | undefined
  putGuild(guild: RawGuild): void
  putChannel(channel: RawChannel, guildId: string): ChannelFacts
  /** Follows a dispatch; those about other things are ignored. */
  apply(dispatch: GatewayDispatchPayload): void
}

const THREADS: readonly ChannelType[] = [ChannelType.AnnouncementThread, ChannelType.PublicThread, ChannelType.PrivateThread]

export function createCache(): Cache {
  const guilds = new Map<string, GuildFacts>()
  const channels = new Map<string, ChannelFacts>()

  function putGuild(guild: RawGuild): void {
    guilds.set(guild.id, {
      id: guild.id,
      ownerId: guild.owner_id,
      roles: new Map(guild.roles.map((role) => [role.id, plain(role)])),
    })
  }

  function putChannel(channel: RawChannel, guildId: string): ChannelFacts {
    const isThread = THREADS.includes(channel.type)
    const facts = { id: channel.id, guildId, name: channel.name ?? '', isThread, parentId: channel.parent_id ?? undefined }
    if (channel.thread_metadata?.archived === true) channels.delete(channel.id)
    else channels.set(channel.id, facts)
    return facts
  }

  function setRole(guildId: string, roleId: string, role: RawRole | undefined): void {
    const guild = guilds.get(guildId)
    if (!guild) return
    const roles = new Map(guild.roles)
    if (role) roles.set(roleId, plain(role))
    else roles.delete(roleId)
    guilds.set(guildId, { ...guild, roles })
  }

  function forgetGuild(guildId: string): void {
    guilds.delete(guildId)
    for (const channel of channels.values()) if (channel.guildId === guildId) channels.delete(channel.id)
  }

  const follow: DispatchTable<unknown> = {
    GUILD_CREATE(guild) {
      if (guild.unavailable === true) return
      putGuild(guild)
      for (const channel of [...guild.channels, ...guild.threads]) putChannel(channel, guild.id)
    },
    GUILD_UPDATE: putGuild,
    // Unavailable is an outage of Discord's; without the flag the bot was removed.
    GUILD_DELETE: (guild) => guild.unavailable === true || forgetGuild(guild.id),
    GUILD_ROLE_CREATE: ({ guild_id: guildId, role }) => setRole(guildId, role.id, role),
    GUILD_ROLE_UPDATE: ({ guild_id: guildId, role }) => setRole(guildId, role.id, role),
    GUILD_ROLE_DELETE: ({ guild_id: guildId, role_id: roleId }) => setRole(guildId, roleId, undefined),
    CHANNEL_CREATE: (channel) => putChannel(channel, channel.guild_id),
    CHANNEL_UPDATE: (channel) => putChannel(channel, channel.guild_id),
    CHANNEL_DELETE: ({ id }) => channels.delete(id),
    THREAD_CREATE: (thread) => putChannel(thread, thread.guild_id ?? ''),
    THREAD_UPDATE: (thread) => putChannel(thread, thread.guild_id ?? ''),
    THREAD_DELETE: ({ id }) => channels.delete(id),
    THREAD_LIST_SYNC({ threads, guild_id: guildId }) {
      for (const thread of threads) putChannel(thread, guildId)
    },
  }

  return {
    guild: (id) => guilds.get(id),
    channel: (id) => channels.get(id),
    putGuild,
    putChannel,
    apply: (dispatch) => void handleDispatch(follow, dispatch),
  }
}

const plain = ({ id, name, permissions, managed, tags }: RawRole): GuildRole => ({
  id,
  name,
  permissions,
  ...(managed === true && { managed }),
  ...(tags?.bot_id !== undefined && { botId: tags.bot_id }),
})
