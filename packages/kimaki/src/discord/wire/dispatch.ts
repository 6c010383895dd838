/**
 * Gateway dispatches (what Discord sends on the socket), each read by the reader of its name: the one place. One that nobody reads costs a
 * look into a table.
 */
import { Unreadable } from '../../base/errors.ts'
import { channel, channels, guild, role } from './guild.ts'
import { interaction } from './interaction.ts'
import { deleted, deletedBulk, written } from './message.ts'
import { flag, isThere, orElse, orNone, readable, record, snowflake, text, type Read, type Reader } from './shape.ts'

const withId = record({ id: snowflake })

/** An outage of Discord's names the guild and says no more. */
const guildCreate: Reader<
  | ({ readonly isHere: true } & Read<typeof guild> & {
        readonly channels: Read<typeof channels>
        readonly threads: Read<typeof channels>
      })
  | { readonly isHere: false; readonly id: string }
> = (value) => {
  const state = outage(value)
  if (state instanceof Unreadable) return state
  if (state.unavailable) return { isHere: false, id: state.id }
  const whole = guild(value)
  const inside = places(value)
  if (whole instanceof Unreadable) return whole
  return inside instanceof Unreadable ? inside : { isHere: true, ...whole, ...inside }
}

const outage = record({ id: snowflake, unavailable: orElse(flag, false) })
const places = record({ channels, threads: channels })

const roleOfGuild = record({ guild_id: snowflake, role })

const READERS = {
  READY: record({
    session_id: text,
    /** Without one the general address is asked for. */
    resume_gateway_url: orElse(text, ''),
    user: withId,
    application: withId,
    guilds: readable(withId),
  }),
  RESUMED: isThere,
  GUILD_CREATE: guildCreate,
  GUILD_UPDATE: guild,
  GUILD_DELETE: outage,
  GUILD_MEMBER_UPDATE: record({ guild_id: snowflake, user: withId }),
  GUILD_ROLE_CREATE: roleOfGuild,
  GUILD_ROLE_UPDATE: roleOfGuild,
  GUILD_ROLE_DELETE: record({ guild_id: snowflake, role_id: snowflake }),
  CHANNEL_CREATE: channel,
  CHANNEL_UPDATE: channel,
  CHANNEL_DELETE: withId,
  THREAD_CREATE: channel,
  THREAD_UPDATE: channel,
  THREAD_DELETE: withId,
  THREAD_LIST_SYNC: record({ guild_id: snowflake, threads: channels }),
  MESSAGE_CREATE: written,
  MESSAGE_UPDATE: written,
  MESSAGE_DELETE: deleted,
  MESSAGE_DELETE_BULK: deletedBulk,
  INTERACTION_CREATE: interaction,
} as const satisfies Readonly<Record<string, Reader<unknown>>>

type Name = keyof typeof READERS
export type DataOf<N extends Name> = Read<(typeof READERS)[N]>
export type Dispatch = { readonly [N in Name]: { readonly t: N; readonly d: DataOf<N> } }[Name]

/** One dispatch as it came. `read`: what it says; undefined for one that nobody reads. */
export interface Arrival {
  readonly t: string
  readonly d: unknown
  readonly read: Dispatch | Unreadable | undefined
}

const BY_NAME: ReadonlyMap<string, Reader<unknown>> = new Map(Object.entries(READERS))

export function readDispatch(t: string, d: unknown): Arrival {
  const reader = BY_NAME.get(t)
  if (!reader) return { t, d, read: undefined }
  const data = reader(d)
  return { t, d, read: data instanceof Unreadable ? data : ({ t, d: data } as Dispatch) }
}

/** Of a dispatch that cannot be read: what it seems to be about. */
export const subject: Reader<{ readonly id: string | undefined; readonly guild_id: string | undefined }> = record({
  id: orNone(snowflake),
  guild_id: orNone(snowflake),
})

/** A handler for each name, with the data of its own dispatch. */
export type DispatchTable<R> = { readonly [N in Name]?: (data: DataOf<N>) => R }

/** What the table says; undefined for a dispatch it does not name. */
export function handleDispatch<R>(table: DispatchTable<R>, dispatch: Dispatch): R | undefined {
  const handle = table[dispatch.t] as ((data: Dispatch['d']) => R) | undefined
  return handle?.(dispatch.d)
}
