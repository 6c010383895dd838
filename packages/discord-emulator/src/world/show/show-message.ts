/** Messages as the API shows them to one viewer (docs: Message Object, Gateway > Message Content Intent). */
import { MessageFlags } from 'discord-api-types/v10'
import type { APIMessage } from 'discord-api-types/v10'
import type { Snowflake } from '../../api.ts'
import { INTERACTION, MESSAGE } from '../../rules/types.ts'
import { signedUrl } from '../base/signed-url.ts'
import type { Viewer } from '../realm/dispatch.ts'
import { listOf } from '../base/lists.ts'
import type { Realm } from '../realm/realm.ts'
import type { AttachmentRecord, InteractionOrigin, MessageRecord, ReactionRecord, ReferenceRecord } from '../realm/records.ts'
import { shaped } from '../base/shaped.ts'
import { showChannel } from './show-channel.ts'
import { withAddresses } from './show-media.ts'
import { showPartialMember, showUser } from './show-user.ts'

/** Without a viewer: everything, as an administrator would see it. */
export function showMessage(realm: Realm, message: MessageRecord, viewer?: Viewer): APIMessage {
  const referenced =
    message.type === MESSAGE.reply || message.type === MESSAGE.threadStarter ? referencedMessage(realm, message, viewer) : {}
  return { ...showAlone(realm, message, viewer), ...referenced }
}

/** As MESSAGE_CREATE and MESSAGE_UPDATE carry it: with guild, channel type, the author's member and the mentioned members. */
export function showDispatchedMessage(realm: Realm, message: MessageRecord, viewer: Viewer): unknown {
  const channel = realm.channels.get(message.channelId)
  const members = realm.guilds.get(channel?.guildId ?? '')?.members
  const author = members?.get(message.authorId)
  if (message.ephemeralFor !== undefined) return { ...showMessage(realm, message, viewer), channel_type: channel?.type }
  return {
    ...showMessage(realm, message, viewer),
    ...inGuild(channel?.guildId),
    channel_type: channel?.type,
    ...(author === undefined ? {} : { member: showPartialMember(author) }),
    mentions: message.mentions.map((id) => {
      const member = members?.get(id)
      return member === undefined ? showUser(realm, id) : { ...showUser(realm, id), member: showPartialMember(member) }
    }),
  }
}

function referencedMessage(realm: Realm, { reference }: MessageRecord, viewer: Viewer | undefined) {
  if (reference?.messageId === undefined) return {}
  const found = realm.messages.find(reference.channelId, reference.messageId)
  return { referenced_message: found === undefined ? null : showAlone(realm, found, viewer) }
}

/** As it was before there was a thread begun from it. */
export function showPlainMessage(realm: Realm, message: MessageRecord): APIMessage {
  return showAlone(realm, message, undefined, 'none')
}

function showAlone(
  realm: Realm,
  message: MessageRecord,
  viewer: Viewer | undefined,
  threads: 'none' | 'of now' = 'of now',
): APIMessage {
  const thread = threads === 'none' ? undefined : realm.channels.get(message.id)
  const direct = realm.channels.get(message.channelId)?.guildId === ''
  const open = direct || viewer === undefined || seesContent(message, viewer)
  const shown = {
    type: message.type,
    content: open ? message.content : '',
    mentions: listOf(message.mentions.map((id) => showUser(realm, id))),
    mention_roles: message.mentionRoles,
    attachments: listOf(open ? message.attachments.map((one) => showAttachment(realm, message.channelId, one)) : []),
    embeds: listOf(open ? withAddresses(realm, message, message.embeds) : []),
    timestamp: message.timestamp,
    edited_timestamp: message.editedTimestamp,
    flags: message.flags | (thread === undefined ? 0 : MessageFlags.HasThread),
    components: listOf(open ? withAddresses(realm, message, message.components) : []),
    id: message.id,
    channel_id: message.channelId,
    author: showUser(realm, message.authorId),
    pinned: message.pinnedAt !== undefined,
    mention_everyone: message.mentionEveryone,
    tts: message.tts,
    ...(message.reference === undefined ? {} : { message_reference: showReference(message.reference) }),
    ...(message.interaction === undefined ? {} : showOrigin(realm, message.interaction)),
    ...(thread === undefined ? {} : { thread: showChannel(thread, viewer?.userId) }),
    ...(message.reactions.length === 0 ? {} : { reactions: message.reactions.map((one) => showReaction(one, viewer?.userId)) }),
  }
  return shaped(shown)
}

/** Own messages and messages that mention the viewer are never emptied. */
function seesContent(message: MessageRecord, { content, userId }: Viewer): boolean {
  return content || message.authorId === userId || message.mentions.includes(userId)
}

export function showAttachment(realm: Realm, channelId: Snowflake, attachment: AttachmentRecord) {
  const url = signedUrl(realm.settings, channelId, attachment)
  return {
    id: attachment.id,
    filename: attachment.filename,
    size: attachment.size,
    url,
    proxy_url: url,
    content_type: attachment.contentType,
    ...(attachment.title === undefined ? {} : { title: attachment.title }),
    ...(attachment.description === undefined ? {} : { description: attachment.description }),
    ...(attachment.durationSeconds === undefined ? {} : { duration_secs: attachment.durationSeconds }),
    ...(attachment.waveform === undefined ? {} : { waveform: attachment.waveform }),
  }
}

function showReference({ channelId, guildId, messageId }: ReferenceRecord) {
  return { type: 0, channel_id: channelId, ...inGuild(guildId), ...(messageId === undefined ? {} : { message_id: messageId }) }
}

function showReaction({ emoji, userIds }: ReactionRecord, viewerId: Snowflake | undefined) {
  return {
    emoji: { id: null, name: emoji },
    count: userIds.length,
    count_details: { burst: 0, normal: userIds.length },
    burst_colors: [],
    me_burst: false,
    burst_me: false,
    burst_count: 0,
    me: viewerId !== undefined && userIds.includes(viewerId),
  }
}

function showOrigin(realm: Realm, origin: InteractionOrigin) {
  const { applicationId } = origin
  return { application_id: applicationId, webhook_id: applicationId, interaction_metadata: showMetadata(realm, origin) }
}

function showMetadata(realm: Realm, origin: InteractionOrigin): object {
  const { id, type, userId, guildId, target, messageId, originalId, triggering } = origin
  return {
    id,
    type,
    user: showUser(realm, userId),
    authorizing_integration_owners: { '0': guildId ?? '0' },
    ...(originalId === undefined ? {} : { original_response_message_id: originalId }),
    ...(target?.kind === 'user' ? { target_user: showUser(realm, target.id) } : {}),
    ...(target?.kind === 'message' ? { target_message_id: target.id } : {}),
    ...(messageId === undefined || type !== INTERACTION.component ? {} : { interacted_message_id: messageId }),
    ...(triggering === undefined ? {} : { triggering_interaction_metadata: showMetadata(realm, triggering) }),
  }
}

/** Direct messages belong to no guild. */
export function inGuild(guildId: Snowflake | undefined): { readonly guild_id?: Snowflake } {
  return guildId === undefined || guildId === '' ? {} : { guild_id: guildId }
}
