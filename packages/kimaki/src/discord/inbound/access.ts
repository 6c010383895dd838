/** Collects from Discord the facts that `mayUse` judges: the roles of a guild, and which of them a member has. */
import type { AccessFacts } from '../../domain/access.ts'
import type { ChatError } from '../../ports/chat.ts'
import type { GuildFacts } from './cache.ts'
import type { FetchMissing } from './fetch-missing.ts'
import type { MemberFacts, Members } from './members.ts'

/** `member`: undefined for somebody who is none (left, webhook). */
export function accessFacts(guild: GuildFacts, userId: string, isBot: boolean, member: MemberFacts | undefined): AccessFacts {
  return {
    userId,
    isBot,
    ownerId: guild.ownerId,
    memberRoleIds: member?.roles,
    guildId: guild.id,
    roles: [...guild.roles.values()],
    ...(guild.isOpen && { isOpen: true }),
  }
}

/** As Discord answers now. */
export async function accessOf(
  { facts, members }: { readonly facts: FetchMissing; readonly members: Members },
  guildId: string,
  userId: string,
): Promise<AccessFacts | ChatError> {
  const guild = await facts.guild(guildId)
  if (guild instanceof Error) return guild
  const member = await members.fresh(guildId, userId)
  if (member instanceof Error) return member
  return accessFacts(guild, userId, member?.isBot ?? false, member)
}
