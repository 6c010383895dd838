/** The queue: what waits is seen, can be changed, and runs when the agent is done, one at a time, whatever dies. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { IncomingMessage } from '../../src/domain/message/incoming.ts'
import { asked, openRoom, type Life, type Room } from './support/room.ts'
import { quiet, until } from './support/until.ts'
import { answer, idle, ownerAccess, run, text } from '../support/conversation.ts'

let room: Room
beforeEach(async () => (room = await openRoom()))
afterEach(() => room.close())

const prompts = (life: Life): readonly string[] =>
  life.agent.prompts.map(({ parts }) =>
    parts.flatMap((part) => (part.type === 'text' && !part.synthetic ? part.text : [])).join(),
  )
const said = (life: Life, part: string): boolean => life.texts().some((line) => line.includes(part))

/** The agent works on a first message; `words` wait behind it. */
async function busyWith(
  life: Life,
  ...words: readonly string[]
): Promise<{ thread: IncomingMessage; waiting: IncomingMessage[] }> {
  const thread = await asked(life)
  for (const event of run(
    life.agent.user(),
    answer('msg_busy', life.agent.user(), [], { completed: undefined, finish: undefined }),
  ).slice(0, 3))
    life.agent.tell(event)
  const waiting = words.map((word) => life.reply(thread, word))
  await until('the cards', () => life.texts().filter((line) => line.includes('queued at position')).length === words.length)
  return { thread, waiting }
}

async function finish(life: Life, id: string): Promise<void> {
  life.answer(id, `Done ${id}.`)
  await until(`the answer ${id}`, () => said(life, `Done ${id}.`))
}

test('a queued message shows its place and runs after the one before it, with a line that says whose turn it is', async () => {
  const life = await room.live()
  await busyWith(life, 'water it. queue')
  expect(prompts(life)).toEqual(['plant a tree'])
  expect(life.chat.posts.at(-1)).toMatchObject({
    content: expect.stringContaining('position 1') as string,
    buttons: [expect.stringMatching(/^unqueue:/)],
  })
  await finish(life, 'msg_a')
  await until('its turn', () => prompts(life).at(-1) === 'water it')
  await until('the line', () => said(life, '» **Ann:** water it'))
  await until('the card', () => said(life, '⬦ was queued: its turn has come'))
  await finish(life, 'msg_b')
  await until('settled', async () => (await life.store.openConversations()).length === 0)
})

test('nothing to wait for: it runs at once, without a card and without a line (P-061, P-062)', async () => {
  const life = await room.live()
  life.send('plant a tree. queue')
  await until('the prompt', () => prompts(life).length === 1)
  await quiet()
  expect(prompts(life)).toEqual(['plant a tree'])
  expect(life.texts()).toEqual([])
})

test('one at a time, in order, and those behind move up (P-054)', async () => {
  const life = await room.live()
  await busyWith(life, 'one. queue', 'two. queue', 'three. queue')
  await finish(life, 'msg_a')
  await until('the first', () => prompts(life).at(-1) === 'one')
  await until('they move up', () => life.texts().filter((line) => /position [12]:/.test(line)).length === 2)
  await quiet()
  expect(prompts(life)).toEqual(['plant a tree', 'one'])
  await finish(life, 'msg_b')
  await until('the second', () => prompts(life).at(-1) === 'two')
  await finish(life, 'msg_c')
  await until('the third', () => prompts(life).at(-1) === 'three')
})

test('a message without the suffix goes before the queue', async () => {
  const life = await room.live()
  const { thread } = await busyWith(life, 'later. queue')
  life.reply(thread, 'now')
  await until('the prompt', () => prompts(life).at(-1) === 'now')
  life.agent.tell(idle)
  await finish(life, 'msg_a')
  await until('its turn', () => prompts(life).at(-1) === 'later')
  expect(prompts(life)).toEqual(['plant a tree', 'now', 'later'])
})

test('what Discord adds to a message, as a preview of its link, takes nothing out of the queue (P-060)', async () => {
  const life = await room.live()
  const { waiting } = await busyWith(life, 'read https://example.com. queue')
  for (const message of waiting)
    life.chat.heard?.onEvent({
      kind: 'edited',
      message,
      access: ownerAccess,
      editedAt: '2026-01-01T00:00:01.000Z',
      position: undefined,
    })
  await quiet()
  expect(said(life, 'queued at position 1')).toBe(true)
  await finish(life, 'msg_a')
  await until('its turn', () => prompts(life).at(-1) === 'read https://example.com')
})

test('killed: the queue is there again, and goes on', async () => {
  const first = await room.live()
  await busyWith(first, 'one. queue', 'two. queue')
  await quiet()
  const user = first.agent.user()
  first.agent.session = {
    status: { kind: 'idle' },
    messages: [user, answer('msg_a', user, [text('t', 'Done.')])],
    title: undefined,
  }
  const second = await room.live()
  await quiet()
  room.clock.advance(0)
  await until('its turn', () => prompts(second).at(-1) === 'one')
  await until('the line', () => said(second, '» **Ann:** one'))
  expect(prompts(second)).toEqual(['one'])
})
