import { expect, test } from 'vitest'
import { missingRights, type Overwrite } from '../../src/domain/rights.ts'

const EVERYONE = 'guild'
const VIEW = 1n << 10n
const SEND = 1n << 11n
const FILES = 1n << 15n
const HISTORY = 1n << 16n
const THREADS = 1n << 35n
const IN_THREADS = 1n << 38n
const ALL = VIEW | SEND | FILES | HISTORY | THREADS | IN_THREADS
const ADMINISTRATOR = 1n << 3n

const overwrite = (id: string, { allow = 0n, deny = 0n }): Overwrite => ({ id, allow: String(allow), deny: String(deny) })
const deny = (id: string, bits: bigint): Overwrite => overwrite(id, { deny: bits })
const allow = (id: string, bits: bigint): Overwrite => overwrite(id, { allow: bits })

const missing = (everyone: bigint, role: bigint, overwrites: readonly Overwrite[] = []) =>
  missingRights({
    guildId: EVERYONE,
    userId: 'bot',
    memberRoleIds: ['role', 'second'],
    roles: [
      { id: EVERYONE, permissions: String(everyone) },
      { id: 'role', permissions: String(role) },
      { id: 'not held', permissions: String(ALL | ADMINISTRATOR) },
    ],
    overwrites,
  })

const NAMES = [
  'View Channel',
  'Send Messages',
  'Create Public Threads',
  'Send Messages in Threads',
  'Attach Files',
  'Read Message History',
]

test.each([
  ['everyone may do everything', missing(ALL, 0n), []],
  ['a role may do everything', missing(0n, ALL), []],
  ['nobody may do anything; a role it does not hold gives nothing', missing(0n, 0n), NAMES],
  ['everyone and a role give a part each', missing(ALL & ~SEND, SEND), []],
  ['a right of each kind is missing', missing(ALL & ~(SEND | THREADS), 0n), ['Send Messages', 'Create Public Threads']],
  ['the channel denies everyone', missing(ALL, 0n, [deny(EVERYONE, VIEW)]), ['View Channel']],
  ['the channel denies everyone, and allows its role', missing(ALL, 0n, [deny(EVERYONE, VIEW), allow('role', VIEW)]), []],
  ['one role is denied, another allowed', missing(ALL, 0n, [allow('second', SEND), deny('role', SEND)]), []],
  ['a role is allowed, the bot itself denied', missing(ALL, 0n, [deny('bot', FILES), allow('role', FILES)]), ['Attach Files']],
  ['a role is denied, the bot itself allowed', missing(ALL, 0n, [allow('bot', HISTORY), deny('role', HISTORY)]), []],
  ['another role is denied', missing(ALL, 0n, [deny('not held', ALL)]), []],
  ['another role is allowed', missing(ALL & ~IN_THREADS, 0n, [allow('not held', IN_THREADS)]), ['Send Messages in Threads']],
  ['an administrator is denied', missing(0n, ADMINISTRATOR, [deny('bot', ALL)]), []],
])('rights in a channel when %s', (_when, found, expected) => {
  expect(found).toEqual(expected)
})
