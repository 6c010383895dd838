import { expect, test } from 'vitest'
import { dial, identified } from '../../support/gateway.ts'
import { buildTown } from '../../support/town.ts'

async function outcomes(profile: 'flaky-wifi' | '429-storm' | 'discord-outage', seed: number) {
  const { emulator, call, channel } = await buildTown({ seed, rateLimits: false })
  emulator.faults.profile(profile)
  const seen: string[] = []
  for (let n = 0; n < 40; n += 1) {
    const answer = await call('POST', `/channels/${channel.id}/typing`).catch(() => undefined)
    seen.push(String(answer?.status ?? 'lost'))
  }
  const faults = emulator.journal.entries.flatMap((entry) => (entry.kind === 'request' ? [entry.fault ?? 'none'] : []))
  return { seen, faults }
}

test.each(['flaky-wifi', '429-storm', 'discord-outage'] as const)('%s is the same under the same seed', async (profile) => {
  const first = await outcomes(profile, 7)
  expect(await outcomes(profile, 7)).toEqual(first)
  expect((await outcomes(profile, 8)).faults).not.toEqual(first.faults)
})

test('each weather has its own troubles', async () => {
  const storm = (await outcomes('429-storm', 1)).seen
  expect(new Set(storm)).toEqual(new Set(['204', '429']))
  const outage = (await outcomes('discord-outage', 1)).seen
  expect(new Set(outage)).toEqual(new Set(['204', '500', '502', '503']))
  const wifi = await outcomes('flaky-wifi', 1)
  expect(new Set(wifi.seen)).toEqual(new Set(['204', 'lost']))
})

test('an outage takes the gateway down, its end brings it back', async () => {
  const { emulator, bot } = await buildTown({ seed: 1, rateLimits: { identify: { limit: 9, windowMs: 5000 } } })
  const { client } = await identified(emulator, bot)
  const end = emulator.faults.profile('discord-outage')
  expect(await client.closed).toBe(1006)
  expect(await (await dial(emulator)).closed).toBe(1006)
  end()
  expect((await identified(emulator, bot)).ready.t).toBe('READY')
})

test('a body is cut short, another trickles', async () => {
  const { emulator, call, alice, channel } = await buildTown()
  emulator.faults.add({ route: 'GET /users/@me', effect: { kind: 'truncate' } })
  await expect(call('GET', '/users/@me')).rejects.toThrow('terminated')
  emulator.faults.add({ route: 'GET /users/@me', effect: { kind: 'slow', ms: 40 } })
  expect((await call('GET', '/users/@me')).body.username).toBe('helper')
  const sent = alice.send(channel.id, '', { files: [{ name: 'a.txt', data: 'text' }] })
  const url = sent.attachments[0]?.url ?? ''
  const route = 'GET /attachments/:channel/:attachment/:filename'
  emulator.faults.add({ route, effect: { kind: 'truncate' } })
  await expect(fetch(url).then(async (answer) => answer.text())).rejects.toThrow('terminated')
  emulator.faults.add({ route, effect: { kind: 'status', status: 503 } })
  expect((await fetch(url)).status).toBe(503)
  expect(await (await fetch(url)).text()).toBe('text')
})

test('a seed makes tokens the same', async () => {
  const tokenOf = async (seed: number) => {
    const { bot } = await buildTown({ seed, now: () => 1_700_000_000_000 })
    return bot.token
  }
  expect(await tokenOf(3)).toBe(await tokenOf(3))
  expect(await tokenOf(3)).not.toBe(await tokenOf(4))
})
