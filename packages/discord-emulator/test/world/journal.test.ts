import { expect, test } from 'vitest'
import { createJournal } from '../../src/index.ts'
import { identified } from '../support/gateway.ts'
import { buildTown } from '../support/town.ts'

test('entries are numbered without gaps and told to listeners', () => {
  const journal = createJournal(() => 7)
  const seen: number[] = []
  const stop = journal.onEntry(({ seq }) => void seen.push(seq))
  const record = { kind: 'gateway', botId: undefined, sessionId: undefined, what: 'connect', code: undefined } as const
  journal.append(record)
  stop()
  journal.append(record)
  expect(journal.entries).toEqual([
    { seq: 0, at: 7, ...record },
    { seq: 1, at: 7, ...record },
  ])
  expect(seen).toEqual([0])
})

test('a request is written with its route, bot, status and code', async () => {
  const { emulator, call, bot } = await buildTown()
  await call('GET', '/channels/1/messages?limit=5')
  expect(emulator.journal.entries.at(-1)).toMatchObject({
    kind: 'request',
    method: 'GET',
    route: '/channels/:channel/messages',
    path: '/api/v10/channels/1/messages?limit=5',
    botId: bot.id,
    status: 404,
    code: 10003,
    fault: undefined,
  })
  const entry = emulator.journal.entries.at(-1)
  expect(entry?.kind === 'request' && entry.startedAt <= entry.at).toBe(true)
  await call('GET', '/nowhere')
  expect(emulator.journal.entries.at(-1)).toMatchObject({ route: '(unknown)', status: 404, code: 0 })
})

test('effect, event and answer stand in this order', async () => {
  const { emulator, bot, channel, call } = await buildTown()
  await identified(emulator, bot)
  const before = emulator.journal.entries.length
  await call('POST', `/channels/${channel.id}/messages`, { content: 'x' })
  expect(emulator.journal.entries.slice(before).map(({ kind }) => kind)).toEqual(['message', 'dispatch', 'request'])
})

test('changes of messages keep what the message was then', async () => {
  const { emulator, alice, channel } = await buildTown()
  const thread = alice.startThread(channel.id, 'Task', alice.send(channel.id, 'task').id)
  const message = alice.send(thread.id, 'first')
  alice.edit(thread.id, message.id, 'second')
  alice.delete(thread.id, message.id)
  const entries = emulator.journal.entries.filter((entry) => entry.kind === 'message').slice(-3)
  expect(entries).toMatchObject([
    { action: 'create', content: 'first', parentId: channel.id, message: { content: 'first' } },
    { action: 'update', content: 'second', message: { content: 'second' } },
    { action: 'delete', content: 'second', messageId: message.id },
  ])
})

test('a message stays in the journal as it was when a thread is begun from it', async () => {
  const { emulator, alice, channel } = await buildTown()
  const { id } = alice.send(channel.id, 'task')
  alice.startThread(channel.id, 'Task', id)
  const entry = emulator.journal.entries.find((one) => one.kind === 'message' && one.messageId === id)
  expect(entry).toMatchObject({ content: 'task', message: { id, content: 'task', flags: 0, author: { username: 'alice' } } })
  expect(entry?.kind === 'message' && entry.message.thread).toBeUndefined()
  expect(JSON.parse(JSON.stringify(entry))).toMatchObject({ kind: 'message', message: { content: 'task' } })
})
