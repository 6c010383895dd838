/** Being told to stop while it still starts, and being told twice; starting beside one that still starts. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { quiet } from '../app/support/until.ts'
import { freePort, startBot, type BotProcess, type Entry } from '../support/bot-process.ts'
import { until } from '../support/until.ts'
import { signalTo } from '../support/pids.ts'

let folder: string
let bots: BotProcess[]
let lockPort: string
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'kimaki-signals-'))
  bots = []
  lockPort = String(await freePort())
})
afterEach(async () => {
  for (const bot of bots) {
    if (bot.running) await bot.stop()
    else await bot.exited
  }
  rmSync(folder, { recursive: true })
})

/** A bot whose Discord does not answer: it tries for ever. */
async function start(entry: Entry = { kind: 'source' }, env: Readonly<Record<string, string>> = {}): Promise<BotProcess> {
  const bot = startBot(entry, {
    PATH: process.env['PATH'] ?? '',
    HOME: folder,
    KIMAKI_BOT_TOKEN: 'token',
    KIMAKI_NO_WRAPPER: '1',
    KIMAKI_DATA_DIR: join(folder, 'data'),
    KIMAKI_LOCK_PORT: lockPort,
    KIMAKI_DISCORD_API_URL: `http://127.0.0.1:${await freePort()}/api`,
    ...env,
  })
  bots.push(bot)
  return bot
}

async function trying(bot: BotProcess): Promise<void> {
  while (bot.running && !bot.stderr().includes('trying again')) await quiet(1)
}

test('while Discord does not answer, SIGTERM ends it with 0', async () => {
  const bot = await start()
  await trying(bot)
  expect(await bot.stop()).toEqual({ code: 0, signal: null })
})

test('a second SIGINT does not cut short what the first has begun', async () => {
  const bot = await start()
  await trying(bot)
  for (let times = 0; times < 3; times += 1) signalTo(bot.pid, 'SIGINT')
  expect(await bot.exited).toEqual({ code: 0, signal: null })
})

test('a log that cannot be opened ends it with words, instead of leaving it half started', async () => {
  mkdirSync(join(folder, 'data', 'kimaki.log'), { recursive: true })
  const bot = await start()
  expect((await bot.exited).code).toBe(64)
  expect(bot.stderr()).toMatch(/^kimaki: the data folder .* cannot be used \(EISDIR: .*kimaki\.log'\)\. Make the folder writable/)
})

test('a second start takes over from one that still waits for Discord, and an old secret in the folder is removed', async () => {
  const first = await start()
  await trying(first)
  const secret = join(folder, 'data', 'control-token')
  writeFileSync(secret, 'of an older version')
  const second = await start()
  expect(await first.exited).toEqual({ code: 0, signal: null })
  await trying(second)
  expect(second.running).toBe(true)
  expect(existsSync(secret)).toBe(false)
})

test('of several that start at once one stays', async () => {
  const all = await Promise.all([start(), start(), start(), start()])
  const running = (): number => all.filter((bot) => bot.running).length
  await until('one to be left', () => running() === 1)
  const left = all.find((bot) => bot.running)
  if (left) await trying(left)
  for (const bot of all) if (bot !== left) expect(await bot.exited).toEqual({ code: 0, signal: null })
  expect(running()).toBe(1)
})

test('the words of a crash are in the log after the new start, without secrets, and the log goes on behind them', async () => {
  const throwing = { kind: 'composition', file: new URL('fixtures/bot-that-throws.ts', import.meta.url) } as const
  const secret = 'a-token-of-nobody'
  const bot = await start(throwing, { KIMAKI_NO_WRAPPER: '', KIMAKI_BOT_TOKEN: secret })
  await trying(bot)
  const data = (name: string): string => readFileSync(join(folder, 'data', name), 'utf8')
  signalTo((JSON.parse(data('bot-process.json')) as { pid: number }).pid, 'SIGUSR1')
  await until('the second life', () => data('kimaki.log').includes('"life":2'))
  const log = data('kimaki.log')
  expect(log).toMatch(/"life":1(.|\n)*a defect with \[redacted\] in its words(.|\n)*"life":2/)
  expect(log).not.toContain(secret)
  expect(bot.stderr()).toContain('kimaki: the bot died (exit code 1). Starting again in 0.02 s.')
})
