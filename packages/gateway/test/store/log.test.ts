/** Logs of clients: who hears what, what a RESUME gets, and what is forgotten. */
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Committed, Started } from '../../src/ports/store.ts'
import { guildOf, interactionOf, messageIn, POSITION, ready, smallWorld, type SmallWorld } from '../support/world.ts'

const committed = (result: unknown) => result as Committed
const started = ({ store }: SmallWorld, clientId: string) => store.events.start(clientId) as Started
const contents = ({ store }: SmallWorld, clientId: string, s: number) =>
  (store.events.after(clientId, s) as readonly { name: string; json: string }[]).map(
    ({ name, json }) => (JSON.parse(json) as { content?: string }).content ?? name,
  )

test('an event of a guild goes to its client alone, and one of no guild to nobody', () => {
  const world = smallWorld()
  const { ada, ben, commit } = world
  const direct = { name: 'MESSAGE_CREATE', data: { id: '1', channel_id: '9', content: 'secret' } }
  const { deliveries } = committed(commit(messageIn(ada, 'for ada'), messageIn(ben, 'for ben'), direct))
  expect(deliveries.map(({ clientId, json }) => [clientId, (JSON.parse(json) as { content: string }).content])).toEqual([
    [ada.clientId, 'for ada'],
    [ben.clientId, 'for ben'],
  ])
})

test('events by chance: each is heard by the clients of its guild and by nobody else', () => {
  const world = smallWorld()
  const { ada, ben, commit, store } = world
  const names = [
    'MESSAGE_CREATE',
    'THREAD_CREATE',
    'CHANNEL_UPDATE',
    'GUILD_UPDATE',
    'TYPING_START',
    'USER_UPDATE',
    'GUILD_ROLE_CREATE',
  ]
  const guild = fc.constantFrom(ada.guildId, ben.guildId, '300', undefined, '', 100)
  const dispatch = fc.record({
    name: fc.constantFrom(...names),
    data: fc.record({
      guild_id: guild,
      id: fc.constantFrom(ada.guildId, ben.guildId, ada.channelId, '300'),
      channel_id: fc.constantFrom(ada.channelId, ben.channelId),
    }),
  })
  const wrong = fc.sample(dispatch, 500).flatMap((one) =>
    committed(commit(one)).deliveries.filter(({ clientId, name, json }) => {
      const data = JSON.parse(json) as Record<string, string>
      const of = name === 'GUILD_UPDATE' ? data['id'] : data['guild_id']
      return of !== (clientId === ada.clientId ? ada.guildId : ben.guildId)
    }),
  )
  expect(wrong).toEqual([])
  expect(store.clients.guildsOf(ada.clientId)).toEqual([ada.guildId])
})

describe('a RESUME', () => {
  test('gets what came after its place, whatever other clients heard meanwhile', () => {
    const world = smallWorld()
    const { ada, ben, commit } = world
    const { s, deliveries } = started(world, ada.clientId)
    expect(deliveries.map(({ name }) => name)).toEqual(['GUILD_CREATE'])
    commit(messageIn(ada, 'one'), messageIn(ben, 'other'), messageIn(ada, 'two'))
    expect(contents(world, ada.clientId, s)).toEqual(['GUILD_CREATE', 'one', 'two'])
    const last = (world.store.events.session(ada.clientId) as { lastS: number }).lastS
    expect(contents(world, ada.clientId, last - 1)).toEqual(['two'])
  })

  test('gets no interaction that is older than 3 s', () => {
    const world = smallWorld()
    const { ada, commit, clock } = world
    const { deliveries } = started(world, ada.clientId)
    commit(interactionOf(ada))
    const s = deliveries.at(-1)?.s ?? 0
    expect(contents(world, ada.clientId, s)).toEqual(['INTERACTION_CREATE'])
    clock.now += 3000
    expect(contents(world, ada.clientId, s)).toEqual([])
  })

  test.each<[string, (world: SmallWorld) => void]>([
    [
      'its events are a day old',
      ({ clock, store }) => {
        clock.now += 86_400_001
        store.events.trim()
      },
    ],
    [
      'there were too many',
      ({ commit, ada, store }) => {
        for (let count = 0; count < 12; count += 1) commit(messageIn(ada, 'x'))
        store.events.trim()
      },
    ],
    ['Discord began a new session', ({ commit }) => void commit(ready('100', '200'))],
  ])('from before a cut is told by the cut: %s', (_why, cut) => {
    const world = smallWorld({ keepMs: 86_400_000, keepEvents: 10 })
    const { s } = started(world, world.ada.clientId)
    world.commit(messageIn(world.ada, 'missed'))
    cut(world)
    const session = world.store.events.session(world.ada.clientId) as { cutS: number; lastS: number }
    expect(session.cutS).toBeGreaterThan(s)
    expect(session.cutS).toBeLessThanOrEqual(session.lastS)
  })
})

