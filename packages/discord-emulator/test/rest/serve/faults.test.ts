import { expect, test } from 'vitest'
import { apiOf, buildTown } from '../../support/town.ts'

const CREATE = 'POST /channels/:channel/messages'

async function faulty() {
  const town = await buildTown({ rateLimits: false })
  const contents = () => town.world.messages(town.channel.id).map(({ content }) => content)
  const post = (content: string) => town.call('POST', `/channels/${town.channel.id}/messages`, { content })
  const requests = () => town.emulator.journal.entries.filter((entry) => entry.kind === 'request')
  return { ...town, contents, post, requests, faults: town.emulator.faults }
}

test('a status answers in place of Discord, with its body and headers', async () => {
  const { faults, post, contents, requests, bot } = await faulty()
  const fault = faults.add({
    route: CREATE,
    effect: { kind: 'status', status: 503, body: { message: 'overloaded' }, headers: { 'X-Test': '1' } },
  })
  const answer = await post('one')
  expect(answer).toMatchObject({ status: 503, body: { message: 'overloaded' } })
  expect(answer.headers.get('x-test')).toBe('1')
  expect(contents()).toEqual([])
  expect(fault.hits).toBe(1)
  expect((await post('two')).status).toBe(200)
  expect(requests()).toMatchObject([
    { status: 503, fault: 'status', botId: bot.id },
    { status: 200, fault: undefined },
  ])
})

test('reset-before: the client meets a reset and nothing happened', async () => {
  const { faults, post, contents } = await faulty()
  faults.add({ route: CREATE, effect: { kind: 'reset-before' } })
  await expect(post('one')).rejects.toThrow('fetch failed')
  expect(contents()).toEqual([])
})

test('reset-after: the client meets the same reset, and the message stands', async () => {
  const { faults, post, contents, requests } = await faulty()
  const seen: number[] = []
  faults.add({ route: CREATE, effect: { kind: 'reset-after' }, onHit: () => void seen.push(contents().length) })
  await expect(post('one')).rejects.toThrow('fetch failed')
  expect(contents()).toEqual(['one'])
  expect(seen).toEqual([1])
  expect(requests()).toMatchObject([{ status: 200, fault: 'reset-after' }])
})

test('the real client repeats a lost answer: doubled without a nonce, once with it', async () => {
  const { faults, api, channel, contents } = await faulty()
  faults.add({ route: CREATE, effect: { kind: 'reset-after' } })
  await api.channels.createMessage(channel.id, { content: 'careless' })
  faults.add({ route: CREATE, effect: { kind: 'reset-after' } })
  await api.channels.createMessage(channel.id, { content: 'careful', nonce: 'n', enforce_nonce: true })
  expect(contents()).toEqual(['careless', 'careless', 'careful'])
})

test('hang: no answer ever, carried out or not', async () => {
  const { emulator, bot, faults, channel, contents } = await faulty()
  const impatient = apiOf(emulator, bot, { timeout: 100, retries: 0 })
  faults.add({ route: CREATE, effect: { kind: 'hang', commit: false } })
  await expect(impatient.channels.createMessage(channel.id, { content: 'one' })).rejects.toThrow('aborted')
  expect(contents()).toEqual([])
  faults.add({ route: CREATE, effect: { kind: 'hang', commit: true } })
  await expect(impatient.channels.createMessage(channel.id, { content: 'two' })).rejects.toThrow('aborted')
  expect(contents()).toEqual(['two'])
})

test('latency: carried out and answered, later', async () => {
  const { faults, post, contents } = await faulty()
  let started: number | undefined
  faults.add({
    route: CREATE,
    effect: { kind: 'latency', ms: 80 },
    onHit: () => {
      started = performance.now()
      expect(contents()).toEqual([])
    },
  })
  expect((await post('one')).status).toBe(200)
  expect(performance.now() - (started ?? Infinity)).toBeGreaterThanOrEqual(75)
  expect(contents()).toEqual(['one'])
})

test('faults skip, count down, apply to any route and can be cleared', async () => {
  const { faults, post, call } = await faulty()
  const broken = { kind: 'status', status: 500 } as const
  faults.add({ route: CREATE, after: 1, times: 2, effect: broken })
  const statuses = [await post('1'), await post('2'), await post('3'), await post('4')]
  expect(statuses.map(({ status }) => status)).toEqual([200, 500, 500, 200])

  const everywhere = faults.add({ route: '*', times: Infinity, effect: broken })
  expect([(await call('GET', '/users/@me')).status, (await post('5')).status]).toEqual([500, 500])
  everywhere.clear()
  expect((await post('6')).status).toBe(200)
  faults.add({ route: '*', effect: broken })
  faults.clear()
  expect((await post('7')).status).toBe(200)
})

test('the first match wins', async () => {
  const { faults, post } = await faulty()
  faults.add({ route: CREATE, effect: { kind: 'status', status: 500 } })
  faults.add({ route: '*', effect: { kind: 'status', status: 502 } })
  expect([(await post('1')).status, (await post('2')).status, (await post('3')).status]).toEqual([500, 502, 200])
})
