import { expect, test } from 'vitest'
import { dial, identified } from '../support/gateway.ts'
import { buildTown, text } from '../support/town.ts'

async function watched() {
  const town = await buildTown()
  const { client, ready } = await identified(town.emulator, town.bot)
  await client.event('GUILD_CREATE')
  const contents = () => client.received.filter(({ t }) => t === 'MESSAGE_CREATE').map(({ d }) => text(d.content))
  const say = (...lines: readonly string[]) => lines.forEach((line) => town.alice.send(town.channel.id, line))
  const heard = async () => {
    client.send(1, null)
    await client.next(({ op }) => op === 11)
    return contents()
  }
  return { ...town, client, ready, say, heard }
}

test('an event comes twice with the same number', async () => {
  const { emulator, bot, client, say, heard } = await watched()
  const fault = emulator.faults.addEvent(bot.id, { event: 'MESSAGE_CREATE', effect: { kind: 'duplicate' } })
  say('one', 'two')
  expect(await heard()).toEqual(['one', 'one', 'two'])
  const numbers = client.received.filter(({ t }) => t === 'MESSAGE_CREATE').map(({ s }) => s)
  expect(numbers[0]).toBe(numbers[1])
  expect(fault.hits).toBe(1)
})

test('an event changes places with the next', async () => {
  const { emulator, bot, say, heard } = await watched()
  emulator.faults.addEvent(bot.id, { event: 'MESSAGE_CREATE', effect: { kind: 'swap' } })
  say('one', 'two', 'three')
  expect(await heard()).toEqual(['two', 'one', 'three'])
})

test('an event comes late by the clock of the world', async () => {
  const { emulator, bot, client, say, heard } = await watched()
  emulator.faults.addEvent(bot.id, { event: 'MESSAGE_CREATE', effect: { kind: 'late', ms: 60_000 } })
  say('one', 'two')
  expect(await heard()).toEqual(['two'])
  emulator.clock.advance(60_000)
  await client.next(({ d }) => d?.content !== undefined && text(d.content) === 'one')
})

test('a gap in the sequence is filled by a RESUME', async () => {
  const { emulator, bot, client, ready, say, heard } = await watched()
  const before = client.received.at(-1)?.s
  emulator.faults.addEvent(bot.id, { event: 'MESSAGE_CREATE', effect: { kind: 'skip' } })
  say('one', 'two')
  expect(await heard()).toEqual(['two'])
  const again = await dial(emulator)
  again.send(6, { token: bot.token, session_id: ready.d.session_id, seq: before })
  await again.event('RESUMED')
  expect(again.received.filter(({ t }) => t === 'MESSAGE_CREATE').map(({ d }) => text(d.content))).toEqual(['one', 'two'])
})

test('an event comes with other data, and a RESUME repeats it so', async () => {
  const { emulator, bot, client, ready, say, heard } = await watched()
  const before = client.received.at(-1)?.s
  const change = (data: unknown) => ({ ...(data as object), content: 'changed' })
  emulator.faults.addEvent(bot.id, { event: 'MESSAGE_CREATE', effect: { kind: 'change', change } })
  say('one', 'two')
  expect(await heard()).toEqual(['changed', 'two'])
  const again = await dial(emulator)
  again.send(6, { token: bot.token, session_id: ready.d.session_id, seq: before })
  await again.event('RESUMED')
  expect(again.received.filter(({ t }) => t === 'MESSAGE_CREATE').map(({ d }) => text(d.content))).toEqual(['changed', 'two'])
})
