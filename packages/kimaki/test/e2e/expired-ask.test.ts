/** OpenCode dies while it waits for an answer: the ask cannot be answered any more, and the thread says so. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { INTERRUPTED, startHouse, type House, type Project } from '../support/house.ts'
import { pidFor } from '../support/servers.ts'
import { E2E_RULES } from './rules.ts'

const WEAKENED = { kind: 'composition', file: new URL('weakened-bot.ts', import.meta.url) } as const
const REFUSED = /^⬦ question not answered/
const EXPIRED = /^⬦ question expired: Which colour\?/

let house: House
let project: Project
let answer: string

beforeEach(async () => {
  house = await startHouse({ rules: E2E_RULES, emulator: { rateLimits: false } })
  project = await house.project('alpha')
  answer = join(house.dir, 'answer')
})
afterEach(async () => {
  await house?.stop()
})

/** An ask stands in the thread, the server dies, the "no" comes too late. */
async function dieOverAnAsk(red: string): Promise<string> {
  await house.bot(WEAKENED, { LATE_NO: answer, RED: red })
  const thread = house.owner.send(project.channelId, 'question #m1').id
  await house.untilSaid(thread, REFUSED)
  process.kill(await pidFor(house, project.directory), 'SIGKILL')
  writeFileSync(answer, '')
  return thread
}

test('the ask is marked as expired, the run as interrupted, and the thread works afterwards', async () => {
  const thread = await dieOverAnAsk('none')
  await house.untilSaid(thread, EXPIRED, 10_000)
  await house.untilSaid(thread, INTERRUPTED, 10_000)
  expect(house.said(thread).some((text) => REFUSED.test(text))).toBe(false)
  house.owner.send(thread, 'go on #m2')
  await house.untilSaid(thread, 'Answer to #m2')
  house.expectFaithful()
})

test('red control: were it taken for a refused one, nothing would say that it expired or how to go on', async () => {
  const thread = await dieOverAnAsk('nothing-expires')
  house.owner.send(thread, 'go on #m2')
  await house.untilSaid(thread, 'Answer to #m2')
  expect(house.said(thread).filter((text) => EXPIRED.test(text) || INTERRUPTED.test(text))).toEqual([])
})

test('an ask that is refused in time is no expired one', async () => {
  await house.bot()
  const thread = house.owner.send(project.channelId, 'question #m1').id
  await house.untilSaid(thread, REFUSED)
  house.owner.send(thread, 'go on #m2')
  await house.untilSaid(thread, 'Answer to #m2')
  expect(house.said(thread).some((text) => REFUSED.test(text))).toBe(true)
})
