/** OpenCode dies while it waits for an answer: the ask cannot be answered any more, and the thread says so. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, expect, test } from 'vitest'
import { INTERRUPTED } from '../support/harness.ts'
import { pidFor } from '../support/servers.ts'
import { useHarness } from '../support/use-harness.ts'
import { E2E_RULES } from './rules.ts'
import { signalTo } from '../support/pids.ts'

const WEAKENED = { kind: 'composition', file: new URL('weakened-bot.ts', import.meta.url) } as const
const REFUSED = /^⬦ question not answered/
const EXPIRED = /^⬦ question expired: Which colour\?/

const { harness, project } = useHarness({ rules: E2E_RULES, each: true })
let answer: string

beforeEach(async () => {
  answer = join(harness.dir, 'answer')
})

/** An ask stands in the thread, the server dies, the "no" comes too late. */
async function dieOverAnAsk(red: string): Promise<string> {
  await harness.bot(WEAKENED, { LATE_NO: answer, RED: red })
  const thread = harness.owner.send(project.channelId, 'question #m1').id
  await harness.untilSaid(thread, REFUSED)
  signalTo(await pidFor(harness, project.directory), 'SIGKILL')
  writeFileSync(answer, '')
  return thread
}

test('the ask is marked as expired, the run as interrupted, and the thread works afterwards', async () => {
  const thread = await dieOverAnAsk('none')
  await harness.untilSaid(thread, EXPIRED)
  await harness.untilSaid(thread, INTERRUPTED)
  expect(harness.said(thread).some((text) => REFUSED.test(text))).toBe(false)
  harness.owner.send(thread, 'go on #m2')
  await harness.untilSaid(thread, 'Answer to #m2')
  harness.expectFaithful()
})

test('red control: were it taken for a refused one, nothing would say that it expired or how to go on', async () => {
  const thread = await dieOverAnAsk('nothing-expires')
  harness.owner.send(thread, 'go on #m2')
  await harness.untilSaid(thread, 'Answer to #m2')
  expect(harness.said(thread).filter((text) => EXPIRED.test(text) || INTERRUPTED.test(text))).toEqual([])
})

test('an ask that is refused in time is no expired one', async () => {
  await harness.bot()
  const thread = harness.owner.send(project.channelId, 'question #m1').id
  await harness.untilSaid(thread, REFUSED)
  harness.owner.send(thread, 'go on #m2')
  await harness.untilSaid(thread, 'Answer to #m2')
  expect(harness.said(thread).some((text) => REFUSED.test(text))).toBe(true)
})
