/** The gateway's picture of a guild follows what Discord tells of it. */
import { expect, test } from 'vitest'
import type { Dispatch } from '../../src/ports/store.ts'
import { APPLICATION, guildOf, smallWorld } from '../support/world.ts'

const of = (name: string, data: Dispatch['data']) => ({ name, data: { guild_id: '100', ...data } })

interface Shown {
  readonly name: string
  readonly channels: readonly { readonly id: string; readonly name?: string }[]
  readonly threads: readonly { readonly id: string }[]
  readonly roles: readonly { readonly id: string }[]
  readonly members: readonly unknown[]
  readonly presences: readonly unknown[]
}

const ids = (list: readonly { readonly id: string }[]) => list.map(({ id }) => id)

test.each<[string, readonly Dispatch[], (shown: Shown) => unknown, unknown]>([
  [
    'shows its lists, of people only the bot itself',
    [],
    ({ members, presences }) => [members, presences],
    [[{ user: { id: APPLICATION } }], []],
  ],
  ['has a new channel', [of('CHANNEL_CREATE', { id: '8' })], ({ channels }) => ids(channels), ['1000001', '8']],
  [
    'has another name for a channel',
    [of('CHANNEL_UPDATE', { id: '1000001', name: 'new' })],
    ({ channels }) => channels.map(({ name }) => name),
    ['new'],
  ],
  ['has a channel less', [of('CHANNEL_DELETE', { id: '1000001' })], ({ channels }) => channels, []],
  [
    'does not show an archived thread',
    [of('THREAD_UPDATE', { id: '1000002', thread_metadata: { archived: true } })],
    ({ threads }) => threads,
    [],
  ],
  [
    'has the threads of a list',
    [of('THREAD_LIST_SYNC', { threads: [{ id: '9' }] })],
    ({ threads }) => ids(threads),
    ['1000002', '9'],
  ],
  ['has a thread less', [of('THREAD_DELETE', { id: '1000002' })], ({ threads }) => threads, []],
  [
    'has another role',
    [of('GUILD_ROLE_CREATE', { role: { id: '6' } }), of('GUILD_ROLE_DELETE', { role_id: '100' })],
    ({ roles }) => ids(roles),
    ['6'],
  ],
  [
    'has another name',
    [{ name: 'GUILD_UPDATE', data: { id: '100', name: 'new' } }],
    ({ name, channels }) => [name, channels.length],
    ['new', 1],
  ],
  [
    'knows other roles of the bot',
    [of('GUILD_MEMBER_UPDATE', { user: { id: APPLICATION }, roles: ['6'] })],
    ({ members }) => members,
    [{ user: { id: APPLICATION }, roles: ['6'] }],
  ],
  [
    'does not keep other people',
    [of('GUILD_MEMBER_UPDATE', { user: { id: '5' }, roles: ['6'] })],
    ({ members }) => members.length,
    1,
  ],
  [
    'knows nothing of other guilds',
    [{ name: 'CHANNEL_CREATE', data: { guild_id: '200', id: '8' } }],
    ({ channels }) => channels.length,
    1,
  ],
])('a guild %s', (_what, dispatches, look, expected) => {
  const { store, commit } = smallWorld()
  commit(...dispatches)
  expect(look(store.guilds.guild('100') as unknown as Shown)).toEqual(expected)
})

test('an archived thread stays the guild’s, also when the guild is told anew; a channel that is gone does not', () => {
  const { store, commit, ada } = smallWorld()
  commit(of('THREAD_UPDATE', { id: ada.threadId, thread_metadata: { archived: true } }), of('CHANNEL_CREATE', { id: '8' }))
  commit({ name: 'GUILD_CREATE', data: { ...guildOf(ada).data, threads: [] } })
  expect([ada.threadId, '8'].map(store.guilds.guildOfChannel)).toEqual([ada.guildId, undefined])
})
