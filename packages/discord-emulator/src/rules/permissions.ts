/** Permission sets as data (docs: Permissions > Bitwise Permission Flags). */
import { PermissionFlagsBits as P } from 'discord-api-types/v10'

/** Every bit Discord defines: what owners and administrators have. */
export const ALL_PERMISSIONS = Object.values(P).reduce((all, bit) => all | bit, 0n)

/** What @everyone of a fresh guild may do. */
export const EVERYONE_PERMISSIONS =
  P.ViewChannel |
  P.SendMessages |
  P.SendMessagesInThreads |
  P.CreatePublicThreads |
  P.CreatePrivateThreads |
  P.EmbedLinks |
  P.AttachFiles |
  P.AddReactions |
  P.UseExternalEmojis |
  P.MentionEveryone |
  P.ReadMessageHistory |
  P.UseApplicationCommands |
  P.SendVoiceMessages |
  P.Connect |
  P.Speak |
  P.ChangeNickname |
  P.CreateInstantInvite

/** What `Guild.addBot` grants by default: a text bot that keeps its own channels and threads, no Administrator. */
export const TEXT_BOT_PERMISSIONS =
  P.ViewChannel |
  P.ManageChannels |
  P.SendMessages |
  P.SendMessagesInThreads |
  P.CreatePublicThreads |
  P.CreatePrivateThreads |
  P.ManageThreads |
  P.ManageMessages |
  P.EmbedLinks |
  P.AttachFiles |
  P.AddReactions |
  P.ReadMessageHistory |
  P.UseApplicationCommands

/** Denied with SEND_MESSAGES (docs: Permissions > Implicit Permissions). */
export const NEEDS_SENDING = P.MentionEveryone | P.SendTTSMessages | P.AttachFiles | P.EmbedLinks

/** What a member who is timed out keeps (docs: Permissions > Permissions for Timed Out Members). */
export const TIMED_OUT_PERMISSIONS = P.ViewChannel | P.ReadMessageHistory

/** What the two of a direct-message channel may do there. */
export const DIRECT_PERMISSIONS =
  P.ViewChannel |
  P.SendMessages |
  P.EmbedLinks |
  P.AttachFiles |
  P.AddReactions |
  P.UseExternalEmojis |
  P.ReadMessageHistory |
  P.UseApplicationCommands |
  P.SendVoiceMessages |
  P.PinMessages
