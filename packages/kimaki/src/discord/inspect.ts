/** Looks at one channel as Discord knows it now: what it is, whose it is, and what the bot lacks there. */
import { Routes } from 'discord-api-types/v10'
import type { ChannelReport } from '../domain/channel.ts'
import { missingRights } from '../domain/rights.ts'
import type { ChatError } from '../ports/chat.ts'
import type { Rest } from './rest/rest.ts'
import type { FetchMissing } from './inbound/fetch-missing.ts'
import type { Members } from './inbound/members.ts'
import { channelWithRights, withId } from './wire/answer.ts'
import { KINDS } from './wire/channel-kinds.ts'

interface Deps {
  readonly rest: Rest
  readonly facts: FetchMissing
  readonly members: Members
  readonly botUserId: () => string
}

export async function inspect(deps: Deps, channelId: string): Promise<ChannelReport | ChatError> {
  const { rest, facts, members } = deps
  const channel = await rest.read(Routes.channel(channelId), channelWithRights)
  if (channel instanceof Error) return channel
  const { guild_id: guildId, parent_id: parentId, permission_overwrites: overwrites = [] } = channel
  const kind = KINDS[channel.type] ?? 'other'
  const report = { id: channel.id, name: channel.name ?? '', kind, guildId, parentId }
  if (guildId === undefined || kind !== 'text') return { ...report, missing: [] }
  const userId = await ownId(deps)
  if (userId instanceof Error) return userId
  const guild = await facts.guild(guildId)
  if (guild instanceof Error) return guild
  const member = await members.recent(guildId, userId)
  if (member instanceof Error) return member
  const roles = [...guild.roles.values()]
  return { ...report, missing: missingRights({ guildId, userId, memberRoleIds: member?.roles ?? [], roles, overwrites }) }
}

/** Before the first connection nobody has told it. */
async function ownId({ rest, botUserId }: Deps): Promise<string | ChatError> {
  const known = botUserId()
  if (known !== '') return known
  const self = await rest.read(Routes.user(), withId)
  return self instanceof Error ? self : self.id
}
