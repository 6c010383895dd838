/** The limit on a turn's time of work (KIMAKI_TURN_LIMIT_MIN), shorter than that on a silent model, from the clock to OpenCode and the thread, around fakes. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import { allClosed, openHarness, postsIn, prompted, type Harness } from './support/harness.ts'
import { quiet, until } from './support/until.ts'
import { answer, busy, idle, says } from '../support/conversation.ts'

let harness: Harness
beforeEach(async () => (harness = await openHarness({ turnLimitMin: 5 })))
afterEach(() => harness.close())

test('a turn that works too long is warned, then stopped once, and its thread says why', async () => {
  const bot = await harness.run()
  const { id } = await prompted(bot)
  const user = bot.agent.user()
  bot.agent.emit(says(user), busy, says(answer('msg_a', user, [], { completed: undefined, finish: undefined })))
  await quiet()
  const aborts = (): number => bot.agent.calls.filter((call) => call === 'abort').length
  const lines = (): string => postsIn(bot, id).join('\n')
  for (let minute = 1; minute < 5; minute += 1) {
    harness.clock.advance(60_000)
    await quiet()
  }
  await until('the warning', () => lines().includes('this turn is stopped after 5 minutes of work, which is soon'))
  expect(aborts()).toBe(0)
  harness.clock.advance(60_000)
  await until('the stop', () => aborts() === 1)
  bot.agent.emit(idle)
  await until('its reason', () =>
    lines().includes('✗ stopped: the turn has worked for 5 minutes, the limit here (KIMAKI_TURN_LIMIT_MIN)'),
  )
  await allClosed(bot)
  expect(aborts()).toBe(1)
})
