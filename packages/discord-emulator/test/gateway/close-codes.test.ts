import { expect, test } from 'vitest'
import { CLOSE_RULES } from '../../src/rules/close-codes.ts'
import { dial, identified } from '../support/gateway.ts'
import { buildTown, text } from '../support/town.ts'

const codes = Object.entries(CLOSE_RULES).map(([code, { resumable }]) => [Number(code), resumable] as const)

test.each(codes)('code %i is sent on demand, and its session can be resumed: %s', async (code, resumable) => {
  const { emulator, bot } = await buildTown()
  const { client, ready } = await identified(emulator, bot)
  emulator.gateway.close(bot.id, code)
  expect(await client.closed).toBe(code)
  const again = await dial(emulator)
  again.send(6, { token: bot.token, session_id: text(ready.d.session_id), seq: ready.s })
  const answer = await again.next(({ op, t }) => op === 9 || t === 'RESUMED')
  expect(answer.t).toBe(resumable ? 'RESUMED' : null)
})

test('more than 2500 guilds do not fit on a shard', async () => {
  const { emulator, world, alice, bot } = await buildTown()
  for (let index = 0; index < 2500; index += 1) world.guild({ name: `Guild ${index}`, owner: alice }).addBot(bot)
  const client = await dial(emulator)
  client.send(2, { token: bot.token, intents: 1, properties: {} })
  expect(await client.closed).toBe(4011)
})
