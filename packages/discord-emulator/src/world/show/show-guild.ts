/** Guilds as REST shows them and as GUILD_CREATE carries them (docs: Guild Object; Gateway Events > Guild Create). */
import type { APIGuild } from 'discord-api-types/v10'
import type { Snowflake } from '../../api.ts'
import { canView } from '../realm/access.ts'
import type { Realm } from '../realm/realm.ts'
import type { ChannelRecord, GuildRecord, ThreadRecord } from '../realm/records.ts'
import { shaped } from '../base/shaped.ts'
import { showChannel } from './show-channel.ts'
import { showMember, showRole } from './show-user.ts'

export function showGuild(guild: GuildRecord): APIGuild {
  const shown = {
    id: guild.id,
    name: guild.name,
    icon: null,
    description: null,
    home_header: null,
    splash: null,
    discovery_splash: null,
    features: [],
    banner: null,
    owner_id: guild.ownerId,
    application_id: null,
    region: 'deprecated',
    afk_channel_id: null,
    afk_timeout: 300,
    system_channel_id: null,
    system_channel_flags: 0,
    widget_enabled: false,
    widget_channel_id: null,
    verification_level: 0,
    roles: [...guild.roles.values()].map(showRole),
    default_message_notifications: 0,
    mfa_level: 0,
    explicit_content_filter: 0,
    max_presences: null,
    max_members: 500_000,
    max_stage_video_channel_users: 50,
    max_video_channel_users: 25,
    vanity_url_code: null,
    premium_tier: 0,
    premium_subscription_count: 0,
    preferred_locale: 'en-US',
    rules_channel_id: null,
    safety_alerts_channel_id: null,
    public_updates_channel_id: null,
    premium_progress_bar_enabled: false,
    nsfw: false,
    nsfw_level: 0,
    emojis: [],
    stickers: [],
    incidents_data: null,
  }
  return shaped(shown)
}

/** Everything a bot is told at the start: channels, the active threads it can see, itself and the owner. */
export function showGuildCreate(realm: Realm, guild: GuildRecord, botId: Snowflake): unknown {
  const members = [guild.members.get(botId), guild.members.get(guild.ownerId)].filter((member) => member !== undefined)
  return {
    ...showGuild(guild),
    joined_at: guild.members.get(botId)?.joinedAt,
    large: false,
    unavailable: false,
    member_count: guild.members.size,
    voice_states: [],
    members: [...new Set(members)].map((member) => showMember(realm, member)),
    channels: channelsOf(realm, guild).map((channel) => showChannel(channel)),
    threads: activeThreads(realm, guild, botId).map((thread) => showChannel(thread, botId)),
    presences: [],
    stage_instances: [],
    guild_scheduled_events: [],
    soundboard_sounds: [],
  }
}

export function channelsOf(realm: Realm, guild: GuildRecord): readonly ChannelRecord[] {
  return [...realm.channels.values()].filter((one) => one.kind === 'channel').filter(({ guildId }) => guildId === guild.id)
}

/** Active threads the user may see. */
export function activeThreads(realm: Realm, guild: GuildRecord, userId: Snowflake): readonly ThreadRecord[] {
  return [...realm.channels.values()]
    .filter((one) => one.kind === 'thread')
    .filter((thread) => thread.guildId === guild.id && !thread.archived && canView(realm, userId, thread))
}
