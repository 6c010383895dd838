/** Channels, threads and thread members as the API shows them (docs: Channel Object, Thread Metadata, Thread Member). */
import type { APIChannel, APIThreadMember } from 'discord-api-types/v10'
import type { Snowflake } from '../../api.ts'
import { LIMITS } from '../../rules/limits.ts'
import { CHANNEL } from '../../rules/types.ts'
import type { ChannelRecord, OverwriteRecord, ThreadRecord } from '../realm/records.ts'
import { shaped } from '../base/shaped.ts'

/** `viewerId` is who looks: a thread they joined carries their `member`. */
export function showChannel(channel: ChannelRecord | ThreadRecord, viewerId?: Snowflake): APIChannel {
  if (channel.kind === 'thread') return showThread(channel, viewerId)
  return channel.recipients === undefined ? showPlainChannel(channel) : showDirect(channel)
}

export function showThreadMember(thread: ThreadRecord, userId: Snowflake): APIThreadMember {
  return shaped({ id: thread.id, user_id: userId, join_timestamp: thread.members.get(userId) ?? thread.createdAt, flags: 0 })
}

/** Without its recipients: `direct-messages.ts`, which knows the users, fills them in. */
function showDirect({ id, type, lastMessageId }: ChannelRecord): APIChannel {
  return shaped({ id, type, flags: 0, last_message_id: lastMessageId, recipients: [] })
}

function showPlainChannel(channel: ChannelRecord): APIChannel {
  const shown = {
    id: channel.id,
    type: channel.type,
    flags: 0,
    guild_id: channel.guildId,
    name: channel.name,
    position: channel.position,
    parent_id: channel.parentId,
    permission_overwrites: channel.overwrites.map(showOverwrite),
    nsfw: channel.nsfw,
    ...(channel.type === CHANNEL.category
      ? {}
      : { topic: channel.topic, last_message_id: channel.lastMessageId, rate_limit_per_user: channel.slowmode }),
  }
  return shaped(shown)
}

function showOverwrite({ id, type, allow, deny }: OverwriteRecord) {
  return { id, type: type === 'role' ? 0 : 1, allow: String(allow), deny: String(deny) }
}

function showThread(thread: ThreadRecord, viewerId: Snowflake | undefined): APIChannel {
  const shown = {
    id: thread.id,
    type: thread.type,
    flags: 0,
    guild_id: thread.guildId,
    parent_id: thread.parentId,
    owner_id: thread.ownerId,
    name: thread.name,
    last_message_id: thread.lastMessageId,
    rate_limit_per_user: thread.slowmode,
    message_count: thread.messageCount,
    member_count: Math.min(thread.members.size, LIMITS.threadMemberCount),
    total_message_sent: thread.totalMessages,
    thread_metadata: {
      archived: thread.archived,
      archive_timestamp: thread.archiveStamp,
      auto_archive_duration: thread.autoArchiveMinutes,
      locked: thread.locked,
      create_timestamp: thread.createdAt,
      ...(thread.type === CHANNEL.privateThread ? { invitable: thread.invitable } : {}),
    },
    ...(viewerId !== undefined && thread.members.has(viewerId) ? { member: showThreadMember(thread, viewerId) } : {}),
  }
  return shaped(shown)
}
