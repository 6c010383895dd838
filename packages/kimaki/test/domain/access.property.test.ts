/** Who may speak, against a rule written a second time: from the words of docs/access.md, with other means than the code has. */
import { array, assert, boolean, constantFrom, option, property, record, subarray } from 'fast-check'
import { expect, test } from 'vitest'
import { mayUse, type AccessFacts } from '../../src/domain/access.ts'

const RUNS = Number(process.env['PROPERTY_RUNS'] ?? 1000)
const NAMES = [
  'kimaki',
  'Kimaki',
  ' KIMAKI ',
  'kimaki​',
  'kimaki2',
  'Kimaki',
  'Kİmaki',
  'kımaki',
  'Ｋimaki',
  '',
  'no-kimaki',
  'NO-Kimaki',
  ' no-kimaki',
  'no‑kimaki',
  'no kimaki',
  'no-Kimaki',
  'no-kimaki!',
  'admins',
]
/** Administrator, Manage Guild, Manage Roles, Send Messages, each other bit, all, none (Discord docs: Permissions). */
const PERMISSIONS = ['8', '32', '268435456', '2048', String(~(8n | 32n) & ((1n << 60n) - 1n)), String((1n << 60n) - 1n), '0']

const role = record({
  id: constantFrom('1', '2', '3', '4', '5'),
  name: constantFrom(...NAMES),
  permissions: constantFrom(...PERMISSIONS),
  managed: constantFrom(true, false, undefined),
})
const facts = record({
  userId: constantFrom('owner', 'member'),
  isBot: boolean(),
  ownerId: constantFrom('owner'),
  memberRoleIds: option(subarray(['1', '2', '3', '4', '5', '6']), { nil: undefined, freq: 12 }),
  guildId: constantFrom('1', '6'),
  roles: array(role, { maxLength: 5 }),
})

function oracle({ userId, isBot, ownerId, memberRoleIds, guildId, roles }: AccessFacts): boolean {
  // Somebody who is not a member may nothing. @everyone is a role of each member; its id is that of the guild.
  if (!memberRoleIds) return false
  let verdict = userId === ownerId && !isBot
  for (const { id, name, permissions, managed } of roles) {
    if (![...memberRoleIds, guildId].includes(id)) continue
    if (/^\s*[nN][oO]-[kK][iI][mM][aA][kK][iI]\s*$/.test(name)) return false
    if (/^\s*[kK][iI][mM][aA][kK][iI]\s*$/.test(name) && !managed) verdict = true
    const bits = BigInt(permissions).toString(2).padStart(64, '0')
    if (!isBot && (bits.at(-4) === '1' || bits.at(-6) === '1')) verdict = true
  }
  return verdict
}

test('V2, V5: whoever the rule lets in may speak, and nobody else', () => {
  const seen = new Set<boolean>()
  assert(
    property(facts, (mix) => {
      seen.add(oracle(mix))
      expect(mayUse(mix)).toBe(oracle(mix))
    }),
    { numRuns: RUNS },
  )
  expect(seen.size).toBe(2)
})
