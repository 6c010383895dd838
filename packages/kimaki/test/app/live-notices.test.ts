/** Notices that change in place: one message, whose text follows the run, whatever is in the way. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { SessionStatus } from '../../src/domain/agent.ts'
import { gone, refused, unknown } from './support/fake-chat.ts'
import { asked, openRoom, type Life, type Room } from './support/room.ts'
import { quiet, until } from './support/until.ts'
import { SESSION, answer, says } from '../support/conversation.ts'

let room: Room
beforeEach(async () => (room = await openRoom()))
afterEach(() => room.close())

const tell = (life: Life, status: SessionStatus): void => life.agent.tell({ kind: 'status', session: SESSION, status })
const retry = (life: Life, attempt: number): void => {
  tell(life, { kind: 'retry', attempt, message: 'Too Many Requests', next: 1_800_000_000_000 + attempt * 1000 })
}
const edits = (life: Life): number => life.chat.calls.filter((call) => call.startsWith('edit')).length

async function retrying(life: Life): Promise<void> {
  await asked(life)
  life.agent.tell(says(life.agent.user()))
  tell(life, { kind: 'busy' })
  retry(life, 1)
  await until('the notice', () => life.texts().some((text) => text.includes('1st time')))
}

test('retries are one message that is edited, and says at the end how often (P-027)', async () => {
  const life = await room.live()
  await retrying(life)
  retry(life, 2)
  await until('the second', () => life.texts()[0]?.includes('(2nd time)') ?? false)
  expect(life.texts()).toEqual(['⬦ Too Many Requests: asking the provider again <t:1800000002:R> (2nd time)'])
  life.answer('msg_a', 'Done.')
  await until('the footer', () => life.texts().length === 3)
  await until('the last words', () => life.texts()[0] === '⬦ Too Many Requests: the provider was asked again 2 times')
  await until('settled', async () => (await life.store.openConversations()).length === 0)
})

test('the same attempt told twice edits nothing', async () => {
  const life = await room.live()
  await retrying(life)
  retry(life, 1)
  await quiet()
  expect(edits(life)).toBe(0)
})

test('an edit without an answer is done again, with the newest words', async () => {
  const life = await room.live()
  await retrying(life)
  let tries = 0
  life.chat.on.edit = async () => ((tries += 1) < 3 ? unknown : undefined)
  retry(life, 2)
  await until('a first try', () => tries === 1)
  retry(life, 3)
  await quiet()
  room.clock.advance(500)
  await until('a second try', () => tries === 2)
  room.clock.advance(1000)
  await until('the newest words', () => life.texts()[0]?.includes('(3rd time)') ?? false)
  expect(tries).toBe(3)
})

test.each([
  ['a person deleted it', gone],
  ['Discord refuses it', refused],
])('a notice that cannot be changed any more (%s) holds nothing up', async (_why, answered) => {
  const life = await room.live()
  await retrying(life)
  life.chat.on.edit = async () => answered
  retry(life, 2)
  await until('the try', () => edits(life) > 0)
  life.answer('msg_a', 'Done.')
  await until('the footer', () => life.texts().length === 3)
  await until('settled', async () => (await life.store.openConversations()).length === 0)
  expect(edits(life)).toBe(2)
})

test('killed before an edit: the next process makes the notice say what it should', async () => {
  const life = await room.live()
  await retrying(life)
  life.chat.on.edit = async () => new Promise(() => undefined)
  retry(life, 2)
  await until('the try', () => edits(life) > 0)
  await quiet()
  const user = life.agent.user()
  life.agent.session = { status: { kind: 'idle' }, messages: [user, answer('msg_a', user, [])], title: undefined }
  const next = await room.live()
  await quiet()
  room.clock.advance(0)
  await until('the last words', () => next.texts()[0] === '⬦ Too Many Requests: the provider was asked again 2 times')
  await until('settled', async () => (await next.store.openConversations()).length === 0)
  expect(edits(next)).toBeGreaterThan(0)
})

test('nobody types while the provider is asked again', async () => {
  const pulses: string[] = []
  const life = await room.live(({ chat }) => void (chat.on.typing = (channel) => void pulses.push(channel)))
  await retrying(life)
  await quiet()
  const before = pulses.length
  room.clock.advance(30_000)
  await quiet()
  expect(pulses.length).toBe(before)
  tell(life, { kind: 'busy' })
  await until('typing again', () => pulses.length > before)
})

test('an answer without a word says so', async () => {
  const life = await room.live()
  await asked(life)
  life.answer('msg_a', ' ')
  await until('the footer', () => life.texts().at(-1)?.includes('garden') ?? false)
  expect(life.texts()[0]).toMatch(/^⬦ the model ended its answer without a word/)
})
