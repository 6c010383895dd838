/** One safeguard of the process taken away each: what is then lost must be noticed. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import { startHarness, type Harness, type Project } from '../support/harness.ts'
import { E2E_RULES } from './rules.ts'

const ENDING = { kind: 'composition', file: new URL('fixtures/bot-that-ends-opencode.ts', import.meta.url) } as const

let harness: Harness
let project: Project

beforeEach(async () => {
  harness = await startHarness({ rules: E2E_RULES, emulator: { rateLimits: false } })
  project = await harness.project('alpha')
})

afterEach(async () => {
  await harness?.stop()
})

const ask = (text: string): string => harness.owner.send(project.channelId, text).id

test('without a wrapper a bot that is killed stays away, and the message is lost', async () => {
  const bot = await harness.bot()
  const thread = ask('slow tool #m1')
  await harness.untilSaid(thread, 'Working on #m1')
  bot.kill()
  await bot.exited
  expect(harness.verdict().findings.map(({ kind }) => kind)).toContain('lost')
})

test('a bot that ends OpenCode when another takes over cuts the run off', async () => {
  await harness.bot(ENDING)
  const thread = ask('slow tool #m1')
  await harness.untilSaid(thread, 'Working on #m1')
  await harness.bot()
  await harness.untilSaid(thread, 'interrupted')
})
