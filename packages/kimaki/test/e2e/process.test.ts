/** The bot under its wrapper, and a second start beside the first: real processes, one of which dies, hangs or is told to go. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { processesAbout } from '../build/processes-about.ts'
import { isAlive, type BotProcess, type Exit } from '../support/bot-process.ts'
import { INTERRUPTED } from '../support/harness.ts'
import { newestServer } from '../support/servers.ts'
import { until } from '../support/until.ts'
import { FOOTER, useHarness } from '../support/use-harness.ts'
import { E2E_RULES } from './rules.ts'

const WRAPPED = { kind: 'composition', file: new URL('../support/wrapped-bot.ts', import.meta.url) } as const

const { harness, ask } = useHarness({ rules: E2E_RULES })
const started: BotProcess[] = []

afterAll(async () => {
  for (const bot of started.splice(0)) await ended(bot)
})

afterAll(async () => {})

async function wrapped(): Promise<BotProcess> {
  const bot = await harness.bot(WRAPPED, { KIMAKI_NO_WRAPPER: '' })
  started.push(bot)
  return bot
}

/** The bot that holds the lock, as it has put itself on record. */
function botPid(): number {
  const file = join(harness.dataDir, 'bot-process.json')
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as { pid: number }).pid : -1
}

const readies = (bot: BotProcess): number => bot.stdout().split('"type":"ready"').length - 1

const gateway = (what: string): number =>
  harness.emulator.journal.entries.filter((entry) => entry.kind === 'gateway' && entry.what === what).length

/** Ends it, and whatever the test did to it. */
async function ended(bot: BotProcess): Promise<Exit> {
  return bot.running ? bot.stop() : bot.exited
}

/** Threads whose run an orderly stop cut off: a bot that lives long enough says so. */
const cutOff: string[] = []

describe('under the wrapper', () => {
  test('a bot that is killed in the middle of a run is started again, and the answer stands once', async () => {
    const bot = await wrapped()
    const thread = ask('slow tool #m1')
    await harness.untilSaid(thread, 'Working on #m1')
    const first = botPid()
    process.kill(first, 'SIGKILL')
    await harness.untilSaid(thread, 'Done with #m1')
    await harness.untilSaid(thread, FOOTER)
    expect(botPid()).not.toBe(first)
    expect(bot.stderr()).toContain('kimaki: the bot died (SIGKILL). Starting again in 0.05 s.')
    harness.expectFaithful()
    expect(await ended(bot)).toEqual({ code: 0, signal: null })
  })

  test.each([
    ['SIGINT', '#m2'],
    ['SIGTERM', '#m13'],
  ] as const)('%s ends all of it within 5 s, with 0, and leaves nothing running', async (signal, tag) => {
    const bot = await wrapped()
    const thread = ask(`slow tool ${tag}`)
    await harness.untilSaid(thread, `Working on ${tag}`)
    // Red control: while it runs there is something to find.
    if (process.platform === 'linux') expect(processesAbout(harness.dataDir).length).toBeGreaterThanOrEqual(3)
    const startedAt = performance.now()
    process.kill(bot.pid, signal)
    expect(await bot.exited).toEqual({ code: 0, signal: null })
    expect(performance.now() - startedAt).toBeLessThan(5000)
    expect(processesAbout(harness.dataDir)).toEqual([])
    cutOff.push(thread)
  })

  test('Ctrl-C, which reaches wrapper and bot alike, is one orderly stop', async () => {
    const bot = await wrapped()
    await harness.untilSaid(ask('hello #m3'), FOOTER)
    process.kill(botPid(), 'SIGINT')
    process.kill(bot.pid, 'SIGINT')
    expect(await bot.exited).toEqual({ code: 0, signal: null })
    expect(processesAbout(harness.dataDir)).toEqual([])
    expect(bot.stderr().match(/ stopping {2}/g)).toHaveLength(1)
  })

  test('SIGUSR2 in the middle of a run starts the bot anew; OpenCode is the same, and the run goes on', async () => {
    const bot = await wrapped()
    const thread = ask('slow tool #m4')
    await harness.untilSaid(thread, 'Working on #m4')
    const [first, server] = [botPid(), newestServer(harness)]
    process.kill(bot.pid, 'SIGUSR2')
    await until('the second ready', () => readies(bot) === 2)
    expect(botPid()).not.toBe(first)
    await harness.untilSaid(thread, 'Done with #m4')
    await harness.untilSaid(thread, FOOTER)
    expect(isAlive(server)).toBe(true)
    expect(bot.stderr().match(/started an OpenCode server/g)).toHaveLength(1)
    expect(harness.said(thread).some((text) => text.includes('interrupted'))).toBe(false)
    for (const earlier of cutOff) await harness.untilSaid(earlier, INTERRUPTED)
    harness.expectFaithful()
  })

  test('a wrapper that is killed leaves the bot at work, which says so once; the next start takes over from it', async () => {
    const bot = await wrapped()
    const orphan = botPid()
    bot.kill()
    await until('the words', () => bot.stderr().includes('the wrapper of this bot is gone'))
    const thread = ask('slow tool #m5')
    await harness.untilSaid(thread, 'Working on #m5')
    const next = await wrapped()
    await until('the end of the orphan', () => !isAlive(orphan))
    await harness.untilSaid(thread, 'Done with #m5')
    await harness.untilSaid(thread, FOOTER)
    expect(bot.stderr().match(/the wrapper of this bot is gone/g)).toHaveLength(1)
    harness.expectFaithful()
    expect(await ended(next)).toEqual({ code: 0, signal: null })
  })

  test('without a wrapper SIGUSR2 is answered with words, and the bot goes on', async () => {
    const bot = await harness.bot()
    started.push(bot)
    process.kill(bot.pid, 'SIGUSR2')
    await until('the words', () => bot.stderr().includes('there is no wrapper that would start kimaki again'))
    await harness.untilSaid(ask('hello #m6'), FOOTER)
    expect(bot.running).toBe(true)
  })
})

