/** The life of a gateway session: new, resumed within the process and across restarts, lost. */
import { afterEach, describe, expect, test } from 'vitest'
import { openWorld, outgoing, type Chat, type World } from './world.ts'

let world: World

afterEach(() => world.stop())

const arrived = (chat: Chat, text: string) => chat.until(`message ${text}`, () => chat.texts().find((seen) => seen === text))
const count = (step: string) => world.gatewaySteps().filter((seen) => seen === step).length

describe('a new session', () => {
  test('says who we are, and hands up what is sent in the very moment it is ready', async () => {
    world = await openWorld()
    let sent = false
    world.emulator.journal.onEntry((entry) => {
      if (sent || entry.kind !== 'dispatch' || entry.event !== 'READY') return
      sent = true
      queueMicrotask(() => world.owner.send(world.channelId, 'too early?'))
    })
    const chat = world.chat()
    const ready = await chat.start()
    expect(ready).toEqual({
      kind: 'ready',
      applicationId: world.bot.applicationId,
      botUserId: world.bot.id,
      guildIds: [world.guild.id],
    })
    await arrived(chat, 'too early?')
    expect(chat.events[0]).toMatchObject({ kind: 'fresh', position: { sequence: 1 } })
  })

  test('is told before anything that comes with it, in the order of the gateway (G1)', async () => {
    world = await openWorld()
    const chat = world.chat()
    await chat.start()
    world.owner.send(world.channelId, 'one')
    world.owner.send(world.channelId, 'two')
    await arrived(chat, 'two')
    const before = chat.events.length
    world.owner.send(world.guild.textChannel('chatter').id, 'noise')
    await chat.until('the noise', () => chat.events.slice(before).find(({ kind }) => kind === 'passed'))
    expect(chat.events[0]?.kind).toBe('fresh')
    expect(chat.texts()).toEqual(['one', 'two'])
    const sequences = chat.events.map(({ position }) => position?.sequence ?? 0)
    expect(sequences).toEqual([...new Set(sequences)].toSorted((a, b) => a - b))
  })
})

test('how the line stands: down before the start and while the gateway refuses, for how long and why, and up again', async () => {
  world = await openWorld()
  const chat = world.chat()
  expect(chat.port.line()).toMatchObject({ kind: 'down', reason: expect.stringMatching(/\w/) })
  await chat.start()
  expect(chat.port.line()).toEqual({ kind: 'up' })
  world.emulator.gateway.refuse(true)
  world.emulator.gateway.cut(world.bot.id)
  const down = await chat.until('the end of the line', () => {
    const line = chat.port.line()
    return line.kind === 'down' ? line : undefined
  })
  expect(down.reason).toMatch(/\w/)
  expect(down.forMs).toBeGreaterThanOrEqual(0)
  world.emulator.gateway.refuse(false)
  await chat.until('the line', () => (chat.port.line().kind === 'up' ? true : undefined))
})

