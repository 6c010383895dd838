/** Create Message, for people and bots alike (docs: Message > Create Message). */
import { MessageFlags, PermissionFlagsBits as P } from 'discord-api-types/v10'
import type { Snowflake } from '../../api.ts'
import { CHANNEL, MESSAGE } from '../../rules/types.ts'
import { demand, may, sendingBit, visibleChannel } from '../realm/access.ts'
import type { Actor } from '../realm/actor.ts'
import { formRefusal, refusal } from '../base/discord-error.ts'
import { checkVoice, checkWeight, contentProblems, SETTABLE_FLAGS, type Draft } from './draft.ts'
import { listOf } from '../base/lists.ts'
import { resolveMentions } from './mentions.ts'
import type { Realm } from '../realm/realm.ts'
import { recordCreated } from './record-message.ts'
import type { ChannelRecord, MessageRecord, ThreadRecord } from '../realm/records.ts'
import { checkSlowMode } from './slow-mode.ts'
import { timestamp } from '../base/snowflake.ts'
import { storeFiles } from './store-files.ts'
import { enterThread } from '../threads/thread-membership.ts'
import { wakeThread } from '../threads/thread-state.ts'

export function sendMessage(realm: Realm, actor: Actor, channelId: Snowflake, draft: Draft): MessageRecord {
  const channel = writableChannel(realm, actor, channelId)
  const earlier = draft.enforceNonce ? earlierMessage(realm, actor, draft) : undefined
  if (earlier !== undefined) return earlier
  checkDraft(draft)
  checkSlowMode(realm, actor, channel)
  if (draft.files.length > 0) demand(realm, actor.id, channel, P.AttachFiles)
  const isVoice = (draft.flags & MessageFlags.IsVoiceMessage) !== 0
  if (isVoice && !may(realm, actor.id, channel, P.SendVoiceMessages)) throw refusal('voicePermission')
  const repliedTo = draft.replyTo === undefined ? undefined : messageRepliedTo(realm, actor, channel, draft.replyTo)
  return postMessage(realm, actor, channel, {
    draft,
    ...(repliedTo === undefined ? {} : { repliedTo }),
    type: repliedTo === undefined ? MESSAGE.default : MESSAGE.reply,
  })
}

interface Post {
  readonly draft: Draft
  readonly type: number
  readonly repliedTo?: MessageRecord
  readonly flags?: number
  readonly origin?: Pick<MessageRecord, 'interaction' | 'ephemeralFor'>
}

/** What follows once the right to write is beyond doubt. `flags` are those of the draft unless given. */
export function postMessage(
  realm: Realm,
  actor: Actor,
  channel: ChannelRecord | ThreadRecord,
  { draft, type, repliedTo, flags = draft.flags & SETTABLE_FLAGS, origin = {} }: Post,
): MessageRecord {
  const channelId = channel.id
  if (channel.kind === 'thread') wakeThread(realm, channel.id)
  if (channel.kind === 'thread') enterThread(realm, channel.id, [actor.id])
  const mentions = resolveMentions(realm, {
    authorId: actor.id,
    channel,
    content: draft.content,
    allowed: draft.allowedMentions,
    repliedTo: repliedTo?.authorId,
  })
  if (channel.kind === 'thread') enterThread(realm, channel.id, mentions.mentions)
  const message: MessageRecord = {
    id: realm.newId(),
    channelId,
    type,
    authorId: actor.id,
    content: draft.content.trim(),
    timestamp: timestamp(realm.settings.now()),
    editedTimestamp: null,
    flags,
    mentions: listOf(mentions.mentions),
    mentionRoles: listOf(mentions.mentionRoles),
    mentionEveryone: mentions.mentionEveryone,
    attachments: listOf(storeFiles(realm, channelId, draft.files)),
    embeds: listOf(draft.embeds),
    components: listOf(draft.components),
    tts: draft.tts,
    ...(repliedTo === undefined ? {} : { reference: { channelId, guildId: channel.guildId, messageId: repliedTo.id } }),
    reactions: listOf([]),
    ...origin,
  }
  if (draft.nonce !== undefined) realm.nonces.remember(actor.id, draft.nonce, { channelId, messageId: message.id })
  recordCreated(realm, message, actor.kind, draft.nonce)
  return message
}

/** The channel, if it takes messages and the actor may write there. */
export function writableChannel(realm: Realm, actor: Actor, channelId: Snowflake): ChannelRecord | ThreadRecord {
  const channel = visibleChannel(realm, actor.id, channelId)
  if (
    channel.kind === 'channel' &&
    ![CHANNEL.text, CHANNEL.direct, CHANNEL.voice, CHANNEL.announcement].some((type) => type === channel.type)
  )
    throw refusal('notATextChannel')
  demand(realm, actor.id, channel, sendingBit(channel))
  const closed = channel.kind === 'thread' && channel.locked && !may(realm, actor.id, channel, P.ManageThreads)
  if (closed) throw refusal('threadLocked')
  return channel
}

export function checkDraft(draft: Draft): void {
  const problems = contentProblems(draft.content)
  if (problems.length > 0) throw formRefusal(problems)
  checkWeight({ ...draft, kept: [] })
  checkVoice(draft)
}

/** When the earlier message was deleted since, nothing is sent again: 10008 (said by Discord's staff in discord-api-docs#6647). */
function earlierMessage(realm: Realm, actor: Actor, { nonce }: Draft): MessageRecord | undefined {
  const sent = nonce === undefined ? undefined : realm.nonces.recall(actor.id, nonce)
  if (sent === undefined) return undefined
  const message = realm.messages.find(sent.channelId, sent.messageId)
  if (message === undefined) throw refusal('unknownMessage')
  return message
}

function messageRepliedTo(
  realm: Realm,
  actor: Actor,
  channel: ChannelRecord | ThreadRecord,
  { messageId, failIfNotExists }: NonNullable<Draft['replyTo']>,
): MessageRecord | undefined {
  if (!may(realm, actor.id, channel, P.ReadMessageHistory)) throw refusal('replyWithoutHistory')
  const found = realm.messages.find(channel.id, messageId)
  if (found !== undefined && !isSystem(found)) return found
  if (found === undefined && !failIfNotExists) return undefined
  const problem =
    found === undefined
      ? { code: 'REPLIES_UNKNOWN_MESSAGE', message: 'Unknown message' }
      : { code: 'REPLIES_CANNOT_REPLY_TO_SYSTEM_MESSAGE', message: 'Cannot reply to a system message' }
  throw formRefusal([{ path: ['message_reference'], ...problem }])
}

/** Everything but a message someone wrote (docs: Message > Message Types). */
export function isSystem({ type }: MessageRecord): boolean {
  return !WRITTEN.includes(type)
}

const WRITTEN: readonly number[] = [MESSAGE.default, MESSAGE.reply, MESSAGE.chatInputCommand, MESSAGE.contextMenuCommand]
