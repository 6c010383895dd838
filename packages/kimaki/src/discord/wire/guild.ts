/** Guilds, roles, channels and members as Discord sends them, as far as they are looked at. */
import { ChannelType } from 'discord-api-types/v10'
import {
  bits,
  flag,
  list,
  number,
  optional,
  orElse,
  orNone,
  readable,
  record,
  snowflake,
  text,
  that,
  type Read,
} from './shape.ts'

const THREADS: readonly number[] = [ChannelType.AnnouncementThread, ChannelType.PublicThread, ChannelType.PrivateThread]

export const isThread = (type: number): boolean => THREADS.includes(type)

/** Every role is needed, and all of it: a role may forbid as well as allow. */
export const role = record({
  id: snowflake,
  name: text,
  permissions: bits,
  managed: optional(flag),
  tags: orNone(record({ bot_id: orNone(snowflake) })),
})

export const guild = record({ id: snowflake, owner_id: snowflake, roles: list(role), premium_tier: orElse(number, 0) })

export const channelFields = {
  id: snowflake,
  type: number,
  guild_id: optional(snowflake),
  name: orNone(text),
  parent_id: optional(snowflake),
}

/** A thread without a parent would be a thread of nobody. */
export const channel = that(
  record({ ...channelFields, thread_metadata: orNone(record({ archived: orElse(flag, false) })) }),
  ({ type, parent_id: parent }) => !isThread(type) || parent !== undefined,
  'a thread with a parent',
)

/** As a list of threads has it (Discord docs: List Active Guild Threads, List Public Archived Threads). */
export const listedThread = record({
  id: snowflake,
  name: orElse(text, ''),
  parent_id: orNone(snowflake),
  owner_id: orNone(snowflake),
  last_message_id: orNone(snowflake),
  thread_metadata: orNone(record({ archive_timestamp: orNone(text) })),
})

/** In the list of a guild: one that cannot be read is asked for by itself when it is needed. */
export const channels = readable(channel)

/** Whoever is in a guild, with what rights hang on. */
export const member = record({ roles: list(snowflake), nick: orNone(text) })

export const user = record({
  id: snowflake,
  bot: optional(flag),
  username: orElse(text, ''),
  global_name: orNone(text),
})

export const memberWithUser = record({ user, roles: list(snowflake), nick: orNone(text) })

export const guildMembers = readable(memberWithUser)

export type RawGuild = Read<typeof guild>
export type RawRole = Read<typeof role>
export type RawThread = Read<typeof listedThread>
export type RawChannel = Read<typeof channel>
export type RawUser = Read<typeof user>
