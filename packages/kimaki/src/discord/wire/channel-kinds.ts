/** Discord's types of channels, as ours. */
import { ChannelType } from 'discord-api-types/v10'
import type { ChannelKind } from '../../domain/channel.ts'

export const KINDS: Readonly<Partial<Record<number, ChannelKind>>> = {
  [ChannelType.GuildText]: 'text',
  [ChannelType.GuildAnnouncement]: 'text',
  [ChannelType.AnnouncementThread]: 'thread',
  [ChannelType.PublicThread]: 'thread',
  [ChannelType.PrivateThread]: 'thread',
  [ChannelType.GuildCategory]: 'category',
  [ChannelType.GuildVoice]: 'voice',
  [ChannelType.GuildStageVoice]: 'voice',
  [ChannelType.GuildForum]: 'forum',
  [ChannelType.GuildMedia]: 'forum',
  [ChannelType.DM]: 'direct',
  [ChannelType.GroupDM]: 'direct',
}
