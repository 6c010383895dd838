/** The flags of an application (docs: Application > Application Flags). */
import { ApplicationFlags } from 'discord-api-types/v10'
import type { BotRecord } from '../realm/records.ts'

/** Unverified applications show their privileged intents as the `LIMITED` flags. */
export function applicationFlags(privileged: BotRecord['privileged']): number {
  return (
    (privileged.messageContent ? ApplicationFlags.GatewayMessageContentLimited : 0) |
    (privileged.guildMembers ? ApplicationFlags.GatewayGuildMembersLimited : 0) |
    (privileged.presences ? ApplicationFlags.GatewayPresenceLimited : 0)
  )
}
