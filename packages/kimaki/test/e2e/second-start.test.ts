/** A second start on the same data folder: it asks the first to go, or ends one that hangs. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { isAlive } from '../support/bot-process.ts'
import { newestServer } from '../support/servers.ts'
import { until } from '../support/until.ts'
import { FOOTER, useHarness } from '../support/use-harness.ts'
import { E2E_RULES } from './rules.ts'
import { readies, useWrappedBots } from './wrapped-bots.ts'
import { signalTo } from '../support/pids.ts'

const { harness, ask } = useHarness({ rules: E2E_RULES })
const { wrapped, ended, botPid } = useWrappedBots(harness)

/** The first one hangs and never answers: how long the second waits for it makes no difference. */
const IMPATIENT = { KIMAKI_TAKE_OVER_MS: '2000' }

const gateway = (what: string): number =>
  harness.emulator.journal.entries.filter((entry) => entry.kind === 'gateway' && entry.what === what).length

test('a second start asks the first to go: a run goes on in the same OpenCode, messages from before and meanwhile are answered once', async () => {
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

test('a second start kills a first one that hangs, whose wrapper then does not start another', async () => {
  const first = await wrapped()
  const thread = ask('slow tool #m9')
  await harness.untilSaid(thread, 'Working on #m9')
  const hung = botPid()
  signalTo(hung, 'SIGSTOP')
  const second = await wrapped(IMPATIENT)
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

test('a second start does the same when the wrapper hangs with it, as Ctrl-Z leaves them; continued, it ends', async () => {
  const first = await wrapped()
  const hung = botPid()
  for (const pid of [first.pid, hung]) signalTo(pid, 'SIGSTOP')
  const second = await wrapped(IMPATIENT)
  signalTo(first.pid, 'SIGCONT')
  await first.exited
  await harness.untilSaid(ask('hello #m10'), FOOTER)
  expect(readies(second)).toBe(1)
  expect(second.running).toBe(true)
})

test('a second start is left alone by a bot that another wrapper starts again: the earlier one ends, with words', async () => {
  const first = await wrapped()
  const file = join(harness.dataDir, 'bot-process.json')
  const { wrapper: _, ...record } = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>
  const hung = botPid()
  // So the wrapper is not told to stop, and starts a bot again.
  writeFileSync(file, JSON.stringify(record))
  signalTo(hung, 'SIGSTOP')
  const second = await wrapped(IMPATIENT)
  expect(await first.exited).toEqual({ code: 0, signal: null })
  expect(first.stderr()).toMatch(/the bot died \(SIGKILL\)\.(.|\n)*has taken over .* meanwhile; this one is not started again/)
  await harness.untilSaid(ask('hello #m12'), FOOTER)
  expect(readies(second)).toBe(1)
})

test('a second start leaves alone a process that is not the one on record', async () => {
  const first = await wrapped()
  const hung = botPid()
  const file = join(harness.dataDir, 'bot-process.json')
  const record = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>
  writeFileSync(file, JSON.stringify({ ...record, startTicks: '1' }))
  signalTo(hung, 'SIGSTOP')
  await expect(wrapped(IMPATIENT)).rejects.toThrow(/is taken by a program that does not answer\. End it, or set KIMAKI_LOCK_PORT/)
  expect(isAlive(hung)).toBe(true)
  signalTo(hung, 'SIGCONT')
  await harness.untilSaid(ask('hello #m11'), FOOTER)
  expect(first.running).toBe(true)
})