describe('a drop', () => {
  test.each([
    ['a cut line', (w: World) => w.emulator.gateway.cut(w.bot.id)],
    ['op 7', (w: World) => w.emulator.gateway.reconnect(w.bot.id)],
    ['close code 4000', (w: World) => w.emulator.gateway.close(w.bot.id, 4000)],
    ['close code 1001', (w: World) => w.emulator.gateway.close(w.bot.id, 1001)],
  ])('%s is resumed: what was missed arrives once and in order', async (_name, drop) => {
    world = await openWorld()
    const chat = world.chat()
    await chat.start()
    world.owner.send(world.channelId, 'before')
    await arrived(chat, 'before')
    drop(world)
    for (let n = 0; n < 5; n += 1) world.owner.send(world.channelId, `missed ${n}`)
    await arrived(chat, 'missed 4')
    await chat.until('the resume', () => chat.lines.find((line) => line.startsWith('gateway session resumed')))
    expect(chat.texts()).toEqual(['before', ...[0, 1, 2, 3, 4].map((n) => `missed ${n}`)])
    expect([count('identify'), count('resumed')]).toEqual([1, 1])
    expect(chat.events.filter(({ kind }) => kind === 'fresh')).toHaveLength(1)
  })

  test('is told apart: what was written meanwhile, and what is written now (G3)', async () => {
    world = await openWorld()
    const chat = world.chat()
    await chat.start()
    world.owner.send(world.channelId, 'before')
    await arrived(chat, 'before')
    world.emulator.gateway.cut(world.bot.id)
    world.owner.send(world.channelId, 'missed')
    await arrived(chat, 'missed')
    await chat.until('the resume', () => chat.lines.find((line) => line.startsWith('gateway session resumed')))
    world.owner.send(world.channelId, 'after')
    await arrived(chat, 'after')
    const told = chat.events.flatMap((event) => (event.kind === 'message' ? [[event.message.text, event.late]] : []))
    expect(told).toEqual([
      ['before', undefined],
      ['missed', true],
      ['after', undefined],
    ])
  })

  test('while the gateway refuses connections is resumed when it is back (S2)', async () => {
    world = await openWorld()
    const chat = world.chat()
    await chat.start()
    world.emulator.gateway.refuse(true)
    world.emulator.gateway.cut(world.bot.id)
    world.owner.send(world.channelId, 'missed')
    await chat.until('two failed connections', () => chat.lines.filter((line) => line.startsWith('gateway connection ended'))[2])
    world.emulator.gateway.refuse(false)
    await arrived(chat, 'missed')
    expect([count('identify'), count('resumed')]).toEqual([1, 1])
  })

  test('of the session itself begins a new one, told before what comes with it', async () => {
    world = await openWorld()
    const chat = world.chat()
    await chat.start()
    world.emulator.gateway.invalidate(world.bot.id)
    await chat.until('second fresh', () => chat.events.filter(({ kind }) => kind === 'fresh')[1])
    world.owner.send(world.channelId, 'behind it')
    await arrived(chat, 'behind it')
    expect(chat.events.findLastIndex(({ kind }) => kind === 'fresh')).toBeLessThan(
      chat.events.findIndex(({ kind }) => kind === 'message'),
    )
  })

  test('without a word, heartbeats unanswered, is noticed within two intervals (C4)', async () => {
    world = await openWorld({ heartbeatInterval: 300 })
    const chat = world.chat()
    await chat.start()
    world.emulator.gateway.muteHeartbeats(world.bot.id, true)
    await chat.until('the end', () => chat.lines.find((line) => line.includes('zombie')))
    world.emulator.gateway.muteHeartbeats(world.bot.id, false)
    world.owner.send(world.channelId, 'alive')
    await arrived(chat, 'alive')
    expect(count('identify')).toBe(1)
  })

  test('of a half-open line is noticed, and the dead socket does not hold the new one (C4, C6)', async () => {
    world = await openWorld({ heartbeatInterval: 300 })
    const chat = world.chat()
    await chat.start()
    world.emulator.gateway.freeze(world.bot.id)
    world.owner.send(world.channelId, 'into the void')
    await arrived(chat, 'into the void')
    expect([count('identify'), count('resumed')]).toEqual([1, 1])
  })
})

describe('a restart of the bot', () => {
  test('resumes from the persisted position: exactly what was not committed comes again, in order', async () => {
    world = await openWorld()
    const first = world.chat()
    await first.start()
    const thread = world.owner.startThread(world.channelId, 'work', world.owner.send(world.channelId, 'one').id)
    await arrived(first, 'one')
    const committed = first.events.find((event) => event.kind === 'message')?.position
    world.owner.send(thread.id, 'two, not committed')
    await arrived(first, 'two, not committed')
    world.emulator.gateway.cut(world.bot.id)
    await first.port.stop()
    world.owner.send(world.channelId, 'three, while down')
    world.owner.send(thread.id, 'four, while down')

    const second = world.chat({ position: committed })
    expect(await second.start()).toEqual({
      kind: 'ready',
      botUserId: world.bot.id,
      applicationId: world.bot.applicationId,
      guildIds: [world.guild.id],
    })
    await arrived(second, 'four, while down')
    expect(second.texts()).toEqual(['two, not committed', 'three, while down', 'four, while down'])
    expect(second.messages()[2]).toMatchObject({ inThread: true, projectChannelId: world.channelId })
    const [event] = second.events.flatMap((seen) => (seen.kind === 'message' ? [seen] : []))
    expect(event?.access).toMatchObject({ ownerId: world.owner.id, guildId: world.guild.id, memberRoleIds: [] })
    expect(second.events.some(({ kind }) => kind === 'fresh')).toBe(false)
    expect([count('identify'), count('resumed')]).toEqual([1, 1])
  })

  test('after an orderly stop resumes too', async () => {
    world = await openWorld()
    const first = world.chat()
    await first.start()
    await first.port.stop()
    world.owner.send(world.channelId, 'while down')
    const second = world.chat({ position: first.position() })
    await second.start()
    await arrived(second, 'while down')
    expect([count('identify'), count('resumed')]).toEqual([1, 1])
  })

  test('with a session that is gone begins a new one (S2)', async () => {
    world = await openWorld()
    const first = world.chat()
    await first.start()
    await first.port.stop()
    world.emulator.gateway.expire(world.bot.id)
    const second = world.chat({ position: first.position() })
    await second.start()
    expect(second.events[0]?.kind).toBe('fresh')
    expect([count('identify'), count('resumed')]).toEqual([2, 0])
  })

  test('with a resume address that is dead falls back to the general one', async () => {
    world = await openWorld()
    const first = world.chat()
    await first.start()
    await first.port.stop()
    world.owner.send(world.channelId, 'while down')
    const position = first.position()
    const second = world.chat({ position: position && { ...position, resumeUrl: 'ws://127.0.0.1:1' } })
    await second.start()
    await arrived(second, 'while down')
    expect([count('identify'), count('resumed')]).toEqual([1, 1])
  })
})

