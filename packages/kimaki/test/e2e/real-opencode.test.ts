/** The real OpenCode, started by the bot itself: what dies is taken over or sent again. `survival.test.ts` has the rest, with the scripted one. */
import { beforeAll, expect, test } from 'vitest'
import { isAlive, type BotProcess } from '../support/bot-process.ts'
import { newestServer } from '../support/servers.ts'
import { FOOTER, useHarness } from '../support/use-harness.ts'
import { E2E_RULES } from './rules.ts'

const { harness, ask } = useHarness({ rules: E2E_RULES, opencode: 'real' })
let bot: BotProcess

beforeAll(async () => {
  bot = await harness.bot()
})

test('the bot is killed in the middle of a tool run: the run goes on, and its end stands in the thread once', async () => {
  const thread = ask('slow tool #m1')
  await harness.untilSaid(thread, 'Working on #m1')
  const server = newestServer(harness)
  bot.kill()
  await bot.exited
  bot = await harness.bot()
  await harness.untilSaid(thread, 'Done with #m1')
  await harness.untilSaid(thread, FOOTER)
  expect(newestServer(harness)).toBe(server)
  harness.expectFaithful()
})

test('OpenCode is killed in the middle of a text: sent again with the same ids, answered once', async () => {
  const thread = ask('slow text #m2')
  await harness.model.until(
    'the model to be asked',
    ({ userTexts, hasTools }) => hasTools && (userTexts.at(-1)?.includes('#m2') ?? false),
  )
  process.kill(newestServer(harness), 'SIGKILL')
  await harness.untilSaid(thread, 'Slowly answered #m2')
  await harness.untilSaid(thread, FOOTER)
  harness.expectFaithful()
})

test('an orderly stop leaves no server behind', async () => {
  const server = newestServer(harness)
  expect(isAlive(server)).toBe(true)
  expect(await bot.stop()).toEqual({ code: 0, signal: null })
  expect(isAlive(server)).toBe(false)
})
