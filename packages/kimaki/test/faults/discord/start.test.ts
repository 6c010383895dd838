/** Starts that cannot go well: nobody there, and no new session left for today. */
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, describe, expect, test } from 'vitest'
import { sleep } from '../../../src/base/sleep.ts'
import { createChat } from '../../../src/discord/chat.ts'
import { createRetryForever } from '../../../src/discord/gateway/retry-forever.ts'
import { CRASH_RULES } from '../../crash/rules.ts'
import { inMemory } from '../../discord/world.ts'
import { startBot, type BotProcess } from '../../support/bot-process.ts'
import { startHarness, type Harness } from '../../support/harness.ts'

describe('nobody is there', () => {
  /** The pauses between the first tries. */
  async function pauses(apiUrl: string, retryForever: typeof createRetryForever): Promise<readonly number[]> {
    const found: number[] = []
    const enough = Promise.withResolvers<void>()
    const quiet = (): void => undefined
    const warn = (_message: string, facts: Readonly<Record<string, unknown>> = {}): void => {
      found.push(Number(facts['inMs']))
      if (found.length === 3) enough.resolve()
    }
    const log = { debug: quiet, info: quiet, warn, error: quiet }
    const chat = createChat({ token: 't', apiUrl, log, identifies: inMemory(), overrides: { createRetryForever: retryForever } })
    const started = chat.start({ position: undefined, isProjectChannel: () => true, onEvent: quiet, onFatal: quiet })
    const late = new Promise((resolve) => setTimeout(resolve, 4000))
    await Promise.race([enough.promise, late])
    await chat.stop()
    await started.catch(() => undefined)
    return found
  }

  const once: typeof createRetryForever = (rest) => async (route, reader) => {
    const result = await rest.call({ method: 'GET', route }, reader)
    return result instanceof Error ? (sleep(60_000, rest.stopping) as Promise<never>) : result
  }

  test.each([
    ['nothing listens', 'http://127.0.0.1:1/api'],
    ['the name is unknown', 'http://discord.invalid/api'],
  ])('%s: tried again with pauses that grow', async (_name, apiUrl) => {
    expect(await pauses(apiUrl, createRetryForever)).toEqual([500, 1000, 2000])
  })

  test('red control: a start that is tried once ends there', async () => {
    expect(await pauses('http://127.0.0.1:1/api', once)).toEqual([])
  })
})

describe('the new sessions of today are spent', () => {
  let harness: Harness
  let bot: BotProcess

  afterEach(async () => {
    await bot?.stop()
    await harness?.stop()
  })

  async function spent(entry: Parameters<typeof startBot>[0]): Promise<void> {
    harness = await startHarness({ rules: CRASH_RULES, opencode: 'none' })
    await harness.project('alpha')
    const db = new DatabaseSync(join(harness.dataDir, 'discord-sessions.db'))
    for (let n = 0; n < 199; n += 1) db.prepare('INSERT INTO identify (at) VALUES (?)').run(Date.now() - n * 60_000)
    db.close()
    bot = startBot(entry, harness.env)
  }

  const identified = (): boolean =>
    harness.emulator.journal.entries.some((entry) => entry.kind === 'gateway' && entry.what === 'identify')

  test('the bot says so, waits, and does not end', async () => {
    await spent({ kind: 'source' })
    await expect.poll(() => bot.stderr()).toMatch(/199 new gateway sessions in 24 hours.*offline until/)
    expect(bot.running).toBe(true)
    expect(identified()).toBe(false)
    expect(await bot.stop()).toEqual({ code: 0, signal: null })
  })

  test('red control: without the record a new session is asked for', async () => {
    await spent({ kind: 'composition', file: new URL('faulty-bot.ts', import.meta.url) })
    await bot.ready
    expect(identified()).toBe(true)
  })
})
