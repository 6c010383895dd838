/** What the bot may do in a channel, of what it needs there: `missingRights` (Discord docs: Permissions > Permission Overwrites). */
import type { GuildRole } from './access.ts'

/** In Discord's own words, in the order in which its settings show them. */
const NEEDED = [
  ['View Channel', 10n],
  ['Send Messages', 11n],
  ['Create Public Threads', 35n],
  ['Send Messages in Threads', 38n],
  ['Attach Files', 15n],
  ['Read Message History', 16n],
] as const

/** To make and delete channels of projects. */
const MANAGE_CHANNELS = ['Manage Channels', 4n] as const

/** What an invitation asks for, and nothing else. */
export const INVITED: readonly string[] = [MANAGE_CHANNELS, ...NEEDED].map(([name]) => name)

/** Where the owner of a server lets the bot in with these rights (Discord docs: OAuth2 > Bot Authorization Flow). */
export function inviteAddress(applicationId: string): string {
  const rights = [MANAGE_CHANNELS, ...NEEDED].reduce((all, [, bit]) => all | (1n << bit), 0n)
  return `https://discord.com/oauth2/authorize?client_id=${applicationId}&scope=bot+applications.commands&permissions=${rights}`
}

export type Right = (typeof NEEDED)[number][0]

/** Allowed and denied in one channel, to a role or a member; bit sets, decimal. */
export interface Overwrite {
  /** Of the role or the member; that of the guild means everyone. */
  readonly id: string
  readonly allow: string
  readonly deny: string
}

export interface RightsFacts {
  readonly guildId: string
  readonly userId: string
  readonly memberRoleIds: readonly string[]
  readonly roles: readonly Pick<GuildRole, 'id' | 'permissions'>[]
  readonly overwrites: readonly Overwrite[]
}

const ADMINISTRATOR = 1n << 3n

export function missingRights({ guildId, userId, memberRoleIds, roles, overwrites }: RightsFacts): readonly Right[] {
  const held = new Set(memberRoleIds.filter((id) => id !== guildId))
  const granted = union(roles.filter(({ id }) => id === guildId || held.has(id)).map(({ permissions }) => permissions))
  if ((granted & ADMINISTRATOR) !== 0n) return []
  // Each layer wins over the one before it; within one, what is allowed wins.
  const layers = [
    overwrites.filter(({ id }) => id === guildId),
    overwrites.filter(({ id }) => held.has(id)),
    overwrites.filter(({ id }) => id === userId),
  ]
  const rights = layers.reduce(
    (before, layer) => (before & ~union(layer.map(({ deny }) => deny))) | union(layer.map(({ allow }) => allow)),
    granted,
  )
  return NEEDED.flatMap(([name, bit]) => (((rights >> bit) & 1n) === 0n ? [name] : []))
}

const union = (sets: readonly string[]): bigint => sets.reduce((all, set) => all | BigInt(set), 0n)
