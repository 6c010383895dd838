import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startHouse, type House, type Project } from '../support/house.ts'
import { POINTS, type Point } from './points.ts'
import { CRASH_RULES } from './rules.ts'

const CRASHING = { kind: 'composition', file: new URL('crashing-bot.ts', import.meta.url) } as const

let house: House
let project: Project
let count = 0
/** A thread in which questions are asked aside. What is said in it stands in every copy of its session, so nothing of it is tagged. */
let source: string
const reached = new Set<string>()
/** What a shell command meets is beside this: `shell-points.test.ts`. */
const OF_MESSAGES = POINTS.filter(({ load }) => load !== 'shell' && load !== 'aside')

beforeAll(async () => {
  house = await startHouse({ rules: CRASH_RULES, emulator: { rateLimits: false } })
  project = await house.project('alpha')
  const first = await house.bot()
  const { id } = house.owner.send(project.channelId, 'warm up #m0')
  await house.untilSaid(id, /^\*alpha/)
  source = house.owner.send(project.channelId, 'aside a0').id
  await house.untilSaid(source, /^\*alpha/)
  first.kill()
  await first.exited
})

afterAll(async () => {
  process.stdout.write(`${reached.size} of ${OF_MESSAGES.length + ASIDE.length} points: each 1 hit, 1 kill\n`)
  await house?.stop()
})

function send(load: Point['load']): { readonly id: string; readonly tag: string } {
  const tag = `#m${(count += 1)}`
  const files = load === 'attachment' ? [{ name: 'notes.txt', contentType: 'text/plain', data: `notes of ${tag.slice(1)}` }] : []
  const word = load === 'attachment' ? 'text' : load
  return { id: house.owner.send(project.channelId, `${word} ${tag}`, { files }).id, tag }
}

/** A message for whose sake a tool that takes long is stopped. */
async function interruptALongTool(): Promise<{ readonly id: string; readonly tag: string }> {
  const first = `#m${(count += 1)}`
  const tag = `#m${(count += 1)}`
  const { id } = house.owner.send(project.channelId, `long ${first}`)
  await house.untilSaid(id, /sleep 30/)
  house.owner.send(id, `text ${tag}`)
  return { id, tag }
}

async function expectAskedOnce(name: string): Promise<void> {
  const threads = () =>
    house.emulator.world.threads(project.channelId).filter((thread) => 'name' in thread && thread.name === `btw: aside ${name}`)
  const id = await house.emulator.world.until(`the thread of ${name}`, () => threads()[0]?.id, 30_000)
  await house.untilSaid(id, /^\*alpha/)
  await house.untilSaid(source, `<#${id}>`)
  expect(threads()).toHaveLength(1)
  expect(house.said(id).filter((text) => text.includes(`Answer to ${name}.`))).toHaveLength(1)
  expect(house.said(source).filter((text) => text.includes(`<#${id}>`))).toHaveLength(1)
  const asked = house.model.log.filter(
    ({ hasTools, answers }) => hasTools && answers.some((text) => text.includes(`aside ${name}`)),
  )
  expect(asked).toHaveLength(1)
}

const ASIDE = POINTS.filter(({ load }) => load === 'aside')

test.each(ASIDE)('killed at $name ($row), a question aside has one copy, one thread and one answer', async (point) => {
  const armed = join(house.dir, 'armed')
  const doomed = await house.bot(CRASHING, { CRASH_AT: point.name, CRASH_ARMED: armed })
  writeFileSync(armed, '')
  const name = `a${(count += 1)}`
  house.owner.send(source, `aside ${name}. btw`)
  expect(await doomed.exited).toEqual({ code: null, signal: 'SIGKILL' })
  expect(existsSync(armed), 'the point was reached').toBe(false)
  reached.add(point.name)
  const next = await house.bot()
  await expectAskedOnce(name)
  next.kill()
  await next.exited
  house.expectFaithful()
})

test.each(OF_MESSAGES)('killed at $name ($row), nothing is lost and nothing stands twice', async (point) => {
  const armed = join(house.dir, 'armed')
  const doomed = await house.bot(CRASHING, {
    CRASH_AT: point.name,
    CRASH_ARMED: armed,
    KIMAKI_INTERRUPT_STEP_TIMEOUT_MS: '300',
  })
  writeFileSync(armed, '')
  const { id, tag } = point.load === 'interrupt' ? await interruptALongTool() : send(point.load)
  expect(await doomed.exited).toEqual({ code: null, signal: 'SIGKILL' })
  expect(existsSync(armed), 'the point was reached').toBe(false)
  reached.add(point.name)
  const next = await house.bot()
  await house.untilSaid(id, /^\*alpha/)
  expect(house.said(id).filter((text) => text.includes(tag) && /Answer|Done/.test(text))).toHaveLength(1)
  if (point.load === 'retry') await house.untilSaid(id, /^⬦ .*: the provider was asked again once$/)
  next.kill()
  await next.exited
  expect(house.said(id).filter((text) => text.startsWith('⬦'))).toHaveLength(['retry', 'interrupt'].includes(point.load) ? 1 : 0)
  house.expectFaithful()
})

test.each([
  ['accept-after-commit', '#m998'],
  ['prompt-before', '#m999'],
])('killed at %s, a right that is lost before the next start is told, and the message is not run', async (point, tag) => {
  const armed = join(house.dir, 'armed')
  const kimaki = house.guild.role({ name: 'Kimaki' })
  const friend = house.emulator.world.user('friend')
  house.guild.join(friend, [kimaki.id])
  const doomed = await house.bot(CRASHING, { CRASH_AT: point, CRASH_ARMED: armed })
  writeFileSync(armed, '')
  const { id } = friend.send(project.channelId, `text ${tag}`)
  await doomed.exited
  house.guild.setRoles(friend.id, [])
  const next = await house.bot()
  await house.untilSaid(id, /^✗ /)
  expect(house.model.log.some(({ userTexts }) => userTexts.some((text) => text.includes(tag)))).toBe(false)
  next.kill()
  await next.exited
})
