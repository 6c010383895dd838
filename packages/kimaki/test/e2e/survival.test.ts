import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Rule } from 'scripted-model'
import { beforeAll, expect, test } from 'vitest'
import { fault } from '../faults/kinds.ts'
import { isAlive } from '../support/bot-process.ts'
import { isDelivered } from '../support/delivered.ts'
import { INTERRUPTED } from '../support/harness.ts'
import { startInnerBot, type InnerBot } from '../support/inner-bot.ts'
import { newestServer } from '../support/servers.ts'
import { until } from '../support/until.ts'
import { FOOTER, useHarness } from '../support/use-harness.ts'
import { E2E_RULES } from './rules.ts'
import { signalTo } from '../support/pids.ts'

const begun = new Set<string | undefined>()
/** Says nothing the first time, however slow the machine is. */
const AT_FIRST_SILENT: Rule = {
  match: /at first silent (#m\d+)/,
  steps: ([, tag]) => {
    const isFirst = !begun.has(tag)
    begun.add(tag)
    return [isFirst ? { kind: 'stall' } : { kind: 'text', text: `Answer to ${tag}` }]
  },
}

const { harness, ask } = useHarness({ rules: [AT_FIRST_SILENT, ...E2E_RULES] })
let bot: InnerBot

beforeAll(async () => {
  bot = await startInnerBot(harness)
})

const restart = async (end: (bot: InnerBot) => Promise<unknown>): Promise<void> => {
  await end(bot)
  bot = await startInnerBot(harness)
}
/** A bot waits longer before each further start of an OpenCode that keeps dying; a new bot does not know of it. */
const forgetDeaths = async (): Promise<void> => restart(kill)
const kill = async (doomed: InnerBot): Promise<unknown> => {
  doomed.kill()
  return doomed.gone
}

test('a restart between runs: the thread goes on in the same session', async () => {
  const thread = ask('hello #m1')
  await harness.untilSaid(thread, FOOTER)
  await restart(async (old) => old.stop())
  ask('still there? #m2', thread)
  await harness.untilSaid(thread, 'Answer to #m2')
  harness.expectFaithful()
})

test('an orderly stop leaves no OpenCode server behind and takes less than 5 seconds', async () => {
  const thread = ask('hello #m3')
  await harness.untilSaid(thread, FOOTER)
  const pid = newestServer(harness)
  expect(isAlive(pid)).toBe(true)
  const startedAt = performance.now()
  await restart(async (old) => old.stop())
  expect(performance.now() - startedAt).toBeLessThan(7000)
  expect(isAlive(pid)).toBe(false)
})

test('killed in the middle of a tool run: the run goes on, and its end stands in the thread once', async () => {
  const thread = ask('slow tool #m4')
  await harness.untilSaid(thread, 'Working on #m4')
  await restart(kill)
  await harness.untilSaid(thread, 'Done with #m4')
  await harness.untilSaid(thread, FOOTER)
  harness.expectFaithful()
})

test('an orderly restart in the middle of a tool run says so and offers to continue', async () => {
  const thread = ask('endless tool #m5')
  await harness.untilSaid(thread, 'Working on #m5')
  await restart(async (old) => old.stop())
  await harness.untilSaid(thread, INTERRUPTED)
  ask('go on #m6', thread)
  await harness.untilSaid(thread, 'Answer to #m6')
  harness.expectFaithful()
})

test('an orderly restart before any tool had started runs the message again by itself', async () => {
  const thread = ask('at first silent #m7')
  await harness.model.until(
    'the model to be asked',
    ({ userTexts, hasTools }) => hasTools && (userTexts.at(-1)?.includes('#m7') ?? false),
  )
  await restart(async (old) => old.stop())
  await harness.untilSaid(thread, 'Answer to #m7')
  await harness.untilSaid(thread, FOOTER)
  harness.expectFaithful()
})

test(`${fault('OpenCode lives and answers nothing')}: in the middle of a tool, the thread says so, and again when it goes on`, async () => {
  await bot.stop()
  bot = await startInnerBot(harness, { env: { KIMAKI_OPENCODE_SILENT_MS: '500', KIMAKI_OPENCODE_DEAD_MS: '60000' } })
  const thread = ask('slow tool #m90')
  await harness.untilSaid(thread, 'Working on #m90')
  const pid = newestServer(harness)
  signalTo(pid, 'SIGSTOP')
  await harness.untilSaid(thread, /^⬦ OpenCode has not answered for/)
  signalTo(pid, 'SIGCONT')
  await harness.untilSaid(thread, /^⬦ OpenCode did not answer for a while/)
  await harness.untilSaid(thread, 'Done with #m90')
  await harness.untilSaid(thread, FOOTER)
  harness.expectFaithful()
  await restart(async (old) => old.stop())
})

test(`${fault('OpenCode cannot be reached')}: killed in the middle of a text, sent again with the same ids, answered once`, async () => {
  const thread = ask('slow text #m8')
  await harness.model.until(
    'the model to be asked',
    ({ userTexts, hasTools }) => hasTools && (userTexts.at(-1)?.includes('#m8') ?? false),
  )
  signalTo(newestServer(harness), 'SIGKILL')
  await harness.untilSaid(thread, 'Slowly answered #m8')
  await harness.untilSaid(thread, FOOTER)
  harness.expectFaithful()
})

test.each(['before', 'after'])(
  `${fault('OpenCode cannot be reached')}: killed in the middle of a text, another message sent %s that, both are answered`,
  async (when) => {
    const [opening, first, second] = when === 'before' ? ['#m30', '#m31', '#m32'] : ['#m33', '#m34', '#m35']
    const thread = ask(`hello ${opening}`)
    await harness.untilSaid(thread, FOOTER)
    ask(`slow text ${first}`, thread)
    await harness.model.until(
      'the model to be asked',
      ({ userTexts, hasTools }) => hasTools && (userTexts.at(-1)?.includes(first) ?? false),
    )
    if (when === 'before') {
      const { id } = harness.owner.send(thread, `and ${second}`)
      await until(`${second} to be in the session`, () => isDelivered(harness, id))
    }
    signalTo(newestServer(harness), 'SIGKILL')
    if (when === 'after') ask(`and ${second}`, thread)
    await harness.untilSaid(thread, `Answer to ${second}`)
    harness.expectFaithful()
  },
)

test(`${fault('OpenCode cannot be reached')}: killed in the middle of a tool, the thread says interrupted, and works afterwards`, async () => {
  await forgetDeaths()
  const thread = ask('endless tool #m9')
  await harness.untilSaid(thread, /bash _until/)
  signalTo(newestServer(harness), 'SIGKILL')
  await harness.untilSaid(thread, INTERRUPTED)
  ask('go on #m10', thread)
  await harness.untilSaid(thread, 'Answer to #m10')
  harness.expectFaithful()
})

test(`${fault('OpenCode cannot be reached')}: killed while idle, the next message is answered`, async () => {
  await forgetDeaths()
  await harness.untilSaid(ask('hello #m51'), FOOTER)
  signalTo(newestServer(harness), 'SIGKILL')
  const thread = ask('hello #m11')
  await harness.untilSaid(thread, 'Answer to #m11')
  harness.expectFaithful()
})

test(`${fault('no bot runs')}: messages written meanwhile are answered in order`, async () => {
  const thread = ask('hello #m12')
  await harness.untilSaid(thread, FOOTER)
  await kill(bot)
  harness.emulator.gateway.expire(harness.application.id)
  for (const tag of ['#m13', '#m14', '#m15']) ask(`meanwhile ${tag}`, thread)
  const born = ask('a new one #m16')
  bot = await startInnerBot(harness)
  await Promise.all([harness.untilSaid(thread, 'Answer to #m15'), harness.untilSaid(born, 'Answer to #m16')])
  harness.expectFaithful()
})

test(`${fault('a post is not answered')}: it stands once`, async () => {
  const fault = harness.emulator.faults.add({ route: 'POST /channels/:channel/messages', effect: { kind: 'reset-after' } })
  const thread = ask('hello #m17')
  await harness.untilSaid(thread, FOOTER)
  expect(fault.hits).toBe(1)
  harness.expectFaithful()
})

test(`${fault('a post is not answered')}: one that Discord fails to take is tried again`, async () => {
  harness.emulator.faults.add({ route: 'POST /channels/:channel/messages', times: 3, effect: { kind: 'status', status: 503 } })
  const thread = ask('hello #m18')
  await harness.untilSaid(thread, FOOTER)
  harness.expectFaithful()
})

test(`${fault('what no answer needs fails')}: cosmetic calls that hang or fail never delay an answer`, async () => {
  const faults = [
    'POST /channels/:channel/typing',
    'PATCH /channels/:channel',
    'PUT /channels/:channel/thread-members/:user',
  ].map((route) =>
    harness.emulator.faults.add({ route, times: Number.POSITIVE_INFINITY, effect: { kind: 'hang', commit: false } }),
  )
  const thread = ask('hello, this is a longer message than its title #m19')
  await harness.untilSaid(thread, FOOTER, 8000)
  for (const fault of faults) fault.clear()
  harness.expectFaithful()
})

test(`${fault('the database takes nothing')}: locked, nothing is acknowledged, the operator is told, and work goes on once it is free`, async () => {
  const other = new DatabaseSync(join(harness.dataDir, 'discord-sessions.db'))
  other.exec('PRAGMA busy_timeout = 5000; BEGIN IMMEDIATE')
  const thread = ask('hello #m20')
  await until('the complaint', () => bot.said().includes('cannot write to the database'))
  expect(harness.emulator.world.channel(thread)).toBeUndefined()
  other.exec('ROLLBACK')
  other.close()
  await harness.untilSaid(thread, FOOTER)
  harness.expectFaithful()
})

test('a bot that is stopped leaves no process behind', async () => {
  const pid = newestServer(harness)
  await bot.stop()
  expect(isAlive(pid)).toBe(false)
})
