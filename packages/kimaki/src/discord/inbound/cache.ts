/**
 * What the adapter remembers of Discord: owner and roles of guilds, name and parent of channels. No members, no messages. Fed by
 * dispatches and, where they are missing (after a RESUME into an empty cache), by REST. Archived threads are forgotten, so that the
 * size follows what is in use.
 */
import { Unreadable } from '../../base/errors.ts'
import type { GuildRole } from '../../domain/access.ts'
import { handleDispatch, subject, type Arrival, type Dispatch, type DispatchTable } from '../wire/dispatch.ts'
import { isThread as isThreadType, type RawChannel, type RawGuild, type RawRole } from '../wire/guild.ts'

export interface GuildFacts {
  readonly id: string
  readonly ownerId: string
  readonly roles: ReadonlyMap<string, GuildRole>
  /** How far its members have boosted it: 0 to 3. */
  readonly boosts: number
  /** Every member may speak. */
  readonly isOpen?: boolean
}

export interface ChannelFacts {
  readonly id: string
  readonly guildId: string
  readonly name: string
  readonly isThread: boolean
  /** The channel of a thread, the category of a channel. */
  readonly parentId: string | undefined
}

export interface Cache {
  guild(id: string): GuildFacts | undefined
  channel(id: string): ChannelFacts | undefined
  putGuild(guild: RawGuild): void
  putChannel(channel: RawChannel, guildId: string): ChannelFacts
  /** Follows a dispatch; those about other things are ignored. */
  apply(dispatch: Dispatch): void
  /** A dispatch that changes what is remembered cannot be read: what it is about is forgotten, and asked for when it is needed. */
  forget(dispatch: Pick<Arrival, 't' | 'd'>): void
}

/** `isOpen`: every member of each guild may speak. */
export function createCache(isOpen = false): Cache {
  const guilds = new Map<string, GuildFacts>()
  const channels = new Map<string, ChannelFacts>()

  function putGuild(guild: RawGuild): void {
    guilds.set(guild.id, { ...factsOf(guild), ...(isOpen && { isOpen }) })
  }

  function putChannel(channel: RawChannel, guildId: string): ChannelFacts {
    const isThread = isThreadType(channel.type)
    const facts = { id: channel.id, guildId, name: channel.name ?? '', isThread, parentId: channel.parent_id }
    if (channel.thread_metadata?.archived === true) channels.delete(channel.id)
    else channels.set(channel.id, facts)
    return facts
  }

  /** Told without its guild it stays in the one that is known, or is asked for when it is needed. */
  function putToldChannel(channel: RawChannel): void {
    const guildId = channel.guild_id ?? channels.get(channel.id)?.guildId
    if (guildId !== undefined) putChannel(channel, guildId)
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

  function forget({ t, d }: Pick<Arrival, 't' | 'd'>): void {
    if (!/^(GUILD|CHANNEL|THREAD)_/.test(t)) return
    const about = subject(d)
    const id = about instanceof Unreadable ? undefined : t.startsWith('GUILD_') ? (about.guild_id ?? about.id) : about.id
    if (id === undefined) {
      guilds.clear()
      channels.clear()
    } else if (t.startsWith('GUILD_')) forgetGuild(id)
    else channels.delete(id)
  }

  const follow: DispatchTable<unknown> = {
    GUILD_CREATE(guild) {
      if (!guild.isHere) return
      putGuild(guild)
      for (const channel of [...guild.channels, ...guild.threads]) putChannel(channel, guild.id)
    },
    GUILD_UPDATE: putGuild,
    // Unavailable is an outage of Discord's; without the flag the bot was removed.
    GUILD_DELETE: (guild) => guild.unavailable || forgetGuild(guild.id),
    GUILD_ROLE_CREATE: ({ guild_id: guildId, role }) => setRole(guildId, role.id, role),
    GUILD_ROLE_UPDATE: ({ guild_id: guildId, role }) => setRole(guildId, role.id, role),
    GUILD_ROLE_DELETE: ({ guild_id: guildId, role_id: roleId }) => setRole(guildId, roleId, undefined),
    CHANNEL_CREATE: putToldChannel,
    CHANNEL_UPDATE: putToldChannel,
    CHANNEL_DELETE: ({ id }) => channels.delete(id),
    THREAD_CREATE: putToldChannel,
    THREAD_UPDATE: putToldChannel,
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
    forget,
  }
}

const factsOf = ({ id, owner_id: ownerId, roles, premium_tier: boosts }: RawGuild): GuildFacts => ({
  id,
  ownerId,
  boosts,
  roles: new Map(roles.map((role) => [role.id, plain(role)])),
})

const plain = ({ id, name, permissions, managed, tags }: RawRole): GuildRole => ({
  id,
  name,
  permissions,
  ...(managed === true && { managed }),
  ...(tags?.bot_id !== undefined && { botId: tags.bot_id }),
})
