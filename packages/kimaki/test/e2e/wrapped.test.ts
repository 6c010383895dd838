/** The bot under its wrapper: real processes, one of which dies, hangs or is told to go. */
import { expect, test } from 'vitest'
import { processesAbout } from '../build/processes-about.ts'
import { isAlive } from '../support/bot-process.ts'
import { INTERRUPTED } from '../support/harness.ts'
import { newestServer } from '../support/servers.ts'
import { until } from '../support/until.ts'
import { FOOTER, useHarness } from '../support/use-harness.ts'
import { E2E_RULES } from './rules.ts'
import { readies, useWrappedBots } from './wrapped-bots.ts'
import { signalTo } from '../support/pids.ts'

const { harness, ask } = useHarness({ rules: E2E_RULES })
const { wrapped, adopt, ended, botPid } = useWrappedBots(harness)

/** Threads whose run an orderly stop cut off: a bot that lives long enough says so. */
const cutOff: string[] = []

test('a bot that is killed in the middle of a run is started again, and the answer stands once', async () => {
  const bot = await wrapped()
  const thread = ask('slow tool #m1')
  await harness.untilSaid(thread, 'Working on #m1')
  const first = botPid()
  signalTo(first, 'SIGKILL')
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
  const thread = ask(`endless tool ${tag}`)
  await harness.untilSaid(thread, `Working on ${tag}`)
  // Red control: while it runs there is something to find.
  if (process.platform === 'linux') expect(processesAbout(harness.dataDir).length).toBeGreaterThanOrEqual(3)
  const startedAt = performance.now()
  signalTo(bot.pid, signal)
  expect(await bot.exited).toEqual({ code: 0, signal: null })
  expect(performance.now() - startedAt).toBeLessThan(5000)
  expect(processesAbout(harness.dataDir)).toEqual([])
  cutOff.push(thread)
})

test('Ctrl-C, which reaches wrapper and bot alike, is one orderly stop', async () => {
  const bot = await wrapped()
  await harness.untilSaid(ask('hello #m3'), FOOTER)
  signalTo(botPid(), 'SIGINT')
  signalTo(bot.pid, 'SIGINT')
  expect(await bot.exited).toEqual({ code: 0, signal: null })
  expect(processesAbout(harness.dataDir)).toEqual([])
  expect(bot.stderr().match(/ stopping {2}/g)).toHaveLength(1)
})

test('SIGUSR2 in the middle of a run starts the bot anew; OpenCode is the same, and the run goes on', async () => {
  const bot = await wrapped()
  const thread = ask('slow tool #m4')
  await harness.untilSaid(thread, 'Working on #m4')
  const [first, server] = [botPid(), newestServer(harness)]
  signalTo(bot.pid, 'SIGUSR2')
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
  adopt(bot)
  signalTo(bot.pid, 'SIGUSR2')
  await until('the words', () => bot.stderr().includes('there is no wrapper that would start kimaki again'))
  await harness.untilSaid(ask('hello #m6'), FOOTER)
  expect(bot.running).toBe(true)
})
