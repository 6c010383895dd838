/** A right that is taken away between a message and its run counts, whatever the wall clock says. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { ChatPort } from '../../../src/ports/chat.ts'
import { openHarness, type Harness } from '../support/harness.ts'
import { quiet, until } from '../support/until.ts'
import { SESSION, ownerAccess } from '../../support/conversation.ts'

let harness: Harness
beforeEach(async () => (harness = await openHarness()))
afterEach(() => harness.close())

const lost: ChatPort['accessOf'] = async () => ({ ...ownerAccess, ownerId: 'another' })

/** The session takes `ms` to open, while the clock is set by `jump`; is the message run? */
async function ranAfter(ms: number, jump: number): Promise<boolean> {
  const bot = await harness.run()
  const opening = Promise.withResolvers<{ readonly session: string }>()
  bot.agent.on.openSession = async () => opening.promise
  bot.chat.on.accessOf = lost
  bot.send('hello')
  await quiet()
  harness.clock.jump(jump)
  harness.clock.advance(ms)
  opening.resolve({ session: SESSION })
  await until('the end', () => bot.agent.prompts.length > 0 || bot.texts().some((line) => line.startsWith('✗ not run')))
  return bot.agent.prompts.length > 0
}

test('a moment after it was accepted a message is run without asking again', async () => {
  expect(await ranAfter(1000, 0)).toBe(true)
})

test('later its author is asked for again', async () => {
  expect(await ranAfter(6000, 0)).toBe(false)
})

test.each([
  ['an hour back', -3_600_000],
  ['back by just as much as has passed', -6000],
])('a clock that is set %s does not make an old message young', async (_how, jump) => {
  expect(await ranAfter(6000, jump)).toBe(false)
})

test('a clock that is set ahead does not make a young message old', async () => {
  expect(await ranAfter(1000, 86_400_000)).toBe(true)
})