describe('a guild that the bot is removed from', () => {
  test('is told to its clients as gone, what waited of it is not, and nobody is let in when the bot comes back', () => {
    const world = smallWorld()
    const { ada, commit, store } = world
    const { deliveries } = started(world, ada.clientId)
    commit(messageIn(ada, 'waits'))
    const { lost } = committed(commit({ name: 'GUILD_DELETE', data: { id: ada.guildId } }))
    expect(lost).toEqual([ada.clientId])
    expect(contents(world, ada.clientId, deliveries.at(-1)?.s ?? 0)).toEqual(['GUILD_DELETE'])
    expect(committed(commit(guildOf(ada), messageIn(ada, 'again'))).deliveries).toEqual([])
    expect(store.clients.guildsOf(ada.clientId)).toEqual([])
    expect(store.guilds.holderOfToken(ada.interactionToken)).toMatchObject({ guildId: ada.guildId })
  })

  test('while the gateway was away is found out by READY', () => {
    const { ada, ben, commit, store } = smallWorld()
    expect(committed(commit(ready(ben.guildId)))).toMatchObject({ isGap: true, lost: [ada.clientId] })
    expect(store.clients.guildsOf(ben.clientId)).toEqual([ben.guildId])
    expect(store.guilds.guildOfChannel(ada.channelId)).toBeUndefined()
  })

  test('is not one that has an outage', () => {
    const { ada, commit, store } = smallWorld()
    commit({ name: 'GUILD_DELETE', data: { id: ada.guildId, unavailable: true } })
    expect(store.clients.guildsOf(ada.clientId)).toEqual([ada.guildId])
  })
})

test('an interaction for nobody who is connected is told back, and not kept', () => {
  const { ada, store } = smallWorld()
  const result = committed(store.events.commit([interactionOf({ ...ada, interactionToken: 'late' })], POSITION, () => false))
  expect([result.unheard.length, result.deliveries, store.guilds.holderOfToken('late')]).toEqual([1, [], undefined])
})

test('what is stored stands together with the position, or not at all', () => {
  const { ada, store } = smallWorld()
  const broken = {
    name: 'MESSAGE_CREATE',
    data: {
      guild_id: ada.guildId,
      toJSON: () => {
        throw new Error('disk')
      },
    },
  }
  const before = store.events.session(ada.clientId)
  expect(store.events.commit([messageIn(ada, 'x'), broken], { ...POSITION, sequence: 99 }, () => true)).toBeInstanceOf(Error)
  expect(store.events.position()).toMatchObject({ sequence: 1 })
  expect(store.events.session(ada.clientId)).toEqual(before)
})

test('the first registration of an id wins, a new attempt waits for a new authorisation, and what leads nowhere is forgotten', () => {
  const { ada, ben, store, clock } = smallWorld()
  const register = (secretHash: string, restart: boolean, id = ada.clientId) =>
    store.clients.register({ id, secretHash, machine: 'm', restart })
  expect(register('0'.repeat(64), false)).toBe('taken')
  const { secretHash } = store.clients.find(ada.clientId) as { secretHash: string }
  const open = register(secretHash, false)
  expect(open).toMatchObject({ state: 'open', guildId: undefined })
  expect(register(secretHash, false)).toEqual(open)
  expect(register(secretHash, true)).not.toEqual(open)
  register('1'.repeat(64), false, 'nobody')
  clock.now += 3_600_001
  store.events.trim()
  expect(['nobody', ada.clientId, ben.clientId].map((id) => store.clients.find(id) !== undefined)).toEqual([false, true, true])
})

test('each shard has a position of its own, and its READY tells of its own guilds alone', () => {
  const { ada, ben, store } = smallWorld()
  const [one, two] = [String(1n << 22n), String(2n << 22n)]
  const at = (sequence: number) => ({ ...POSITION, sequence })
  store.events.commit([ready(two)], at(5), () => true, [0, 2])
  store.events.commit([ready(one)], at(9), () => true, [1, 2])
  expect([store.events.position([0, 2]), store.events.position([1, 2])]).toMatchObject([{ sequence: 5 }, { sequence: 9 }])
  expect(store.events.position([0, 3])).toBeUndefined()
  // Their ids are small, so both of them were on shard 0, which did not name them.
  expect([ada, ben].map(({ clientId }) => store.clients.guildsOf(clientId))).toEqual([[], []])
})
