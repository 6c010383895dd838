/** A session that says very much holds up no other one. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { AgentEvent } from '../../src/domain/agent.ts'
import { openHarness, postsIn, prompted, type Harness } from './support/harness.ts'
import { quiet, until } from './support/until.ts'
import { answer, busy, part, says, text } from '../support/conversation.ts'

let harness: Harness
beforeEach(async () => (harness = await openHarness()))
afterEach(() => harness.close())

const PIECES = 20_000

test('tens of thousands of pieces of one answer: another thread is asked and answered before they are taken in', async () => {
  const bot = await harness.run()
  await prompted(bot, 'talk')
  const user = bot.agent.user()
  const talk = answer('msg_talk', user, [], { completed: undefined, finish: undefined })
  bot.agent.emit(says(user), busy, says(talk), part('msg_talk', text('prt_talk', '', false)))
  await quiet()
  bot.agent.answers('short', 'In time.')
  const thread = bot.send('a short question')
  const piece: AgentEvent = { kind: 'delta', session: 'ses_1', messageId: 'msg_talk', partId: 'prt_talk', text: 'word ' }
  // As they come: some hundred in each piece of the stream.
  let left = PIECES
  while (left > 0 && !postsIn(bot, thread.id).some((line) => line.includes('In time.'))) {
    bot.agent.emit(...Array.from({ length: 200 }, () => piece))
    left -= 200
    await new Promise(setImmediate)
  }
  expect(left, 'the other answer came in the middle of the flood').toBeGreaterThan(0)
})

test('what sessions of nobody say is dropped: the record is asked once for each, and again once one belongs to a thread', async () => {
  const asked: string[] = []
  const bot = await harness.run(({ store }) => ({
    conversationOfSession: async (session) => (asked.push(session), store.conversationOfSession(session)),
  }))
  const piece: AgentEvent = { kind: 'delta', session: 'ses_terminal', messageId: 'msg_t', partId: 'prt_t', text: 'word ' }
  for (let times = 0; times < 20; times += 1) {
    bot.agent.emit(...Array.from({ length: 100 }, () => piece))
    await quiet(2)
  }
  expect(asked).toEqual(['ses_terminal'])
  // Heard of before it belonged to anybody, as its creation is.
  bot.agent.emit({ kind: 'title', session: 'ses_1', title: 'a title' })
  await quiet(2)
  const thread = await prompted(bot)
  bot.answer('msg_a', 'Heard.')
  await until('the answer', () => postsIn(bot, thread.id).some((line) => line.includes('Heard.')))
})

test('red control: a record that could not be asked is asked again', async () => {
  let asked = 0
  const bot = await harness.run(() => ({
    async conversationOfSession() {
      asked += 1
      throw new Error('locked')
    },
  }))
  for (let times = 0; times < 3; times += 1) {
    bot.agent.emit({ kind: 'title', session: 'ses_terminal', title: `${times}` })
    await quiet(2)
  }
  expect(asked).toBe(3)
})
