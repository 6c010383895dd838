/** One safeguard of the process taken away each: what is then lost must be noticed. */
import { expect, test } from 'vitest'
import { useHarness } from '../support/use-harness.ts'
import { E2E_RULES } from './rules.ts'

const ENDING = { kind: 'composition', file: new URL('fixtures/bot-that-ends-opencode.ts', import.meta.url) } as const

const { harness, project } = useHarness({ rules: E2E_RULES, each: true })

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
  const thread = ask('endless tool #m1')
  await harness.untilSaid(thread, 'Working on #m1')
  await harness.bot()
  await harness.untilSaid(thread, 'interrupted')
})
