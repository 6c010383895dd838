/** What ends the bot for good, and what it sits out. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openWorld, outgoing, value, type World } from './world.ts'

let world: World

beforeEach(async () => {
  world = await openWorld()
})

afterEach(() => world.stop())

describe('at start', () => {
  test('a wrong token is fatal, in words (L1)', async () => {
    const chat = world.chat({ options: { token: 'wrong' } })
    expect(await chat.start()).toEqual({
      kind: 'fatal',
      message: 'Discord does not accept the bot token.',
      fix: expect.stringContaining('Reset Token'),
    })
  })

  test('a wrong token beside a session to resume is fatal too', async () => {
    const first = world.chat()
    await first.start()
    await first.port.stop()
    const second = world.chat({ position: first.position(), options: { token: 'wrong' } })
    expect(await second.start()).toMatchObject({ kind: 'fatal', message: expect.stringContaining('token') })
  })

  test('a missing Message Content intent names its switch', async () => {
    const bot = world.emulator.world.bot({ name: 'deaf', token: 'deaf-token', messageContentIntent: false })
    world.guild.addBot(bot)
    const chat = world.chat({ options: { token: bot.token } })
    expect(await chat.start()).toMatchObject({
      kind: 'fatal',
      message: expect.stringContaining('4014'),
      fix: expect.stringContaining('Message Content Intent'),
    })
  })

  test('a refusal by whatever answers there is fatal, in words', async () => {
    world.emulator.faults.add({ route: 'GET /gateway/bot', effect: { kind: 'status', status: 404, body: 'not here' } })
    expect(await world.chat().start()).toMatchObject({
      kind: 'fatal',
      message: expect.stringContaining('HTTP 404'),
      fix: expect.stringContaining('KIMAKI_DISCORD_API_URL'),
    })
  })

  test('no answer, errors and rate limits are waited out', async () => {
    const route = 'GET /gateway/bot'
    world.emulator.faults.add({ route, effect: { kind: 'reset-before' } })
    world.emulator.faults.add({ route, effect: { kind: 'status', status: 502, body: '<html>' } })
    world.emulator.faults.add({ route, effect: { kind: 'status', status: 401, body: 'a proxy' } })
    expect(await world.chat().start()).toMatchObject({ kind: 'ready' })
  })

  test('a stop before the connection stands ends the start (L1)', async () => {
    world.emulator.faults.add({ route: '*', times: Number.POSITIVE_INFINITY, effect: { kind: 'hang', commit: false } })
    const chat = world.chat()
    const started = chat.start()
    await chat.port.stop()
    await expect(started).rejects.toThrow(expect.objectContaining({ name: 'AbortError' }))
  })
})

describe('later', () => {
  test.each([4004, 4010, 4011, 4012, 4013, 4014])('close code %i is told once (L2, S5)', async (code) => {
    const chat = world.chat()
    await chat.start()
    world.emulator.gateway.close(world.bot.id, code)
    const fatal = await chat.until('the end', () => chat.fatals[0])
    expect(fatal.message).not.toBe('')
    expect(fatal.fix).not.toBe('')
    expect(chat.fatals).toHaveLength(1)
  })

  test('a token that was reset is told once Discord repeats it (L3)', async () => {
    const chat = world.chat()
    await chat.start()
    world.emulator.faults.add({
      route: '*',
      times: Number.POSITIVE_INFINITY,
      effect: { kind: 'status', status: 401, body: { message: '401: Unauthorized', code: 0 } },
    })
    await chat.port.post(world.channelId, outgoing('x'), 'n')
    expect(await chat.until('the end', () => chat.fatals[0])).toMatchObject({ message: expect.stringContaining('token') })
  })

  test('a refused gateway address is not', async () => {
    const chat = world.chat()
    await chat.start()
    world.emulator.faults.add({ route: 'GET /gateway/bot', effect: { kind: 'status', status: 403, body: 'a firewall' } })
    world.emulator.gateway.expire(world.bot.id)
    world.emulator.gateway.cut(world.bot.id)
    await chat.until('a new session', () => chat.events.filter(({ kind }) => kind === 'fresh')[1])
    expect(chat.fatals).toEqual([])
    value(await chat.port.post(world.channelId, outgoing('still here'), 'n'))
  })
})
