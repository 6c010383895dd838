/** The parent of the bot, around a small program that ends as it is told. */
import { afterEach, describe, expect, test } from 'vitest'
import { isAlive, startBot, type BotProcess } from '../support/bot-process.ts'
import { signalTo } from '../support/pids.ts'

const PROGRAM = { kind: 'composition', file: new URL('fixtures/wrapped-program.ts', import.meta.url) } as const

let wrapper: BotProcess
afterEach(async () => {
  const last = lives().at(-1)
  wrapper.kill()
  if (last && isAlive(last)) signalTo(last, 'SIGKILL')
  await wrapper.exited
})

const start = (orders: string, env: Readonly<Record<string, string>> = {}): BotProcess =>
  (wrapper = startBot(PROGRAM, { PATH: process.env['PATH'] ?? '', ORDERS: orders, ...env }))

/** Pids of the lives so far. */
const lives = (): readonly number[] => [...wrapper.stdout().matchAll(/^life \d+ (\d+)$/gm)].map(([, pid]) => Number(pid))

async function untilLife(number: number): Promise<number> {
  while (lives().length < number) {
    if (!wrapper.running) throw new Error(`the wrapper has ended: ${wrapper.stderr()}`)
    await new Promise(setImmediate)
  }
  return lives()[number - 1] ?? -1
}

describe('the end of the child', () => {
  test.each([0, 64])('with %i is the end of the wrapper, with the same code', async (code) => {
    start(String(code))
    expect(await wrapper.exited).toEqual({ code, signal: null })
    expect(wrapper.stderr()).toBe('')
    expect(lives()).toHaveLength(1)
  })

  test('by a crash leads to a new life, told in one line; the words of the crash are shown', async () => {
    start('throw 0')
    expect(await wrapper.exited).toEqual({ code: 0, signal: null })
    expect(lives()).toHaveLength(1)
    expect(wrapper.stdout()).toContain('life 2 ')
    expect(wrapper.stderr()).toContain('a crash with words')
    expect(wrapper.stderr()).toContain('kimaki: the bot died (exit code 1). Starting again in 0.02 s.\n')
  })

  test('by SIGKILL leads to a new life', async () => {
    start('stay')
    signalTo(await untilLife(1), 'SIGKILL')
    await untilLife(2)
    expect(wrapper.stderr()).toBe('kimaki: the bot died (SIGKILL). Starting again in 0.02 s.\n')
  })

  test('by one crash after the other ends the wrapper with 1, in words', async () => {
    start('3')
    expect(await wrapper.exited).toEqual({ code: 1, signal: null })
    expect(lives()).toHaveLength(6)
    expect(wrapper.stderr()).toMatch(/It crashed 6 times within 60 s of running, so it is not started again\..*\n$/)
  })

  test('with 75 is no crash', async () => {
    start('75 75 75 75 75 75 75 75 0')
    expect(await wrapper.exited).toEqual({ code: 0, signal: null })
    expect(lives()).toHaveLength(9)
  })
})

describe('a signal', () => {
  test.each(['SIGINT', 'SIGTERM'] as const)('%s goes on to the child, whose end ends the wrapper', async (signal) => {
    start('stay')
    await untilLife(1)
    signalTo(wrapper.pid, signal)
    expect(await wrapper.exited).toEqual({ code: 0, signal: null })
    expect(wrapper.stdout()).toContain(`heard ${signal}\n`)
    expect(lives()).toHaveLength(1)
  })

  test('SIGUSR1 goes on to the child, which stays; SIGUSR2 does, and its end leads to a new life at once', async () => {
    start('stay')
    const first = await untilLife(1)
    signalTo(wrapper.pid, 'SIGUSR1')
    while (!wrapper.stdout().includes('heard SIGUSR1')) await new Promise(setImmediate)
    signalTo(wrapper.pid, 'SIGUSR2')
    expect(await untilLife(2)).not.toBe(first)
    expect(wrapper.stderr()).toBe('kimaki: the bot starts anew.\n')
  })

  test('ends a pause before the next life', async () => {
    start('9', { PAUSE_MS: '600000' })
    while (!wrapper.stderr().includes('Starting again in 600 s')) await new Promise(setImmediate)
    expect(await wrapper.stop()).toEqual({ code: 0, signal: null })
    expect(lives()).toHaveLength(1)
  })

  test('kills a child that does not end in time, and says so', async () => {
    start('deaf')
    const child = await untilLife(1)
    const startedAt = performance.now()
    expect(await wrapper.stop()).toEqual({ code: 128 + 9, signal: null })
    expect(performance.now() - startedAt).toBeGreaterThan(5000)
    expect(isAlive(child)).toBe(false)
    expect(wrapper.stderr()).toContain('the bot was ended by SIGKILL before it had stopped in order')
  })
})

test('the child outlives a wrapper that is killed', async () => {
  start('stay')
  const child = await untilLife(1)
  wrapper.kill()
  while (isAlive(wrapper.pid)) await new Promise(setImmediate)
  expect(isAlive(child)).toBe(true)
  signalTo(child, 'SIGTERM')
  await wrapper.exited
})

test('without it, when asked for, there is no second process', async () => {
  start('5', { KIMAKI_NO_WRAPPER: '1' })
  expect(await wrapper.exited).toEqual({ code: 5, signal: null })
  expect(wrapper.stderr()).toBe('')
})

describe('off a terminal', () => {
  const EVENTS = [
    '{"type":"install_url","url":"https://gateway.example/1"}',
    '{"type":"authorized","guild_id":"1"}',
    '{"type":"ready","app_id":"2","guild_ids":["1"]}',
  ].map((json) => `data: ${json}\n\n`)

  test('stdout has the events of the bot and nothing else; what it prints, and what its children print, goes to stderr', async () => {
    start('print')
    await wrapper.exited
    expect(wrapper.stdout()).toBe(EVENTS.join(''))
    for (const noise of ['data: {"type":"ready"}', 'data: {"type":"error"}', 'data: half', '{"type":'])
      expect(wrapper.stderr()).toContain(noise)
  })

  test('red control: without the wrapper, a child that has its stdout gets between the events', async () => {
    start('print', { KIMAKI_NO_WRAPPER: '1' })
    await wrapper.exited
    expect(wrapper.stdout()).toContain('data: half')
  })
})
