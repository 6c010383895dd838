/** Whose a channel is, and which machine answers an interaction where several are in one server. */
import { expect, test } from 'vitest'
import type { Committed } from '../../src/ports/store.ts'
import { guildOf, interactionOf, machineIn, POSITION, smallWorld } from '../support/world.ts'

/** Ada's server with a second machine, `other`, that person 35 has connected a while later. */
function sharedWorld() {
  const world = smallWorld()
  const { ada, store, clock } = world
  clock.now += 1000
  const other = machineIn(store, '3', ada.guildId)
  const place = { channelId: ada.channelId, guildId: ada.guildId }
  /** Who hears an interaction; `away`: who is not connected. */
  const hears = (data: object, away: readonly string[] = []): readonly string[] => {
    const interaction = { name: 'INTERACTION_CREATE', data: { ...interactionOf(ada).data, ...data } }
    const result = store.events.commit([interaction], POSITION, (id) => !away.includes(id)) as Committed
    return [
      ...result.deliveries.map(({ clientId }) => clientId),
      ...result.unheard.map(({ clientIds }) => `unheard by ${clientIds.join()}`),
    ]
  }
  return { ...world, other, place, hears }
}

test('the first to claim a channel has it, until it gives it up or is put out of the server', () => {
  const { store, ada, other, place } = sharedWorld()
  expect(store.owners.claim(ada.clientId, place)).toEqual({ clientId: ada.clientId, machine: 'machine 1' })
  expect(store.owners.claim(other.clientId, place)).toMatchObject({ machine: 'machine 1' })
  expect(store.owners.release(other.clientId, place.channelId)).toMatchObject({ machine: 'machine 1' })
  expect(store.owners.release(ada.clientId, place.channelId)).toBeUndefined()
  expect(store.owners.claim(other.clientId, place)).toMatchObject({ machine: 'machine 3' })
  store.clients.revoke(other.clientId, ada.guildId)
  expect(store.owners.ofChannel(place.channelId)).toBeUndefined()
})

test('a channel that is deleted is nobody’s', () => {
  const { store, ada, place, commit } = sharedWorld()
  store.owners.claim(ada.clientId, place)
  commit({ name: 'CHANNEL_DELETE', data: { id: place.channelId, guild_id: ada.guildId } })
  expect(store.owners.ofChannel(place.channelId)).toBeUndefined()
})

test('a claim ends when the bot is removed from the server', () => {
  const { store, ada, place, commit } = sharedWorld()
  store.owners.claim(ada.clientId, place)
  commit({ name: 'GUILD_DELETE', data: { id: ada.guildId } }, guildOf(ada))
  expect(store.owners.ofChannel(place.channelId)).toBeUndefined()
})

test('an interaction in a channel or a thread of it is the owner’s alone, and nobody’s while the owner is away', () => {
  const { store, ada, other, place, hears } = sharedWorld()
  store.owners.claim(other.clientId, place)
  const inThread = { channel_id: ada.threadId }
  expect([hears({}), hears(inThread)]).toEqual([[other.clientId], [other.clientId]])
  expect(hears({ channel_id: '77', channel: { id: '77', parent_id: ada.channelId } })).toEqual([other.clientId])
  expect(hears(inThread, [other.clientId])).toEqual([`unheard by ${other.clientId}`])
})

test('where nobody has the channel one machine hears it: that of the person, else the first, and for a button the one that showed it', () => {
  const { ada, other, hears } = sharedWorld()
  expect(hears({ member: { user: { id: '35' } } })).toEqual([other.clientId])
  expect(hears({ member: { user: { id: '99' } }, id: '500' })).toEqual([ada.clientId])
  expect(hears({ member: { user: { id: '99' } }, id: '501' }, [ada.clientId])).toEqual([other.clientId])
  expect(hears({ id: '502', message: { interaction_metadata: { id: '501' } } })).toEqual([other.clientId])
  expect(hears({}, [ada.clientId, other.clientId])).toEqual([`unheard by ${ada.clientId},${other.clientId}`])
})

test('the token of an interaction is good for the machine that heard it, and for no other of the server', () => {
  const { store, ada, other, hears } = sharedWorld()
  hears({ member: { user: { id: '35' } }, token: 'pressed' })
  expect(store.guilds.holderOfToken('pressed')).toEqual({ guildId: ada.guildId, clientId: other.clientId })
})

test('a command stays with the machine that created it, as long as that one is in the server', () => {
  const { store, ada, other } = sharedWorld()
  const command = { id: '600', guildId: ada.guildId, name: 'queue' }
  store.owners.keepCommand(ada.clientId, command)
  store.owners.keepCommand(other.clientId, command)
  expect(store.owners.ofCommand('600')).toEqual({ clientId: ada.clientId, name: 'queue' })
  expect(store.owners.others(other.clientId, ada.guildId)).toBe(true)
  store.clients.revoke(ada.clientId, ada.guildId)
  expect(store.owners.ofCommand('600')).toBeUndefined()
  expect(store.owners.others(other.clientId, ada.guildId)).toBe(false)
})
