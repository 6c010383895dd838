/** A data folder that cannot be used for a while, or never again: the operator is told, and nobody is told what is not on record. */
import { closeSync, openSync, readFileSync, statSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { fault } from '../faults/kinds.ts'
import { startBot, type BotProcess } from '../support/bot-process.ts'
import { linkInStore } from '../support/link-project.ts'
import { forbidGrowth, ownDisk, type OwnDisk } from '../support/own-disk.ts'
import { until } from '../support/until.ts'
import { FOOTER, useHarness } from '../support/use-harness.ts'
import { E2E_RULES } from './rules.ts'

const WRAPPED = { kind: 'composition', file: new URL('../support/wrapped-bot.ts', import.meta.url) } as const
const TRUSTING = { kind: 'composition', file: new URL('fixtures/bot-that-trusts-the-disk.ts', import.meta.url) } as const
const CANNOT_WRITE = 'cannot write to the database: nothing is accepted, done or posted until this is mended'

const { harness, project, ask } = useHarness({ rules: E2E_RULES, each: true })
let disk: OwnDisk

beforeEach(async () => {
  disk = ownDisk(harness.dataDir)
  // What was linked before lies below the disk.
  await linkInStore(harness.dataDir, { ...project, guildId: harness.guild.id }, project.channelId)
})

afterEach(async () => {
  for (const bot of started.splice(0)) if (bot.running) await bot.stop()
  disk?.remove()
})

const started: BotProcess[] = []
/** Before it is ready: it may never be. */
function startWrapped(): BotProcess {
  const bot = startBot(WRAPPED, { ...harness.env, KIMAKI_NO_WRAPPER: '' })
  started.push(bot)
  return bot
}

const database = (): string => join(harness.dataDir, 'discord-sessions.db')
const says = (bot: BotProcess, words: string | RegExp): Promise<true> =>
  until(String(words), () => (typeof words === 'string' ? bot.stderr().includes(words) : words.test(bot.stderr())))
/** Everything the bot has made visible in Discord; it makes commands known when it has time. */
const shown = (): number =>
  harness.emulator.journal.entries.filter(
    (entry) => entry.kind === 'request' && entry.method !== 'GET' && !entry.path.includes('/commands'),
  ).length

describe.each([
  { trouble: 'a full disk', break: (bot: BotProcess) => disk.fill(bot.pid) },
  { trouble: 'files that may not grow', break: (bot: BotProcess) => forbidGrowth(bot.pid) },
])(`${fault('the database takes nothing')}: $trouble`, ({ break: breakDisk }) => {
  test('is told; nothing is acknowledged or posted, and all is answered once there is room again', async () => {
    const bot = await harness.bot()
    const thread = ask('hello #m1')
    await harness.untilSaid(thread, FOOTER)
    const before = shown()
    const mend = breakDisk(bot)
    const born = ask('hello #m2')
    ask('still there? #m3', thread)
    await says(bot, CANNOT_WRITE)
    expect(shown()).toBe(before)
    mend()
    await Promise.all([harness.untilSaid(born, FOOTER), harness.untilSaid(thread, 'Answer to #m3')])
    expect(bot.running).toBe(true)
    harness.expectFaithful()
    await bot.stop()
  })

  test('red control: a bot that takes every commit for done loses the message', async () => {
    const bot = await harness.bot(TRUSTING)
    await harness.untilSaid(ask('hello #m1'), FOOTER)
    const mend = breakDisk(bot)
    const failures = (): number => bot.stderr().split('nobody minds').length
    const before = failures()
    ask('hello #m2')
    await until('the commit to fail', () => failures() > before)
    mend()
    await harness.untilSaid(ask('hello #m3'), FOOTER)
    expect(harness.verdict().findings.map(({ kind }) => kind)).toContain('lost')
    await bot.stop()
  })
})

describe('at the start', () => {
  test('a read-only folder is told and tried again, until it can be written', async () => {
    const makeWritable = disk.makeReadOnly()
    const bot = startWrapped()
    await says(bot, /kimaki: (the data folder .* cannot be used|cannot use .*)/)
    await says(bot, 'the bot cannot go on for now (exit code 75). Starting again in 0.05 s.')
    makeWritable()
    await bot.ready
    await harness.untilSaid(ask('hello #m1'), FOOTER)
    expect(await bot.stop()).toEqual({ code: 0, signal: null })
  })

  test('a database that another program has locked is told and tried again, until it is free', async () => {
    const other = new DatabaseSync(database())
    other.exec('BEGIN EXCLUSIVE')
    const bot = startWrapped()
    await says(bot, /kimaki: cannot use .*discord-sessions\.db: database is locked\./)
    await says(bot, 'exit code 75')
    other.exec('ROLLBACK')
    other.close()
    await bot.ready
    await harness.untilSaid(ask('hello #m1'), FOOTER)
    expect(await bot.stop()).toEqual({ code: 0, signal: null })
  })

  test.each([
    { damage: 'no database at all', from: 0 },
    { damage: 'damaged behind its first page', from: 4096 },
  ])('a file that is $damage ends it with 64 and words, and stays as it is', async ({ from }) => {
    scribble(from)
    const before = readFileSync(database())
    const bot = startWrapped()
    expect(await bot.exited).toEqual({ code: 64, signal: null })
    expect(bot.stderr()).toMatch(
      /kimaki: cannot use .*discord-sessions\.db: .*\. The file is damaged; nothing was changed\. Bring back a copy/,
    )
    expect(readFileSync(database()).equals(before)).toBe(true)
  })
})

test('a database that is damaged while the bot works ends it with 64 and words; nothing more is posted, and the file stays as it is', async () => {
  const first = await harness.bot()
  await harness.untilSaid(ask('hello #m1'), FOOTER)
  await first.stop()
  const bot = startWrapped()
  await bot.ready
  scribble(4096)
  const before = readFileSync(database())
  const posts = shown()
  ask('hello #m2')
  expect(await bot.exited).toEqual({ code: 64, signal: null })
  expect(bot.stderr()).toContain('The file is damaged')
  expect(shown()).toBe(posts)
  expect(readFileSync(database()).equals(before)).toBe(true)
})

/** Overwrites the database from a place on. */
function scribble(from: number): void {
  const file = openSync(database(), 'r+')
  writeSync(file, Buffer.alloc(statSync(database()).size - from, 0xa5), 0, undefined, from)
  closeSync(file)
}
