import { expect, onTestFinished, test } from 'vitest'
import { startEmulator } from '../../src/index.ts'

async function run(seed: number) {
  const emulator = await startEmulator({ seed, now: () => 1_800_000_000_000 })
  onTestFinished(() => emulator.stop())
  const { world } = emulator
  const ada = world.user('ada')
  const channel = world.guild({ name: 'Workshop', owner: ada }).textChannel('general')
  const { token } = world.bot({ name: 'helper' })
  const { id, attachments } = ada.send(channel.id, 'look', { files: [{ name: 'a.txt', data: 'a' }] })
  const address = attachments[0]?.url.replace(emulator.origin, '')
  expect((await fetch(`${emulator.origin}${address}`)).status).toBe(200)
  return { token, id, address }
}

test('under a seed and a clock that stands still, ids, tokens and signed addresses are the same in every run', async () => {
  const [once, again, other] = [await run(7), await run(7), await run(8)]
  expect(again).toEqual(once)
  expect(other.id).toBe(once.id)
  expect(other.token).not.toBe(once.token)
  expect(other.address).not.toBe(once.address)
})
