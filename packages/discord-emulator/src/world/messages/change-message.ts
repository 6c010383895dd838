/** Edit and delete (docs: Message > Edit Message, Delete Message; Threads > Active & Archived Threads). */
import { MessageFlags, PermissionFlagsBits as P } from 'discord-api-types/v10'
import type { Snowflake } from '../../api.ts'
import { demand, may, visibleChannel } from '../realm/access.ts'
import type { Actor } from '../realm/actor.ts'
import { formRefusal, refusal } from '../base/discord-error.ts'
import { checkWeight, contentProblems, SETTABLE_FLAGS, type DraftFile } from './draft.ts'
import { resolveMentions, type AllowedMentions } from './mentions.ts'
import type { Realm } from '../realm/realm.ts'
import { recordDeleted, recordUpdated } from './record-message.ts'
import type { ChannelRecord, MessageRecord, ThreadRecord } from '../realm/records.ts'
import { isSystem } from './send-message.ts'
import { timestamp } from '../base/snowflake.ts'
import { storeFiles } from './store-files.ts'

/** What changes; a missing field stays as it is. */
export interface Edit {
  readonly content?: string
  readonly embeds?: readonly unknown[]
  readonly components?: readonly unknown[]
  readonly flags?: number
  readonly allowedMentions?: AllowedMentions
  /** Ids of the attachments to keep; missing = all. */
  readonly keep?: readonly Snowflake[]
  readonly files: readonly DraftFile[]
}

export interface MessageAddress {
  readonly channelId: Snowflake
  readonly messageId: Snowflake
}

export function editMessage(realm: Realm, actor: Actor, address: MessageAddress, edit: Edit): MessageRecord {
  const { channel, message } = findMessage(realm, actor.id, address)
  if (isSystem(message)) throw refusal('systemMessage')
  checkAuthor(realm, actor, { channel, message }, edit)
  checkOpen(realm, actor, channel)
  if ((message.flags & MessageFlags.IsVoiceMessage) !== 0) throw refusal('voiceEdit')
  const changed = applyEdit(realm, { channel, message }, edit)
  recordUpdated(realm, changed, actor.kind)
  return changed
}

export function deleteMessage(realm: Realm, actor: Actor, address: MessageAddress): void {
  const { channel, message } = findMessage(realm, actor.id, address)
  if (message.authorId !== actor.id) demand(realm, actor.id, channel, P.ManageMessages)
  const shut = channel.kind === 'thread' && channel.locked && channel.archived
  if (shut && !may(realm, actor.id, channel, P.ManageThreads)) throw refusal('threadLocked')
  recordDeleted(realm, message, actor.kind)
}

/** The message with its channel: 10003, 50001, 10008. */
export function findMessage(realm: Realm, userId: Snowflake, { channelId, messageId }: MessageAddress) {
  const channel = visibleChannel(realm, userId, channelId)
  const message = realm.messages.find(channelId, messageId)
  if (message === undefined) throw refusal('unknownMessage')
  return { channel, message }
}

/** Nothing changes in archived threads, and in locked ones only by moderators. */
export function checkOpen(realm: Realm, actor: Actor, channel: ChannelRecord | ThreadRecord): void {
  if (channel.kind !== 'thread') return
  if (channel.archived) throw refusal('archivedThread')
  if (channel.locked && !may(realm, actor.id, channel, P.ManageThreads)) throw refusal('threadLocked')
}

interface Found {
  readonly channel: ChannelRecord | ThreadRecord
  readonly message: MessageRecord
}

/** Others' messages: their flags alone, with MANAGE_MESSAGES. */
function checkAuthor(realm: Realm, actor: Actor, { channel, message }: Found, edit: Edit): void {
  if (message.authorId === actor.id) return
  const { flags: _flags, files, ...rest } = edit
  const onlyFlags = files.length === 0 && Object.keys(rest).length === 0
  if (!onlyFlags) throw refusal('notYourMessage')
  demand(realm, actor.id, channel, P.ManageMessages)
}

export function applyEdit(realm: Realm, { channel, message }: Found, edit: Edit): MessageRecord {
  const content = edit.content?.trim() ?? message.content
  const embeds = edit.embeds ?? message.embeds
  const components = edit.components ?? message.components
  const kept = message.attachments.filter(({ id }) => edit.keep?.includes(id) ?? true)
  const problems = contentProblems(content)
  if (problems.length > 0) throw formRefusal(problems)
  checkWeight({ content, embeds, components, kept, files: edit.files })
  const mentions = resolveMentions(realm, {
    authorId: message.authorId,
    channel,
    content,
    allowed: edit.allowedMentions,
    repliedTo: undefined,
  })
  return {
    ...message,
    content,
    embeds,
    components,
    flags: edit.flags === undefined ? message.flags : newFlags(message.flags, edit.flags),
    ...(edit.content === undefined ? {} : mentions),
    attachments: [...kept, ...storeFiles(realm, channel.id, edit.files)],
    editedTimestamp: timestamp(realm.settings.now()),
  }
}

/** IS_COMPONENTS_V2 can be added but never taken away, EPHEMERAL neither. */
function newFlags(old: number, wanted: number): number {
  return (wanted & SETTABLE_FLAGS) | (old & (MessageFlags.IsComponentsV2 | MessageFlags.Ephemeral))
}
