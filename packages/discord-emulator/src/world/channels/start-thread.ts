/** Start Thread, from a message and without (docs: Channel > Start Thread from Message, Start Thread without Message). */
import { PermissionFlagsBits as P } from 'discord-api-types/v10'
import type { Snowflake } from '../../api.ts'
import { CHANNEL, MESSAGE } from '../../rules/types.ts'
import { demand, visibleChannel } from '../realm/access.ts'
import type { Actor } from '../realm/actor.ts'
import { findMessage } from '../messages/change-message.ts'
import { refusal } from '../base/discord-error.ts'
import type { Realm } from '../realm/realm.ts'
import { dispatchMessage, recordCreated } from '../messages/record-message.ts'
import type { ChannelRecord, MessageRecord, ThreadRecord } from '../realm/records.ts'
import { isSystem } from '../messages/send-message.ts'
import { showChannel } from '../show/show-channel.ts'
import { snowflakeTime, timestamp } from '../base/snowflake.ts'
import { systemMessage } from '../messages/system-message.ts'
import { tellMembers } from '../threads/thread-membership.ts'
import { archiveWhenQuiet } from '../threads/thread-state.ts'

export interface ThreadOptions {
  readonly name: string
  readonly type?: number
  readonly autoArchiveMinutes?: number
  readonly slowmode?: number
  readonly invitable?: boolean
}

/** The thread takes the message's id; 160004 when it has one already. */
export function startThreadFromMessage(
  realm: Realm,
  actor: Actor,
  { channelId, messageId, ...options }: ThreadOptions & { readonly channelId: Snowflake; readonly messageId: Snowflake },
): ThreadRecord {
  const { message } = findMessage(realm, actor.id, { channelId, messageId })
  const parent = threadParent(realm, actor, channelId)
  demand(realm, actor.id, parent, P.CreatePublicThreads)
  if (realm.channels.has(messageId)) throw refusal('threadExists')
  if (isSystem(message)) throw refusal('systemMessage')
  const type = parent.type === CHANNEL.announcement ? CHANNEL.announcementThread : CHANNEL.publicThread
  openThread(realm, actor, parent, { ...options, type, id: messageId })
  dispatchMessage(realm, 'MESSAGE_UPDATE', message, {})
  const reference = { channelId, guildId: parent.guildId, messageId }
  recordCreated(realm, systemMessage(realm, actor, { channelId: messageId, type: MESSAGE.threadStarter, reference }), 'system')
  if (isOlder(realm, message)) announce(realm, actor, parent, { id: messageId, name: options.name })
  return current(realm, messageId)
}

/** Private unless `type` says otherwise (docs: "defaults to PRIVATE_THREAD in v9 and v10"). */
export function startThreadWithoutMessage(
  realm: Realm,
  actor: Actor,
  { channelId, ...options }: ThreadOptions & { readonly channelId: Snowflake },
): ThreadRecord {
  const parent = threadParent(realm, actor, channelId)
  const type = options.type ?? CHANNEL.privateThread
  demand(realm, actor.id, parent, type === CHANNEL.privateThread ? P.CreatePrivateThreads : P.CreatePublicThreads)
  const id = realm.newId()
  openThread(realm, actor, parent, { ...options, type, id })
  return current(realm, id)
}

function threadParent(realm: Realm, actor: Actor, channelId: Snowflake): ChannelRecord {
  const parent = visibleChannel(realm, actor.id, channelId)
  const carries = parent.kind === 'channel' && [CHANNEL.text, CHANNEL.announcement].some((type) => type === parent.type)
  if (parent.kind !== 'channel' || !carries) throw refusal('wrongChannelType')
  return parent
}

function openThread(
  realm: Realm,
  actor: Actor,
  parent: ChannelRecord,
  { id, type, name, ...options }: ThreadOptions & { readonly id: Snowflake; readonly type: number },
): void {
  const active = [...realm.channels.values()].filter(
    (one) => one.kind === 'thread' && !one.archived && one.guildId === parent.guildId,
  )
  if (active.length >= realm.settings.activeThreads) throw refusal('tooManyActiveThreads')
  const now = timestamp(realm.settings.now())
  const thread: ThreadRecord = {
    kind: 'thread',
    id,
    guildId: parent.guildId,
    parentId: parent.id,
    type,
    name,
    ownerId: actor.id,
    archived: false,
    locked: false,
    invitable: options.invitable ?? true,
    autoArchiveMinutes: options.autoArchiveMinutes ?? 4320,
    archiveStamp: now,
    createdAt: now,
    slowmode: options.slowmode ?? 0,
    messageCount: 0,
    totalMessages: 0,
    lastMessageId: null,
    members: new Map([[actor.id, now]]),
  }
  realm.channels.set(id, thread)
  realm.dispatch({
    event: 'THREAD_CREATE',
    guildId: parent.guildId,
    channelId: id,
    subjectId: id,
    payload: ({ userId }) => ({ ...showChannel(thread, userId), newly_created: true }),
  })
  tellMembers(realm, thread, { added: [actor.id], removed: [] })
  archiveWhenQuiet(realm, id)
}

/** Discord's notice in the parent appears only for older messages; how old is "to be determined" there and a setting here. */
function isOlder(realm: Realm, message: MessageRecord): boolean {
  return realm.settings.now() - snowflakeTime(message.id) > realm.settings.olderMessage
}

function announce(
  realm: Realm,
  actor: Actor,
  parent: ChannelRecord,
  thread: { readonly id: Snowflake; readonly name: string },
): void {
  const reference = { channelId: thread.id, guildId: parent.guildId }
  const notice = { channelId: parent.id, type: MESSAGE.threadCreated, content: thread.name, reference }
  recordCreated(realm, systemMessage(realm, actor, notice), 'system')
}

function current(realm: Realm, threadId: Snowflake): ThreadRecord {
  const thread = realm.channels.get(threadId)
  if (thread?.kind !== 'thread') throw refusal('unknownChannel')
  return thread
}
