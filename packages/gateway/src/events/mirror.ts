/**
 * What a dispatch changes in the gateway's picture of a guild, which a client is shown when it identifies. Pure. Discord tells the whole of
 * a guild once (GUILD_CREATE) and its changes one by one (Discord docs: Gateway Events).
 */
import { fieldsOf, isSnowflake, listOf, type Fields } from '../base/shape.ts'
import type { Dispatch } from '../ports/store.ts'

export type ItemKind = 'channel' | 'thread' | 'role' | 'member'

export type Change =
  /** The guild's own fields, without its lists. */
  | { readonly kind: 'guild'; readonly guildId: string; readonly data: Fields }
  /** Its fields change, the others stay. */
  | { readonly kind: 'guild-fields'; readonly guildId: string; readonly data: Fields }
  /** All lists are told anew. */
  | { readonly kind: 'clear'; readonly guildId: string }
  | { readonly kind: 'put'; readonly guildId: string; readonly item: ItemKind; readonly id: string; readonly data: Fields }
  | { readonly kind: 'delete'; readonly guildId: string; readonly item: ItemKind; readonly id: string }
  | { readonly kind: 'gone'; readonly guildId: string }

/** Lists of GUILD_CREATE that are kept item by item. */
const LISTS = { channels: 'channel', threads: 'thread', roles: 'role', members: 'member' } as const

/** The guild a dispatch is about; undefined where it is about none: such events are nobody's. */
export function guildIdOf({ name, data }: Dispatch): string | undefined {
  const id = name.startsWith('GUILD_') && WHOLE.includes(name) ? data.id : data.guild_id
  return isSnowflake(id) ? id : undefined
}

const WHOLE = ['GUILD_CREATE', 'GUILD_UPDATE', 'GUILD_DELETE']

/** `botId`: of the members only the bot itself is kept, whose roles say what it may do. */
export function changesOf(dispatch: Dispatch, botId: string): readonly Change[] {
  const guildId = guildIdOf(dispatch)
  return guildId === undefined ? [] : (CHANGES[dispatch.name]?.(guildId, dispatch.data, botId) ?? [])
}

type ChangesOf = (guildId: string, data: Fields, botId: string) => readonly Change[]

const put =
  (item: ItemKind): ChangesOf =>
  (guildId, data) =>
    isSnowflake(data.id) ? [{ kind: 'put', guildId, item, id: data.id, data }] : []

const remove =
  (item: ItemKind): ChangesOf =>
  (guildId, data) =>
    isSnowflake(data.id) ? [{ kind: 'delete', guildId, item, id: data.id }] : []

const CHANGES: Readonly<Record<string, ChangesOf>> = {
  GUILD_CREATE: (guildId, data, botId) => (data.unavailable === true ? [] : wholeGuild(guildId, data, botId)),
  GUILD_UPDATE: (guildId, data) => [
    { kind: 'guild-fields', guildId, data: withoutLists(data) },
    ...listOf(data.roles).flatMap((role) => put('role')(guildId, role, '')),
  ],
  GUILD_DELETE: (guildId, data) => (data.unavailable === true ? [] : [{ kind: 'gone', guildId }]),
  CHANNEL_CREATE: put('channel'),
  CHANNEL_UPDATE: put('channel'),
  CHANNEL_DELETE: remove('channel'),
  THREAD_CREATE: put('thread'),
  THREAD_UPDATE: put('thread'),
  THREAD_DELETE: remove('thread'),
  THREAD_LIST_SYNC: (guildId, data) => listOf(data.threads).flatMap((thread) => put('thread')(guildId, thread, '')),
  GUILD_ROLE_CREATE: (guildId, data, botId) => put('role')(guildId, fieldsOf(data.role), botId),
  GUILD_ROLE_UPDATE: (guildId, data, botId) => put('role')(guildId, fieldsOf(data.role), botId),
  GUILD_ROLE_DELETE: (guildId, data, botId) => remove('role')(guildId, { id: data.role_id }, botId),
  GUILD_MEMBER_UPDATE: (guildId, data, botId) => member(guildId, data, botId),
}

function member(guildId: string, data: Fields, botId: string): readonly Change[] {
  const { id } = fieldsOf(data.user)
  return id === botId && isSnowflake(id) ? [{ kind: 'put', guildId, item: 'member', id, data: withoutGuild(data) }] : []
}

function wholeGuild(guildId: string, data: Fields, botId: string): readonly Change[] {
  const items = Object.entries(LISTS).flatMap(([list, item]) =>
    listOf(data[list]).flatMap((one) => (item === 'member' ? member(guildId, one, botId) : put(item)(guildId, one, botId))),
  )
  return [{ kind: 'clear', guildId }, { kind: 'guild', guildId, data: withoutLists(data) }, ...items]
}

function withoutLists(data: Fields): Fields {
  return Object.fromEntries(Object.entries(data).filter(([name]) => !Object.hasOwn(LISTS, name) && !OF_OTHERS.includes(name)))
}

/** What nobody needs of a guild at the start, and what says much about other people. */
const OF_OTHERS = [
  'presences',
  'voice_states',
  'emojis',
  'stickers',
  'soundboard_sounds',
  'guild_scheduled_events',
  'stage_instances',
]

const withoutGuild = ({ guild_id: _guild, ...rest }: Fields): Fields => rest

/** The picture as GUILD_CREATE shows it: archived threads are not in it. */
export function showGuild(data: Fields, items: readonly { readonly item: ItemKind; readonly data: Fields }[]): Fields {
  const of = (kind: ItemKind) => items.filter(({ item }) => item === kind).map((one) => one.data)
  const threads = of('thread').filter(({ thread_metadata: meta }) => fieldsOf(meta).archived !== true)
  const empty = Object.fromEntries(OF_OTHERS.map((name) => [name, []]))
  return { ...empty, ...data, unavailable: false, channels: of('channel'), threads, roles: of('role'), members: of('member') }
}
