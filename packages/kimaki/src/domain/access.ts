/**
 * The rule who may speak to the agent: `mayUse`. One pure question, asked when a message is accepted and again when it runs.
 * Capitals in role names do not matter.
 */

const ADMINISTRATOR = 1n << 3n
const MANAGE_GUILD = 1n << 5n

export interface GuildRole {
  readonly id: string
  readonly name: string
  /** Permission bit set, decimal (Discord docs: Permissions). */
  readonly permissions: string
}

export interface AccessFacts {
  readonly userId: string
  readonly isBot: boolean
  readonly ownerId: string
  /** Role ids of the member; `undefined` when the member is unknown (webhooks, people who left). */
  readonly memberRoleIds: readonly string[] | undefined
  readonly guildId: string
  readonly roles: readonly GuildRole[]
}

/** True when the member may use the agent. Anything unknown means no. */
export function mayUse(facts: AccessFacts): boolean {
  if (facts.memberRoleIds === undefined) return false
  const held = new Set(facts.memberRoleIds)
  const roles = facts.roles.filter((role) => held.has(role.id) || role.id === facts.guildId)
  if (roles.some((role) => named(role, 'no-kimaki'))) return false
  if (roles.some((role) => named(role, 'kimaki'))) return true
  if (facts.isBot) return false
  if (facts.userId === facts.ownerId) return true
  return roles.some((role) => (BigInt(role.permissions) & (ADMINISTRATOR | MANAGE_GUILD)) !== 0n)
}

const named = (role: GuildRole, name: string): boolean => role.name.trim().toLowerCase() === name
