/** Create, modify and delete channels and threads (docs: Channel > Modify Channel, Delete/Close Channel; Guild > Create Guild Channel). */
import { PermissionFlagsBits as P } from 'discord-api-types/v10'
import type { Snowflake } from '../../api.ts'
import { LIMITS } from '../../rules/limits.ts'
import { CHANNEL, MESSAGE } from '../../rules/types.ts'
import { demand, guildPermissions, may, visibleChannel } from '../realm/access.ts'
import type { Actor } from '../realm/actor.ts'
import { refusal } from '../base/discord-error.ts'
import type { Realm } from '../realm/realm.ts'
import { recordCreated } from '../messages/record-message.ts'
import type { ChannelRecord, GuildRecord, OverwriteRecord, ThreadRecord } from '../realm/records.ts'
import { showChannel } from '../show/show-channel.ts'
import { systemMessage } from '../messages/system-message.ts'
import { updateThread } from '../threads/thread-state.ts'

export interface ChannelChange {
  readonly name?: string
  readonly topic?: string | null
  readonly position?: number
  readonly parentId?: Snowflake | null
  readonly overwrites?: readonly OverwriteRecord[]
  readonly nsfw?: boolean
  readonly slowmode?: number
  readonly archived?: boolean
  readonly locked?: boolean
  readonly invitable?: boolean
  readonly autoArchiveMinutes?: number
}

export function modifyChannel(
  realm: Realm,
  actor: Actor,
  channelId: Snowflake,
  change: ChannelChange,
): ChannelRecord | ThreadRecord {
  const channel = visibleChannel(realm, actor.id, channelId)
  if (channel.kind === 'channel') {
    demand(realm, actor.id, channel, P.ManageChannels)
    return storeChannel(realm, channel, change)
  }
  checkThreadRights(realm, actor, channel, change)
  return changeThread(realm, actor, channel, change)
}

/** Applies a change without asking for rights: the REST route asks first, the world's own handles need not. */
export function changeThread(
  realm: Realm,
  actor: { readonly id: Snowflake },
  thread: ThreadRecord,
  change: ChannelChange,
): ThreadRecord {
  const { name, archived, locked, invitable, autoArchiveMinutes, slowmode } = change
  const wanted = { name, archived, locked, invitable, autoArchiveMinutes, slowmode }
  const given = Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== undefined)) as Partial<ThreadRecord>
  const changed = updateThread(realm, thread, given)
  if (name === undefined || name === thread.name) return changed
  const notice = { channelId: thread.id, type: MESSAGE.nameChange, content: name }
  recordCreated(realm, systemMessage(realm, actor, notice), 'system')
  return changed
}

export function createChannel(
  realm: Realm,
  guild: GuildRecord,
  { name, type, ...rest }: ChannelChange & { readonly name: string; readonly type: number },
): ChannelRecord {
  const siblings = [...realm.channels.values()].filter((one) => one.kind === 'channel' && one.guildId === guild.id)
  if (siblings.length >= LIMITS.guildChannels) throw refusal('tooManyChannels')
  const channel: ChannelRecord = {
    kind: 'channel',
    id: realm.newId(),
    guildId: guild.id,
    type,
    name: channelName(type, name),
    topic: rest.topic ?? null,
    position: rest.position ?? siblings.length,
    parentId: rest.parentId ?? null,
    overwrites: rest.overwrites ?? [],
    nsfw: rest.nsfw ?? false,
    slowmode: rest.slowmode ?? 0,
    lastMessageId: null,
  }
  realm.channels.set(channel.id, channel)
  dispatchChannel(realm, 'CHANNEL_CREATE', channel)
  return channel
}

export function storeChannel(realm: Realm, channel: ChannelRecord, change: ChannelChange): ChannelRecord {
  const { archived: _a, locked: _l, invitable: _i, autoArchiveMinutes: _m, ...plain } = change
  const name = change.name === undefined ? {} : { name: channelName(channel.type, change.name) }
  const changed: ChannelRecord = { ...channel, ...plain, ...name }
  realm.channels.set(channel.id, changed)
  dispatchChannel(realm, 'CHANNEL_UPDATE', changed)
  return changed
}

/** Threads need MANAGE_THREADS, channels MANAGE_CHANNELS. */
export function deleteChannel(realm: Realm, actor: Actor, channelId: Snowflake): ChannelRecord | ThreadRecord {
  const channel = visibleChannel(realm, actor.id, channelId)
  demand(realm, actor.id, channel, channel.kind === 'thread' ? P.ManageThreads : P.ManageChannels)
  removeChannel(realm, channel)
  return channel
}

/** Told to the gateway first: afterwards nobody could be asked whether they saw it. */
export function removeChannel(realm: Realm, channel: ChannelRecord | ThreadRecord): void {
  const { id, guildId, type } = channel
  if (channel.kind === 'thread') {
    const payload = { id, guild_id: guildId, parent_id: channel.parentId, type }
    realm.dispatch({ event: 'THREAD_DELETE', guildId, channelId: id, subjectId: id, payload: () => payload })
  } else {
    dispatchChannel(realm, 'CHANNEL_DELETE', channel)
  }
  const children = [...realm.channels.values()].filter((one) => one.kind === 'thread' && one.parentId === id)
  for (const gone of [channel, ...children]) {
    realm.channels.delete(gone.id)
    realm.messages.drop(gone.id)
    realm.ephemerals.drop(gone.id)
  }
  for (const orphan of realm.channels.values()) {
    if (orphan.kind === 'channel' && orphan.parentId === id) storeChannel(realm, orphan, { parentId: null })
  }
  realm.changed()
}

export function mayManageChannels(guild: GuildRecord, userId: Snowflake): boolean {
  const member = guild.members.get(userId)
  return member !== undefined && (guildPermissions(guild, member) & P.ManageChannels) !== 0n
}

/**
 * Docs: Threads > Editing & Deleting Threads. An archived thread takes no change but its unarchiving (50083); a locked one only from
 * moderators (160005); name and archive state from its owner or a moderator; the lock and slow mode from a moderator.
 */
function checkThreadRights(realm: Realm, actor: Actor, thread: ThreadRecord, change: ChannelChange): void {
  if (thread.archived && change.archived !== false) throw refusal('archivedThread')
  if (may(realm, actor.id, thread, P.ManageThreads)) return
  if (thread.locked) throw refusal('threadLocked')
  const forModerators = change.locked !== undefined || change.slowmode !== undefined
  const onlyUnarchives = Object.keys(change).length === 1 && change.archived === false
  if (onlyUnarchives && thread.members.has(actor.id)) return
  if (forModerators || thread.ownerId !== actor.id) throw refusal('missingPermissions')
}

/** CHANNEL_* goes to every bot of the guild: clients are told of channels they may not open, too. */
function dispatchChannel(
  realm: Realm,
  event: 'CHANNEL_CREATE' | 'CHANNEL_UPDATE' | 'CHANNEL_DELETE',
  channel: ChannelRecord,
): void {
  const payload = () => showChannel(channel)
  realm.dispatch({ event, guildId: channel.guildId, subjectId: channel.id, payload })
}

/** Names of text channels are lower case without spaces. */
function channelName(type: number, name: string): string {
  return type === CHANNEL.text || type === CHANNEL.announcement ? name.toLowerCase().replaceAll(/\s+/g, '-') : name
}
