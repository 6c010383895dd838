/** Being told to stop while it still starts, and being told twice. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { quiet } from '../app/support/until.ts'
import { freePort, startBot, type BotProcess } from '../support/bot-process.ts'

let folder: string
let bot: BotProcess
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'kimaki-signals-'))))
afterEach(async () => {
  bot.kill()
  await bot.exited
  rmSync(folder, { recursive: true })
})

/** A bot whose Discord does not answer: it tries for ever. */
async function start(): Promise<BotProcess> {
  bot = startBot(
    { kind: 'source' },
    {
      PATH: process.env['PATH'] ?? '',
      HOME: folder,
      KIMAKI_BOT_TOKEN: 'token',
      KIMAKI_NO_WRAPPER: '1',
      KIMAKI_DATA_DIR: join(folder, 'data'),
      KIMAKI_LOCK_PORT: String(await freePort()),
      KIMAKI_DISCORD_API_URL: `http://127.0.0.1:${await freePort()}/api`,
    },
  )
  return bot
}

async function trying(): Promise<void> {
  while (bot.running && !bot.stderr().includes('trying again')) await quiet(1)
}

test('while Discord does not answer, SIGTERM ends it with 0', async () => {
  await start()
  await trying()
  expect(await bot.stop()).toEqual({ code: 0, signal: null })
})

test('a second SIGINT does not cut short what the first has begun', async () => {
  await start()
  await trying()
  for (let times = 0; times < 3; times += 1) process.kill(bot.pid, 'SIGINT')
  expect(await bot.exited).toEqual({ code: 0, signal: null })
})

test('a log that cannot be opened ends it with words, instead of leaving it half started', async () => {
  mkdirSync(join(folder, 'data', 'kimaki.log'), { recursive: true })
  await start()
  expect((await bot.exited).code).toBe(64)
  expect(bot.stderr()).toMatch(/^kimaki: the data folder .* cannot be used \(EISDIR: .*kimaki\.log'\)\. Make the folder writable/)
})
