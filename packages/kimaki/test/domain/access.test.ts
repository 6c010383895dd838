import { describe, expect, test } from 'vitest'
import { accessTable } from '../../docs/access.ts'
import { DEEDS, lookalikeOf, may, mayUse, type GuildRole } from '../../src/domain/access.ts'

const ADMINISTRATOR = '8'

/** A member who holds this role and nothing else. */
const holding = (role: Partial<GuildRole>, isBot = false): boolean =>
  mayUse({
    userId: 'member',
    isBot,
    ownerId: 'owner',
    memberRoleIds: ['role'],
    guildId: 'guild',
    roles: [
      { id: 'guild', name: '@everyone', permissions: '0' },
      { id: 'role', name: 'other', permissions: '0', ...role },
    ],
  })

test.each([
  ['a role that people named Kimaki', { name: 'Kimaki' }, true],
  ['capitals and blanks around it', { name: ' KIMAKI ' }, true],
  [
    'a managed role named Kimaki, as every application of that name has',
    { name: 'Kimaki', managed: true, botId: 'member' },
    false,
  ],
  ['a Kelvin sign for the k', { name: '\u212Aimaki' }, false],
  ['a Turkish i', { name: 'K\u0130maki' }, false],
  ['a full-width k', { name: '\uFF2Bimaki' }, false],
  ['another role', { name: 'other' }, false],
  ['no-kimaki, whatever else', { name: 'NO-Kimaki', permissions: ADMINISTRATOR }, false],
  ['a managed no-kimaki blocks, too', { name: 'no-kimaki', managed: true, permissions: ADMINISTRATOR }, false],
])('another bot with %s', (_what, role, expected) => {
  expect(holding(role, true)).toBe(expected)
})

test.each([
  ['a role that people named Kimaki', { name: 'kimaki' }, true],
  ['a managed role named Kimaki, say of boosters', { name: 'Kimaki', managed: true }, false],
  ['Administrator', { permissions: ADMINISTRATOR }, true],
  ['Administrator, and a Kelvin sign in a name', { name: 'no-\u212Aimaki', permissions: ADMINISTRATOR }, true],
])('a person with %s', (_what, role, expected) => {
  expect(holding(role)).toBe(expected)
})

describe('V2: a role that looks like one of ours and is none', () => {
  const looksLike = (name: string, managed = false) => lookalikeOf({ id: '1', name, permissions: '0', managed })

  test.each([
    'no kimaki',
    'no_kimaki',
    'nokimaki',
    'no\u2013kimaki',
    'no-\u212Aimaki',
    'no-k\u0130maki',
    'n\u043E-kimaki',
    'no-kimak\u0456',
    'no-kima\u200Bki',
    'n0-k1maki',
    'no-\uFF4Bimaki',
    '\u202Eno-kimaki',
  ])('%j is told', (name) => expect(looksLike(name)).toBe('no-kimaki'))

  test.each(['kim aki', 'k\u0456maki', '\u212Aimaki', 'Kimak\u0131'])('%j lets nobody in, and is told', (name) =>
    expect(looksLike(name)).toBe('kimaki'),
  )

  test.each(['no-kimaki', ' NO-Kimaki ', 'Kimaki', 'kimakis', 'not kimaki', 'other', '', '\u200B'])('%j is not', (name) =>
    expect(looksLike(name)).toBeUndefined(),
  )

  test('nor is the managed role of an application with a similar name', () => expect(looksLike('ki-maki', true)).toBeUndefined())
})

describe('the published table who may do what', () => {
  const cells = (table: string): readonly (readonly string[])[] =>
    table.split('\n').map((line) => line.split(' | ').map((cell) => cell.replaceAll(/^\| | \|$/g, '')))

  test('has a column for each deed, and says for each kind of people what the rule says', () => {
    const [head, , ...rows] = cells(accessTable(may))
    expect(head).toHaveLength(DEEDS.length + 1)
    // Who can be let in is somebody who may not speak.
    const verdicts = rows.map(([who, ...answers]) => [who, [...new Set(answers.slice(0, -1))].join()])
    expect(Object.fromEntries(verdicts)).toEqual({
      'the owner of the server': 'yes',
      'a member with *Administrator*': 'yes',
      'a member with *Manage Server*': 'yes',
      // All but projects and log-ins, which reach further than the agent's own.
      'a member with the role Kimaki': 'yes,no',
      'another bot with the role Kimaki': 'yes,no',
      'another bot, whatever else its rights': 'no',
      'anybody with the role no-kimaki, the owner too': 'no',
      'every other member': 'no',
      'a webhook, or somebody who has left': 'no',
    })
    const guests = rows.flatMap(([who, ...answers]) => (answers.at(-1) === 'yes' ? [who] : []))
    expect(guests).toEqual(['every other member'])
  })

  test('red control: a rule that lets one more revoke is another table', () => {
    const loose = accessTable((deed, facts) => deed === 'revoke' || may(deed, facts))
    expect(loose).not.toBe(accessTable(may))
    expect(cells(loose).at(-1)).toEqual([expect.any(String), 'no', 'no', 'no', 'no', 'yes', 'no', 'no', 'no', 'no'])
  })
})

test.each([
  ['a person without a role', {}, ['speak', 'press', 'command'], true],
  ['a person whom a role blocks', { memberRoleIds: ['blocked'] }, ['speak', 'press'], false],
  ['another bot', { isBot: true }, ['speak'], false],
  ['somebody who is no member', { memberRoleIds: undefined }, ['speak'], false],
  ['a person who would set up projects', {}, ['set-up'], false],
] as const)('where the operator lets every member speak, %s', (_who, facts, deeds, expected) => {
  const roles = [{ id: 'blocked', name: 'no-kimaki', permissions: '0' }]
  const member = { userId: 'member', isBot: false, ownerId: 'owner', memberRoleIds: [], guildId: 'guild', roles, isOpen: true }
  expect(deeds.map((deed) => may(deed, { ...member, ...facts }))).toEqual(deeds.map(() => expected))
})
