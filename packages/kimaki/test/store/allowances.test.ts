/** What people have allowed for a folder: on record with the step that decides it, and gone with the one that revokes it. */
import { DatabaseSync } from 'node:sqlite'
import { expect, test } from 'vitest'
import type { StandingAllowance } from '../../src/domain/allowance.ts'
import { conversation, newFile, open, rows } from './support.ts'

const rule = (id: string, facts: Partial<StandingAllowance> = {}): StandingAllowance => ({
  id,
  directory: '/p',
  permission: 'bash',
  patterns: ['ls *', 'ls'],
  userId: '7',
  userName: 'ada',
  conversation: '1',
  at: 1_800_000_000_000,
  ...facts,
})

test('rules are read back by a later process, oldest first; the same one is written once, and a revoked one is gone', async () => {
  const file = newFile()
  const first = open(file)
  const state = conversation(first)
  const one = rule('a1')
  const other = rule('a2', { directory: '/q', at: 1_700_000_000_000 })
  await first.commit({ conversation: rows(state, { allowances: [{ kind: 'allow', allowance: one }] }) })
  await first.commit({
    conversation: rows(state, { allowances: [one, other].map((allowance) => ({ kind: 'allow', allowance })) }),
  })
  await first.close()
  const second = open(file)
  expect(await second.allowances()).toEqual([other, one])
  await second.commit({ conversation: rows(state, { allowances: [{ kind: 'revoke', id: 'a1' }] }) })
  await second.close()
  expect(await open(file).allowances()).toEqual([other])
})

test('a row that cannot be read allows nothing, and the others count', async () => {
  const file = newFile()
  const store = open(file)
  const allowances = [rule('a1'), rule('a2')].map((allowance) => ({ kind: 'allow', allowance }) as const)
  await store.commit({ conversation: rows(conversation(store), { allowances }) })
  const db = new DatabaseSync(file)
  db.exec(`UPDATE allowance SET patterns = '{"*":1' WHERE id = 'a1'`)
  db.close()
  expect((await store.allowances()).map(({ id }) => id)).toEqual(['a2'])
})
