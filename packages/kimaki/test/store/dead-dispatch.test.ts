/** Dispatches that could not be read: on record with the position, and not without bound. */
import { DatabaseSync } from 'node:sqlite'
import { expect, test } from 'vitest'
import { newFile, open } from './support.ts'

const at = (sequence: number) => ({ sessionId: 's', resumeUrl: 'u', sequence })
const dead = (sequence: number) => ({
  dispatch: { type: 'MESSAGE_CREATE', reason: `author ${sequence}`, payload: '{}' },
  position: at(sequence),
  at: 1_800_000_000_000,
})

test('the newest 200 are kept, one that is told again stays as it is, and the position moves in the same commit', async () => {
  const file = newFile()
  const store = open(file)
  for (let n = 1; n <= 205; n += 1) await store.commit({ deadDispatch: dead(n), position: at(n) })
  await store.commit({ deadDispatch: { ...dead(205), at: 1 } })
  const db = new DatabaseSync(file, { readOnly: true })
  const rows = db.prepare('SELECT sequence, reason, at FROM dead_dispatch ORDER BY seq').all()
  db.close()
  expect([rows.length, rows.at(0)?.['sequence'], rows.at(-1)]).toMatchObject([
    200,
    6,
    { sequence: 205, reason: 'author 205', at: '2027-01-15T08:00:00.000Z' },
  ])
  expect(await store.position()).toEqual(at(205))
})
