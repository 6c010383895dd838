/** Who may do what, as a table: people of every kind, asked about with the very function that decides. */
import { DEEDS, type AccessFacts, type Deed, type GuildRole } from '../src/domain/access.ts'

const WORDS: Readonly<Record<Deed, string>> = {
  speak: 'speak to the agent, run `!commands`, ask aside, queue',
  press: 'press a button: allow, deny, answer, stop, take back',
  command: 'use a slash command',
  list: 'see what is always allowed',
  revoke: 'revoke it',
  'let-in': 'let in one message of a guest (`--guest-approval`)',
  'be-let-in': 'be such a guest',
  'set-up': 'add and remove projects',
  'log-in': 'log in at providers',
}

const ADMINISTRATOR = '8'
const MANAGE_SERVER = '32'

const role = (name: string, facts: Partial<GuildRole> = {}): GuildRole => ({ id: name, name, permissions: '0', ...facts })

const person = (facts: Partial<AccessFacts>, ...held: readonly GuildRole[]): AccessFacts => ({
  userId: 'member',
  isBot: false,
  ownerId: 'owner',
  memberRoleIds: held.map(({ id }) => id),
  guildId: 'guild',
  roles: [role('@everyone', { id: 'guild' }), ...held],
  ...facts,
})

const PEOPLE: readonly (readonly [who: string, facts: AccessFacts])[] = [
  ['the owner of the server', person({ userId: 'owner' })],
  ['a member with *Administrator*', person({}, role('admins', { permissions: ADMINISTRATOR }))],
  ['a member with *Manage Server*', person({}, role('managers', { permissions: MANAGE_SERVER }))],
  ['a member with the role Kimaki', person({}, role('Kimaki'))],
  ['another bot with the role Kimaki', person({ isBot: true }, role('Kimaki'))],
  ['another bot, whatever else its rights', person({ isBot: true }, role('admins', { permissions: ADMINISTRATOR }))],
  ['anybody with the role no-kimaki, the owner too', person({ userId: 'owner' }, role('Kimaki'), role('no-kimaki'))],
  ['every other member', person({})],
  ['a webhook, or somebody who has left', person({ userId: 'owner', memberRoleIds: undefined })],
]

export function accessTable(may: (deed: Deed, facts: AccessFacts) => boolean): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  return [
    line(['Who', ...DEEDS.map((deed) => WORDS[deed])]),
    `|${'---|'.repeat(DEEDS.length + 1)}`,
    ...PEOPLE.map(([who, facts]) => line([who, ...DEEDS.map((deed) => (may(deed, facts) ? 'yes' : 'no'))])),
  ].join('\n')
}
