/** Somebody sets the clock of the machine while the bot works: nothing is lost, doubled or stuck, and nobody gains a right. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, expect, test } from 'vitest'
import type { BotProcess } from '../support/bot-process.ts'
import { until } from '../support/until.ts'
import { useHarness } from '../support/use-harness.ts'
import { E2E_RULES } from './rules.ts'
import { signalTo } from '../support/pids.ts'

const JUMPING = { kind: 'composition', file: new URL('fixtures/jumping-bot.ts', import.meta.url) } as const
/** A footer whose duration is that of the run: seconds, not hours. */
const FOOTER = /^\*alpha ⋅ main ⋅ (<1s|\d{1,2}s) /
const DAY = 86_400_000

const { harness, ask } = useHarness({ rules: E2E_RULES, emulator: { rateLimits: true }, each: true })
let bot: BotProcess

beforeEach(async () => {
  bot = await harness.bot(JUMPING, { CLOCK_FILE: join(harness.dir, 'clock') })
})

const typed = (threadId: string): number =>
  harness.emulator.journal.entries.filter((entry) => entry.kind === 'request' && entry.path.endsWith(`/${threadId}/typing`))
    .length

async function setClock(offset: number): Promise<void> {
  writeFileSync(join(harness.dir, 'clock'), String(offset))
  signalTo(bot.pid, 'SIGUSR1')
  await until('the clock', () => bot.stderr().includes(`clock set to ${offset}\n`))
}

test.each([
  { jump: 'a day ahead', offset: DAY },
  { jump: 'a day back', offset: -DAY },
])(
  '$jump in the middle of a run and between runs: all is answered once, with footers of seconds, and typing goes on',
  async ({ offset }) => {
    const thread = ask('hello #m1')
    await harness.untilSaid(thread, FOOTER)
    const slow = ask('slow tool #m2')
    await harness.untilSaid(slow, 'Working on #m2')
    const pulses = typed(slow)
    await setClock(offset)
    ask('and this? #m3', slow)
    ask('another one #m4', thread)
    const born = ask('a new one #m5')
    await Promise.all([
      harness.untilSaid(slow, 'Answer to #m3'),
      harness.untilSaid(thread, 'Answer to #m4'),
      harness.untilSaid(born, FOOTER),
    ])
    await until('typing', () => typed(slow) > pulses || harness.said(slow).length > 3)
    // And back again, as a time server would.
    await setClock(0)
    ask('slow tool #m6', thread)
    await harness.untilSaid(thread, 'Done with #m6')
    for (const place of [thread, slow, born]) {
      const footers = harness.said(place).filter((text) => text.startsWith('*alpha'))
      expect(footers.length).toBeGreaterThan(0)
      for (const footer of footers) expect(footer).toMatch(FOOTER)
    }
    harness.expectFaithful()
    expect(await bot.stop()).toEqual({ code: 0, signal: null })
  },
)

test("a day back, and so many calls that Discord's limits matter: none of them lasts for a day", async () => {
  await harness.untilSaid(ask('hello #m1'), FOOTER)
  await setClock(-DAY)
  const before = harness.emulator.journal.entries.length
  for (let tag = 2; tag < 16; tag += 1) await harness.untilSaid(ask(`hello #m${tag}`), FOOTER)
  const calls = harness.emulator.journal.entries.slice(before).filter(({ kind }) => kind === 'request')
  // Discord allows fifty in a second: that is where a limit that does not end would have struck.
  expect(calls.length).toBeGreaterThan(60)
  harness.expectFaithful()
})

test('a day back, and the bot is told to stop: it does so in time', async () => {
  await harness.untilSaid(ask('hello #m1'), FOOTER)
  await setClock(-DAY)
  const startedAt = performance.now()
  expect(await bot.stop()).toEqual({ code: 0, signal: null })
  expect(performance.now() - startedAt).toBeLessThan(5000)
})
