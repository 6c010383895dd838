/** Batches that share a transaction do not share their failures, but their order. */
import { DatabaseSync } from 'node:sqlite'
import { expect, test } from 'vitest'
import { groupCommit } from '../../src/store/group-commit.ts'
import { BatchRejected } from '../../src/base/errors.ts'
import type { Batch, Committed } from '../../src/ports/store.ts'

const batch = (order: number): Batch => ({ done: [order] })

function setUp(onWrite: (order: number) => void = () => undefined) {
  const db = new DatabaseSync(':memory:')
  db.exec('CREATE TABLE written (number INTEGER UNIQUE NOT NULL) STRICT')
  const insert = db.prepare('INSERT INTO written VALUES (?)')
  const group = groupCommit(db, ({ done }) => {
    onWrite(done?.[0] ?? 0)
    insert.run(done?.[0] ?? 0)
    return []
  })
  const written = (): readonly unknown[] =>
    db
      .prepare('SELECT number FROM written ORDER BY rowid')
      .all()
      .map((row) => row['number'])
  return { db, group, written }
}

const isWritten = (result: Committed): boolean => !(result instanceof Error)
const full = Object.assign(new Error('database or disk is full'), { errcode: 13 })

test('batches of one turn of the loop are written together, in order', async () => {
  const { group, written } = setUp()
  const results = await Promise.all([1, 2, 3].map(async (order) => group.commit(batch(order))))
  expect(results.every(isWritten)).toBe(true)
  expect(written()).toEqual([1, 2, 3])
})

test('a bad batch fails alone', async () => {
  const { group, written } = setUp()
  const results = await Promise.all([1, 1, 2].map(async (order) => group.commit(batch(order))))
  expect(results.map(isWritten)).toEqual([true, false, true])
  expect(results[1]).toBeInstanceOf(BatchRejected)
  expect(written()).toEqual([1, 2])
})

test('a batch that cannot even be bound fails alone', async () => {
  const { group, written } = setUp()
  const bad: Batch = { done: [Number.NaN] }
  const results = await Promise.all([batch(1), bad, batch(2)].map(async (each) => group.commit(each)))
  expect(results.map(isWritten)).toEqual([true, false, true])
  expect(written()).toEqual([1, 2])
})

test('when the disk fails for one, those behind it wait with it', async () => {
  let failures = 2
  const { group, written } = setUp((order) => {
    if (order === 2 && (failures -= 1) >= 0) throw full
  })
  const results = await Promise.all([1, 2, 3].map(async (order) => group.commit(batch(order))))
  expect(results.map(isWritten)).toEqual([true, false, false])
  expect(results.some((result) => result instanceof BatchRejected)).toBe(false)
  expect(written()).toEqual([1])
})

test('a transaction that was left open is ended by the next', async () => {
  const { db, group, written } = setUp()
  db.exec('BEGIN')
  expect(await group.commit(batch(1))).toEqual([])
  expect(written()).toEqual([1])
})

test('what still waits is written by the flush at the end', async () => {
  const { group, written } = setUp()
  const waiting = group.commit(batch(1))
  group.flush()
  expect(written()).toEqual([1])
  expect(await waiting).toEqual([])
})
