import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { startHouse, type House, type Project } from '../support/house.ts'
import { CRASH_RULES } from './rules.ts'

const CRASHING = { kind: 'composition', file: new URL('crashing-bot.ts', import.meta.url) } as const

let house: House
let project: Project

beforeEach(async () => {
  house = await startHouse({ rules: CRASH_RULES, emulator: { rateLimits: false } })
  project = await house.project('alpha')
})

afterEach(async () => {
  await house?.stop()
})

/** The same run with a safeguard taken away (or none): killed at the point, started again, one more message answered. */
async function killedAt(point: string, red: string): Promise<readonly string[]> {
  const armed = join(house.dir, 'armed')
  const doomed = await house.bot(CRASHING, { CRASH_AT: point, CRASH_ARMED: armed, RED: red })
  writeFileSync(armed, '')
  house.owner.send(project.channelId, 'text #m1')
  await doomed.exited
  await house.bot(CRASHING, { RED: red })
  const second = house.owner.send(project.channelId, 'text #m2')
  await house.untilSaid(second.id, /^\*alpha/)
  return found()
}

const found = (): readonly string[] => house.verdict().findings.map(({ kind }) => kind)

/** What is amiss may show a little later than the second answer. */
const FINDS = { timeout: 20_000 }

test('with every safeguard in place the checker finds nothing', async () => {
  expect(await killedAt('post-after', 'none')).toEqual([])
})

test('red control: acting before the commit doubles the message', async () => {
  await killedAt('post-after', 'commit-after-acting')
  await expect.poll(found, FINDS).toContain('doubled')
})

test('red control: moving the position before the message is on record loses it', async () => {
  await killedAt('accept-after-commit', 'position-before-message')
  await expect.poll(found, FINDS).toContain('lost')
})

test('red control: without nonce and look-back a post stands twice', async () => {
  await killedAt('post-after', 'no-nonce-no-look-back')
  await expect.poll(found, FINDS).toContain('doubled')
})
