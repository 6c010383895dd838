/** A right that is taken away between a message and its run counts, whatever the wall clock says. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { AgentResult } from '../../src/ports/agent.ts'
import type { ChatPort } from '../../src/ports/chat.ts'
import { openRoom, type Room } from './support/room.ts'
import { quiet, until } from './support/until.ts'
import { SESSION, ownerAccess } from '../support/conversation.ts'

let room: Room
beforeEach(async () => (room = await openRoom()))
afterEach(() => room.close())

const lost: ChatPort['accessOf'] = async () => ({ ok: true, value: { ...ownerAccess, ownerId: 'another' } })

/** The session takes `ms` to open, while the clock is set by `jump`; is the message run? */
async function ranAfter(ms: number, jump: number): Promise<boolean> {
  const life = await room.live()
  const opening = Promise.withResolvers<AgentResult<{ readonly session: string }>>()
  life.agent.on.openSession = async () => opening.promise
  life.chat.on.accessOf = lost
  life.send('hello')
  await quiet()
  room.clock.jump(jump)
  room.clock.advance(ms)
  opening.resolve({ ok: true, value: { session: SESSION } })
  await until('the end', () => life.agent.prompts.length > 0 || life.texts().some((line) => line.startsWith('✗ not run')))
  return life.agent.prompts.length > 0
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
