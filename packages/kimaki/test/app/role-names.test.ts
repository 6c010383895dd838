/** Roles that look like ours are told at the start of the bot. */
import { expect, test } from 'vitest'
import { warnOfRoleNames } from '../../src/app/projects/role-names.ts'
import { ChatUnknown } from '../../src/base/errors.ts'
import type { AccessFacts } from '../../src/domain/access.ts'

test('V2: the log names each role that looks like no-kimaki or kimaki and is neither, in every linked server', async () => {
  const told: string[] = []
  const quiet = () => undefined
  const log = { debug: quiet, info: quiet, error: quiet, warn: (message: string) => void told.push(message) }
  const role = (name: string) => ({ id: name, name, permissions: '0' })
  const facts = (guildId: string, ...names: readonly string[]): AccessFacts => ({
    userId: 'bot',
    isBot: true,
    ownerId: 'owner',
    memberRoleIds: [],
    guildId,
    roles: names.map(role),
  })
  const servers = new Map<string, AccessFacts | ChatUnknown>([
    ['1', facts('1', 'no kimaki', 'no-kimaki', 'Kimaki', 'guests')],
    ['2', new ChatUnknown({ reason: 'no answer' })],
    ['3', facts('3', 'K\u0456maki')],
  ])
  const chat = { accessOf: async (guildId: string) => servers.get(guildId) ?? facts(guildId) }
  await warnOfRoleNames(chat, log, new Set(servers.keys()), 'bot')
  expect(told).toEqual([
    expect.stringMatching(/^The role "no kimaki" looks like "no-kimaki", but is not: it keeps nobody out\./),
    expect.stringMatching(/^The role "K\u0456maki" looks like "kimaki", but is not: it lets nobody in\./),
  ])
})
