/**
 * Conversations as the bot of b1cd8ee left them on disk are read, field by field, and nothing of them is built anew.
 *
 * `FOUND` (then.ts) says where each field of that time is found in a conversation of today, in the shape it had then. Whoever moves or
 * reshapes a field changes its line there, and nothing else: the recorded data stays as it is.
 */
import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, test } from 'vitest'
import type { Effect } from '../../src/domain/conversation/effect.ts'
import type { Conversation } from '../../src/domain/conversation/state.ts'
import type { StorePort } from '../../src/ports/store.ts'
import { restore } from '../support/old-data/dump.ts'
import { everythingIn, expected, plain, read, recordedWorld } from '../support/old-data/fixture.ts'
import { effectThen, FOUND, inboxRowThen } from '../support/old-data/then.ts'
import { newFile, open } from './support.ts'

/** What the bot can only know from the cached state: no table and no session tells it. */
const ONLY_CACHED = [
  'verbosity',
  'commands',
  'retries',
  'interrupts',
  'late',
  'asides',
  'asks',
  'sealed',
  'settledAt',
  'title',
] as const

const recorded = expected()
const conversations = Object.entries(recorded.conversations)
const { places } = recordedWorld()
const stateIn = (place: keyof typeof places): Readonly<Record<string, unknown>> =>
  recorded.conversations[places[place]]?.state ?? {}

/** A file with the recorded rows; `change` is made before it is opened. */
function oldFile(change = ''): string {
  const file = newFile()
  mkdirSync(dirname(file), { recursive: true })
  restore(read('kimaki.sql'), file)
  const db = new DatabaseSync(file)
  db.exec(change)
  db.close()
  return file
}

const loaded = async (store: StorePort, id: string): Promise<Conversation> => {
  const { state } = await store.load(id)
  if (!state) throw new Error(`no conversation ${id}`)
  return state
}

/** Names of fields that do not hold what they held then. */
const changedIn = (state: Conversation, then: Readonly<Record<string, unknown>>): readonly string[] =>
  Object.keys(FOUND).filter((name) => !isSame(plain(FOUND[name]?.(state)), then[name]))

const isSame = (one: unknown, other: unknown): boolean => {
  try {
    expect(one).toEqual(other)
    return true
  } catch {
    return false
  }
}

test('the recorded state holds what it is to show', () => {
  expect(new Set(conversations.flatMap(([, { state }]) => Object.keys(state)))).toEqual(new Set(Object.keys(FOUND)))
  expect(stateIn('done')).toMatchObject({ thread: { kind: 'open' }, title: { synced: 'hello #m1' }, prompts: [] })
  expect(stateIn('named')).toMatchObject({ title: { theirs: true } })
  expect(stateIn('overtaken')['sealed']).not.toEqual({})
  expect(stateIn('busy')).toMatchObject({
    interrupts: [{}],
    late: [{ what: 'edited' }],
    commands: [{ command: 'echo begun; sleep 600', said: 'begun\n', phase: { kind: 'running' } }],
    prompts: [
      { phase: { kind: 'seen' } },
      { phase: { kind: 'seen' } },
      { phase: { kind: 'queued' } },
      { phase: { kind: 'queued' } },
    ],
  })
  expect(stateIn('source')).toMatchObject({
    asides: [{ phase: { kind: 'asked' } }, { phase: { kind: 'forking' } }, { phase: { kind: 'waiting' } }],
  })
  expect(stateIn('limited')).toMatchObject({ retries: { times: 1 }, cards: [{ face: { buttons: [{}] } }] })
  expect(stateIn('waiting')['interrupting']).toMatch(/^discord:/)
  expect(stateIn('asking')).toMatchObject({ asks: [{ kind: 'question' }], outbox: [{}] })
  expect(stateIn('unopened')).toMatchObject({ thread: { kind: 'opening' } })
  expect(recorded.conversations[places.named]?.inbox).toHaveLength(1)
  const effects = conversations.flatMap(([, { effects: waiting }]) => waiting as readonly Effect[])
  expect(effects.map(({ kind }) => kind).toSorted()).toEqual(['fork', 'interrupt', 'open-thread', 'shell'])
})

test.each(Object.keys(FOUND))('%s of every conversation is what it was', async (name) => {
  const store = open(oldFile())
  for (const [id, { state: then }] of conversations) {
    const now = plain(FOUND[name]?.(await loaded(store, id)))
    expect(now, `in ${id}`).toEqual(then[name])
  }
})

test('what waits to be taken or done is what it was', async () => {
  const store = open(oldFile())
  for (const [id, then] of conversations) {
    const { inbox, effects } = await store.load(id)
    expect(plain(inbox.map(inboxRowThen)), `in ${id}`).toEqual(then.inbox)
    expect(plain(effects.map(effectThen)), `in ${id}`).toEqual(then.effects)
  }
})

test('what is unfinished, and how far Discord was read, is what it was', async () => {
  const now = await everythingIn(open(oldFile()), [])
  expect(now.open).toEqual(recorded.open)
  expect(now.cursors).toEqual(recorded.cursors)
})

test('red control: were the cached state built anew, all that only it knows would be lost', async () => {
  const store = open(oldFile(`UPDATE conversation SET version = 0, state = '{}'`))
  const lost = new Set<string>()
  for (const [id, { state }] of conversations) for (const name of changedIn(await loaded(store, id), state)) lost.add(name)
  expect([...lost]).toEqual(expect.arrayContaining([...ONLY_CACHED]))
})
