/** Two machines, one bot token: each has its own data folder and its own projects, and answers in these alone. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { startInnerBot } from '../support/inner-bot.ts'
import { linkInStore } from '../support/link-project.ts'
import { useHarness } from '../support/use-harness.ts'
import { E2E_RULES } from './rules.ts'

const { harness, project: here, ask } = useHarness({ rules: E2E_RULES, each: true })

/** The environment of the other machine, whose projects are linked there. */
async function elsewhere(channelIds: readonly string[]): Promise<Readonly<Record<string, string>>> {
  const env = { KIMAKI_DATA_DIR: join(harness.dir, 'elsewhere') }
  for (const channelId of channelIds)
    await linkInStore(env.KIMAKI_DATA_DIR, { channelId, guildId: harness.guild.id, directory: here.directory }, channelId)
  return env
}

const threadsOf = (messageId: string): number =>
  harness.emulator.journal.entries.filter(
    (entry) => entry.kind === 'request' && entry.path.endsWith(`/messages/${messageId}/threads`),
  ).length
const modelAsked = (tag: string): number =>
  new Set(
    harness.model.log.filter(({ hasTools, userTexts }) => hasTools && userTexts.at(-1)?.includes(tag)).map(({ token }) => token),
  ).size

test('each answers in its own channels, in their threads too, and leaves those of the other alone', async () => {
  const there = harness.guild.textChannel('beta').id
  await startInnerBot(harness)
  await startInnerBot(harness, { env: await elsewhere([there]) })
  const [a, b] = [ask('hello #m1', here.channelId), ask('hello #m2', there)]
  await Promise.all([harness.untilSaid(a, /^\*alpha/), harness.untilSaid(b, /^\*alpha/)])
  // A mention makes a bot listen in a thread; only the one that has the channel may.
  ask(`<@${harness.application.id}> and here? #m3`, a)
  ask(`<@${harness.application.id}> and here? #m4`, b)
  await Promise.all([harness.untilSaid(a, 'Answer to #m3'), harness.untilSaid(b, 'Answer to #m4')])
  expect([a, b].map(threadsOf)).toEqual([1, 1])
  expect(['#m1', '#m2', '#m3', '#m4'].map(modelAsked)).toEqual([1, 1, 1, 1])
  harness.expectFaithful()
})

test('a channel that nobody has is answered by nobody', async () => {
  const nobody = harness.guild.textChannel('gamma').id
  await startInnerBot(harness)
  await startInnerBot(harness, { env: await elsewhere([]) })
  const unheard = ask('hello?', nobody)
  await harness.untilSaid(ask('hello #m1', here.channelId), /^\*alpha/)
  expect(threadsOf(unheard)).toBe(0)
})

test('V32: a shell command in a channel that both have runs once, and the other one says so', async () => {
  await startInnerBot(harness)
  await startInnerBot(harness, { env: await elsewhere([here.channelId]) })
  const thread = ask('!echo ran >> ran.txt', here.channelId)
  await Promise.all([harness.untilSaid(thread, /exit 0/), harness.untilSaid(thread, 'Another Kimaki with the same bot token')])
  expect(readFileSync(join(here.directory, 'ran.txt'), 'utf8')).toBe('ran\n')
})

test('red control: a channel that both have is answered twice', async () => {
  await startInnerBot(harness)
  await startInnerBot(harness, { env: await elsewhere([here.channelId]) })
  const thread = ask('hello #m1', here.channelId)
  await harness.emulator.world.until('the second answer', () =>
    harness.said(thread).filter((text) => text.includes('Answer to #m1')).length === 2 ? true : undefined,
  )
  expect(harness.verdict().findings.map(({ kind }) => kind)).toContain('doubled')
})
