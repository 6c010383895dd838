/** Which gateway intent lets which event through (docs: Gateway > List of Intents). */
import { GatewayIntentBits as I } from 'discord-api-types/v10'

/**
 * `intent`: one of these bits admits the event (0 = always). `self`: bits that admit it when it is about the bot itself (0 = always).
 * `direct`: bits that admit it outside guilds.
 */
export interface EventRule {
  readonly intent: number
  readonly self?: number
  readonly direct?: number
}

export const EVENTS = {
  GUILD_CREATE: { intent: I.Guilds },
  GUILD_UPDATE: { intent: I.Guilds },
  GUILD_DELETE: { intent: I.Guilds },
  GUILD_ROLE_CREATE: { intent: I.Guilds },
  GUILD_ROLE_UPDATE: { intent: I.Guilds },
  GUILD_ROLE_DELETE: { intent: I.Guilds },
  CHANNEL_CREATE: { intent: I.Guilds },
  CHANNEL_UPDATE: { intent: I.Guilds },
  CHANNEL_DELETE: { intent: I.Guilds },
  THREAD_CREATE: { intent: I.Guilds },
  THREAD_UPDATE: { intent: I.Guilds },
  THREAD_DELETE: { intent: I.Guilds },
  THREAD_MEMBERS_UPDATE: { intent: I.GuildMembers, self: I.Guilds },
  GUILD_MEMBER_ADD: { intent: I.GuildMembers },
  GUILD_MEMBER_UPDATE: { intent: I.GuildMembers, self: 0 },
  GUILD_MEMBER_REMOVE: { intent: I.GuildMembers },
  MESSAGE_CREATE: { intent: I.GuildMessages, direct: I.DirectMessages },
  MESSAGE_UPDATE: { intent: I.GuildMessages, direct: I.DirectMessages },
  MESSAGE_DELETE: { intent: I.GuildMessages, direct: I.DirectMessages },
  MESSAGE_DELETE_BULK: { intent: I.GuildMessages },
  CHANNEL_PINS_UPDATE: { intent: I.Guilds, direct: I.DirectMessages },
  MESSAGE_REACTION_ADD: { intent: I.GuildMessageReactions, direct: I.DirectMessageReactions },
  MESSAGE_REACTION_REMOVE: { intent: I.GuildMessageReactions, direct: I.DirectMessageReactions },
  MESSAGE_REACTION_REMOVE_ALL: { intent: I.GuildMessageReactions, direct: I.DirectMessageReactions },
  MESSAGE_REACTION_REMOVE_EMOJI: { intent: I.GuildMessageReactions, direct: I.DirectMessageReactions },
  TYPING_START: { intent: I.GuildMessageTyping, direct: I.DirectMessageTyping },
  INTERACTION_CREATE: { intent: 0 },
} as const satisfies Readonly<Record<string, EventRule>>

export type EventName = keyof typeof EVENTS

/** Bits Discord knows; any other bit in IDENTIFY closes with 4013. */
export const KNOWN_INTENTS = Object.values(I)
  .filter((bit) => typeof bit === 'number')
  .reduce((all, bit) => all | bit, 0)
