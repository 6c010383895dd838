/** What people have chosen for channels: on record with the step that decides it, and gone with the one that clears it. */
import { DatabaseSync } from 'node:sqlite'
import { expect, test } from 'vitest'
import type { StoredPreference } from '../../src/domain/models/preferences.ts'
import { newFile, open } from './support.ts'

const model = { provider: 'p', model: 'a/b', variant: 'high' }
const CHOSEN: readonly StoredPreference[] = [
  { place: '7', name: 'model', value: model },
  { place: '7', name: 'agent', value: 'plan' },
  { place: '8', name: 'mention', value: true },
  { place: undefined, name: 'model', value: { ...model, variant: undefined } },
]
const inOrder = (rows: readonly StoredPreference[]) =>
  rows.map((row) => JSON.stringify([row.place, row.name, row.value])).toSorted()

test('they are read back by a later process; chosen anew they are replaced, and cleared they are gone', async () => {
  const file = newFile()
  const first = open(file)
  await first.commit({ preferences: CHOSEN })
  await first.close()
  const second = open(file)
  expect(inOrder(await second.preferences())).toEqual(inOrder(CHOSEN))
  const news: readonly StoredPreference[] = [
    { place: '7', name: 'agent', value: 'build' },
    { place: '8', name: 'mention', value: undefined },
  ]
  await second.commit({ preferences: news })
  await second.close()
  const [ours, , , all] = CHOSEN
  expect(inOrder(await open(file).preferences())).toEqual(inOrder([ours, news[0], all].flatMap((row) => row ?? [])))
})

test('a row that cannot be read chooses nothing, and the others count', async () => {
  const file = newFile()
  const store = open(file)
  await store.commit({ preferences: CHOSEN })
  const db = new DatabaseSync(file)
  db.exec(`UPDATE preference SET value = '{"provider":1' WHERE place = '7'`)
  db.exec(`UPDATE preference SET value = '{"provider":1}' WHERE place = ''`)
  db.close()
  expect((await store.preferences()).map(({ place, name }) => [place, name])).toEqual([['8', 'mention']])
})