describe('a fact that must be fetched', () => {
  test('holds everything behind it: a slow guild is not overtaken by a fast one (G1)', async () => {
    world = await openWorld()
    const other = world.emulator.world.guild({ name: 'Other', owner: world.owner })
    other.addBot(world.bot)
    const projects = [other.textChannel('project').id]
    const first = world.chat()
    await first.start()
    await first.port.stop()
    world.emulator.faults.add({ route: 'GET /guilds/:guild', effect: { kind: 'latency', ms: 200 } })
    world.owner.send(world.channelId, 'slow')
    for (const id of projects) world.owner.send(id, 'fast')
    world.owner.send(world.channelId, 'last')
    const second = world.chat({ position: first.position(), projects })
    await second.start()
    await arrived(second, 'last')
    expect(second.texts()).toEqual(['slow', 'fast', 'last'])
    const sequences = second.events.map(({ position }) => position?.sequence ?? 0)
    expect(sequences).toEqual(sequences.toSorted((a, b) => a - b))
  })

  test.each([
    ['longer', 200, true],
    ['less', 10_000, false],
  ])('and takes %s than %i ms: is what waits for it told as late (G3)? %o', async (_how, stillNewMs, late) => {
    world = await openWorld()
    const first = world.chat()
    await first.start()
    await first.port.stop()
    const second = world.chat({ position: first.position(), options: { overrides: { ingest: { stillNewMs } } } })
    await second.start()
    await second.until('the resume', () => second.lines.find((line) => line.startsWith('gateway session resumed')))
    world.emulator.faults.add({ route: 'GET /guilds/:guild', effect: { kind: 'latency', ms: 300 } })
    world.owner.send(world.channelId, 'now')
    await arrived(second, 'now')
    expect(second.events.some((event) => event.kind === 'message' && event.late)).toBe(late)
  })

  test('is asked for again while Discord has trouble, and a thread nobody announced is looked up', async () => {
    world = await openWorld()
    const thread = world.owner.startThread(world.channelId, 'work', world.owner.send(world.channelId, 'go').id)
    const first = world.chat()
    await first.start()
    await first.port.stop()
    const trouble = { kind: 'status', status: 500 } as const
    world.emulator.faults.add({ route: 'GET /guilds/:guild/threads/active', times: 3, effect: trouble })
    const lookedUp = world.emulator.faults.add({ route: 'GET /channels/:channel', times: 4, effect: trouble })
    world.owner.send(thread.id, 'in a thread')
    const second = world.chat({ position: first.position() })
    await second.start()
    await arrived(second, 'in a thread')
    expect(second.messages()[0]).toMatchObject({ inThread: true, projectChannelId: world.channelId })
    expect(lookedUp.hits).toBe(4)
  })
})

test('the token is in no line of the log', async () => {
  world = await openWorld()
  const chat = world.chat()
  await chat.start()
  world.emulator.gateway.cut(world.bot.id)
  world.emulator.faults.add({ route: '*', effect: { kind: 'status', status: 500 } })
  await chat.port.post(world.channelId, outgoing('x'), 'n')
  world.owner.send(world.channelId, 'after')
  await arrived(chat, 'after')
  expect(chat.lines.length).toBeGreaterThan(3)
  expect(chat.lines.join('\n')).not.toContain(world.bot.token)
})