describe('a second start on the same data folder', () => {
  test('asks the first to go: a run goes on in the same OpenCode, messages from before and meanwhile are answered once', async () => {
    const first = await wrapped()
    const [identified, resumed] = [gateway('identify'), gateway('resumed')]
    const thread = ask('slow tool #m7')
    await harness.untilSaid(thread, 'Working on #m7')
    const server = newestServer(harness)
    const starting = wrapped()
    const meanwhile = ask('hello #m8')
    const second = await starting
    expect(await first.exited).toEqual({ code: 0, signal: null })
    expect(first.stderr()).toContain('kimaki: another kimaki takes over: this one ends.')
    expect(second.stderr()).toContain('it was asked to go')
    await harness.untilSaid(thread, 'Done with #m7')
    await Promise.all([harness.untilSaid(thread, FOOTER), harness.untilSaid(meanwhile, FOOTER)])
    expect(isAlive(server)).toBe(true)
    expect([gateway('identify'), gateway('resumed')]).toEqual([identified, resumed + 1])
    harness.expectFaithful()
    expect(await ended(second)).toEqual({ code: 0, signal: null })
    expect(isAlive(server)).toBe(false)
  })

  test('kills a first one that hangs, whose wrapper then does not start another', async () => {
    const first = await wrapped()
    const thread = ask('slow tool #m9')
    await harness.untilSaid(thread, 'Working on #m9')
    const hung = botPid()
    process.kill(hung, 'SIGSTOP')
    const second = await wrapped()
    await until('the end of the first', () => !isAlive(hung))
    expect((await first.exited).code).toBe(128 + 9)
    expect(second.stderr()).toContain(`(pid ${hung}) did not answer and was killed`)
    await harness.untilSaid(thread, 'Done with #m9')
    await harness.untilSaid(thread, FOOTER)
    // Nobody came back for the lock.
    expect(readies(second)).toBe(1)
    expect(second.running).toBe(true)
    harness.expectFaithful()
  })

  test('does the same when the wrapper hangs with it, as Ctrl-Z leaves them; continued, it ends', async () => {
    const first = await wrapped()
    const hung = botPid()
    for (const pid of [first.pid, hung]) process.kill(pid, 'SIGSTOP')
    const second = await wrapped()
    process.kill(first.pid, 'SIGCONT')
    await first.exited
    await harness.untilSaid(ask('hello #m10'), FOOTER)
    expect(readies(second)).toBe(1)
    expect(second.running).toBe(true)
  })

  test('is left alone by a bot that another wrapper starts again: the earlier one ends, with words', async () => {
    const first = await wrapped()
    const file = join(harness.dataDir, 'bot-process.json')
    const { wrapper: _, ...record } = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>
    const hung = botPid()
    // So the wrapper is not told to stop, and starts a bot again.
    writeFileSync(file, JSON.stringify(record))
    process.kill(hung, 'SIGSTOP')
    const second = await wrapped()
    expect(await first.exited).toEqual({ code: 0, signal: null })
    expect(first.stderr()).toMatch(/the bot died \(SIGKILL\)\.(.|\n)*has taken over .* meanwhile; this one is not started again/)
    await harness.untilSaid(ask('hello #m12'), FOOTER)
    expect(readies(second)).toBe(1)
  })

  test('leaves alone a process that is not the one on record', async () => {
    const first = await wrapped()
    const hung = botPid()
    const file = join(harness.dataDir, 'bot-process.json')
    const record = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>
    writeFileSync(file, JSON.stringify({ ...record, startTicks: '1' }))
    process.kill(hung, 'SIGSTOP')
    await expect(wrapped()).rejects.toThrow(/is taken by a program that does not answer\. End it, or set KIMAKI_LOCK_PORT/)
    expect(isAlive(hung)).toBe(true)
    process.kill(hung, 'SIGCONT')
    await harness.untilSaid(ask('hello #m11'), FOOTER)
    expect(first.running).toBe(true)
  })
})
