/**
 * The rule who may speak to the agent: `mayUse`. One pure question, asked when a message is accepted and again when it runs.
 * Capitals in role names do not matter: those of ASCII, since to Unicode some other characters, too, are capitals of ours (U+212A is a K).
 */

const ADMINISTRATOR = 1n << 3n
const MANAGE_GUILD = 1n << 5n

export interface GuildRole {
  readonly id: string
  readonly name: string
  /** Permission bit set, decimal (Discord docs: Permissions). */
  readonly permissions: string
  /** Made by Discord for an application, boosters and the like, under a name that nobody here chose (Discord docs: Role Object). */
  readonly managed?: boolean | undefined
  /** The bot whose own role this is. */
  readonly botId?: string | undefined
}

export interface AccessFacts {
  readonly userId: string
  readonly isBot: boolean
  readonly ownerId: string
  /** Role ids of the member; `undefined` when the member is unknown (webhooks, people who left). */
  readonly memberRoleIds: readonly string[] | undefined
  readonly guildId: string
  readonly roles: readonly GuildRole[]
  /** The operator lets every member of the server speak (`--allow-all-users`); a role that blocks still does. */
  readonly isOpen?: boolean
}

/**
 * What somebody may do, or not; each is asked about when it is done. `list` and `revoke`: what is always allowed in a project. `let-in` and
 * `be-let-in`: one message of a guest, where the operator wants that (`Settings.guestApproval`). `set-up`: which folders are projects.
 * `log-in`: at providers of models, for the whole machine.
 */
export const DEEDS = ['speak', 'press', 'command', 'list', 'revoke', 'set-up', 'log-in', 'let-in', 'be-let-in'] as const

export type Deed = (typeof DEEDS)[number]

/** The published table of `docs/access.md` is made from it. */
export const may = (deed: Deed, facts: AccessFacts): boolean => NEEDS[deed](facts)

/** Whoever may speak can have the agent do anything in its project, so only what reaches further asks for more. */
const NEEDS: Readonly<Record<Deed, (facts: AccessFacts) => boolean>> = {
  speak: mayUse,
  press: mayUse,
  command: mayUse,
  list: mayUse,
  revoke: mayUse,
  'let-in': mayUse,
  'be-let-in': isGuest,
  'set-up': (facts) => mayUse(facts) && mayManage(facts),
  'log-in': (facts) => mayUse(facts) && mayManage(facts),
}

/** True when the member may use the agent. Anything unknown means no. */
export function mayUse(facts: AccessFacts): boolean {
  const roles = rolesOf(facts)
  if (roles === undefined || isBlocked(roles)) return false
  if (facts.isOpen && !facts.isBot) return true
  // Every application that calls itself Kimaki has a managed role of this name: only a role that people made lets somebody in.
  if (roles.some((role) => named(role, 'kimaki') && role.managed !== true)) return true
  return mayManage(facts)
}

/** The owner of the server, and people with Administrator or Manage Server. */
function mayManage({ isBot, userId, ownerId, memberRoleIds = [], guildId, roles }: AccessFacts): boolean {
  if (isBot) return false
  if (userId === ownerId) return true
  const held = new Set([...memberRoleIds, guildId])
  return roles.some(({ id, permissions }) => held.has(id) && (BigInt(permissions) & (ADMINISTRATOR | MANAGE_GUILD)) !== 0n)
}

/** A person who is a member, may not use the agent, and whom nobody keeps out. */
function isGuest(facts: AccessFacts): boolean {
  const roles = rolesOf(facts)
  return roles !== undefined && !facts.isBot && !isBlocked(roles) && !mayUse(facts)
}

/** Undefined: of somebody who is no member, as far as is known. */
function rolesOf({ memberRoleIds, guildId, roles }: AccessFacts): readonly GuildRole[] | undefined {
  if (memberRoleIds === undefined) return undefined
  const held = new Set(memberRoleIds)
  return roles.filter(({ id }) => held.has(id) || id === guildId)
}

const isBlocked = (roles: readonly GuildRole[]): boolean => roles.some((role) => named(role, 'no-kimaki'))

/** Which of the two names a role looks like that is neither; undefined for one that is it, or looks like none. */
export function lookalikeOf(role: GuildRole): 'kimaki' | 'no-kimaki' | undefined {
  const seen = asSeen(role.name)
  const meant = (['kimaki', 'no-kimaki'] as const).find((name) => seen === asSeen(name))
  if (meant === undefined || named(role, meant)) return undefined
  return meant === 'kimaki' && role.managed === true ? undefined : meant
}

/** The letters a reader takes it for: without accents, marks, blanks and what is not drawn. */
function asSeen(name: string): string {
  const letters = name
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}|!]/gu, '')
  return letters.replaceAll(/./gsu, (letter) => SEEN_AS.get(letter) ?? letter)
}

/** Unicode: Confusables, for the letters of our names. */
const SEEN_AS: ReadonlyMap<string, string> = new Map(
  Object.entries({ n: 'пոռηɴ', o: 'оοо0օ', k: 'кκқ', i: 'іιı1l|!ӏі', m: 'мⅿ', a: 'аαɑ4' }).flatMap(([letter, others]) =>
    Array.from(others, (other) => [other, letter] as const),
  ),
)

const named = (role: GuildRole, name: string): boolean =>
  role.name.trim().replace(/[A-Z]/g, (letter) => letter.toLowerCase()) === name
