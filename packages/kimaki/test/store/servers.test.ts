/** The OpenCode servers on record, and which projects were used last. */
import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, test } from 'vitest'
import { MIGRATIONS } from '../../src/store/schema.ts'
import { newFile, open } from './support.ts'
import { GUILD, message } from '../support/conversation.ts'

const record = (pid: number) => ({ pid, startTicks: `${pid}0`, port: 20_000 + pid, password: `secret ${pid}` })

test('rows of one process are one server, the folder it was started for first', async () => {
  const { servers } = open()
  await servers.write(record(2), ['/z'])
  await servers.write(record(1), ['/b', '/a'])
  await servers.write(record(2), ['/c'])
  expect(servers.read()).toMatchObject([
    { record: record(2), directories: ['/z', '/c'] },
    { record: record(1), directories: ['/b', '/a'] },
  ])
})

test('whether a server runs what projects bring is on record', async () => {
  const { servers } = open()
  await servers.write({ ...record(1), isBare: true }, ['/a'])
  await servers.write(record(2), ['/b'])
  expect(servers.read().map((known) => known.record)).toEqual([{ ...record(1), isBare: true }, record(2)])
})

test('a folder is served by one process: the newest', async () => {
  const { servers } = open()
  await servers.write(record(1), ['/a', '/b'])
  await servers.write(record(2), ['/a'])
  expect(servers.read().map(({ record: { pid }, directories }) => [pid, directories])).toEqual([
    [2, ['/a']],
    [1, ['/b']],
  ])
})

test('they outlive the bot, and are forgotten by folder; when the bot was last there is on record', async () => {
  const file = newFile()
  const first = open(file)
  await first.servers.write(record(1), ['/a', '/b'])
  await first.servers.write(record(2), ['/c'])
  await first.servers.heartbeat(1_800_000_000_000)
  await first.close()
  const { servers } = open(file)
  await servers.forget(['/a', '/c', '/unknown'])
  expect(servers.read()).toEqual([{ record: record(1), directories: ['/b'], heartbeatAt: 1_800_000_000_000 }])
})

test('the one server of a file from before serves all its projects', async () => {
  const file = newFile()
  mkdirSync(dirname(file))
  const old = new DatabaseSync(file)
  const single = MIGRATIONS.findIndex((sql) => typeof sql === 'string' && sql.includes('only_server'))
  old.exec(`${MIGRATIONS.slice(0, single).join(';')}; PRAGMA user_version = ${single}`)
  old.exec(`INSERT INTO server VALUES (1, 7, '70', 20007, 'secret 7')`)
  old.exec(`INSERT INTO project VALUES ('1', 'g', '/a', ''), ('2', 'g', '/b', ''), ('3', 'g', '/a', '')`)
  old.close()
  const [server, ...others] = open(file).servers.read()
  expect(others).toEqual([])
  expect(server).toMatchObject({ record: record(7), directories: ['/a', '/b'] })
  expect(Date.now() - (server?.heartbeatAt ?? 0)).toBeLessThan(60_000)
})

test('the project that was spoken in last comes first, then the one that was linked last', async () => {
  const store = open()
  const link = async (channelId: string, directory: string) => store.linkProject({ channelId, guildId: GUILD, directory }, '1')
  for (const [channel, folder] of [
    ['1', '/quiet'],
    ['2', '/first'],
    ['3', '/second'],
    ['4', '/first'],
  ] as const)
    await link(channel, folder)
  for (const [index, channelId] of ['3', '2', '3', '2'].entries()) {
    const place = { id: `${index}`, guildId: GUILD, channelId, directory: '/x', inThread: false }
    const request = { kind: 'message', message: message('hello') } as const
    await store.commit({ accept: [{ key: `discord:${index}`, request, conversation: place, at: 1 }] })
  }
  expect(await store.recentProjects()).toEqual(['/first', '/second', '/quiet'])
})
