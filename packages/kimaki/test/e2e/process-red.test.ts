/** One safeguard of the process taken away each: what is then lost must be noticed. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import { startHouse, type House, type Project } from '../support/house.ts'
import { E2E_RULES } from './rules.ts'

const ENDING = { kind: 'composition', file: new URL('fixtures/bot-that-ends-opencode.ts', import.meta.url) } as const

let house: House
let project: Project

beforeEach(async () => {
  house = await startHouse({ rules: E2E_RULES, emulator: { rateLimits: false } })
  project = await house.project('alpha')
})

afterEach(async () => {
  await house?.stop()
})

const ask = (text: string): string => house.owner.send(project.channelId, text).id

test('without a wrapper a bot that is killed stays away, and the message is lost', async () => {
  const bot = await house.bot()
  const thread = ask('slow tool #m1')
  await house.untilSaid(thread, 'Working on #m1')
  bot.kill()
  await bot.exited
  expect(house.verdict().findings.map(({ kind }) => kind)).toContain('lost')
})

test('a bot that ends OpenCode when another takes over cuts the run off', async () => {
  await house.bot(ENDING)
  const thread = ask('slow tool #m1')
  await house.untilSaid(thread, 'Working on #m1')
  await house.bot()
  await house.untilSaid(thread, 'interrupted')
})
