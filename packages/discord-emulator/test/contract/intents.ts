import { GatewayIntentBits as I } from 'discord-api-types/v10'

export const INTENTS: I =
  I.Guilds | I.GuildMessages | I.MessageContent | I.GuildMessageReactions | I.DirectMessages | I.GuildMembers
