/** A question aside, around fakes: every step is on record, and done again after a crash without a second copy, thread or answer. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { IncomingMessage } from '../../src/domain/message/incoming.ts'
import type { Batch, StorePort } from '../../src/ports/store.ts'
import { FORK_AS } from './support/fake-agent.ts'
import { refused, unknown } from './support/fake-chat.ts'
import { asked, openRoom, type Life, type Room } from './support/room.ts'
import { quiet, until } from './support/until.ts'
import { answer, ownerAccess, run, text } from '../support/conversation.ts'

let room: Room
beforeEach(async () => (room = await openRoom()))
afterEach(() => room.close())

const never = new Promise<never>(() => undefined)
const inThread = (life: Life, threadId: string): readonly string[] =>
  life.chat.posts.filter(({ channelId }) => channelId === threadId).map(({ content }) => content)
const asides = (life: Life) => life.agent.prompts.filter(({ session }) => session.startsWith('ses_copy'))
const settled = (life: Life) => until('settled', async () => (await life.store.openConversations()).length === 0)

/** A thread whose first turn is over. */
async function thread(life: Life): Promise<IncomingMessage> {
  const first = await asked(life)
  life.answer('msg_a', 'Planted.')
  await settled(life)
  return first
}

function answerAside(life: Life, words: string): void {
  const [prompt] = asides(life)
  if (!prompt) throw new Error('nothing was asked aside')
  const user = life.agent.user(prompt)
  for (const event of run(user, answer('msg_aside', user, [text('prt_aside', words)])))
    life.agent.tell({ ...event, session: prompt.session })
}

test('the question gets a copy, a thread and an answer of its own; here one line says where', async () => {
  const life = await room.live()
  const source = await asked(life)
  const sent = life.reply(source, 'why so slow. btw')
  await until('the prompt', () => asides(life).length === 1)
  const [started] = life.chat.started
  expect(started?.name).toBe('btw: why so slow. btw')
  expect(life.chat.calls).toContain(`addMember ${started?.id} ${sent.authorId}`)
  expect(asides(life)[0]).toMatchObject({ directory: '/project/garden', as: FORK_AS })
  expect(life.agent.calls).not.toContain('abort')
  answerAside(life, 'Because.')
  await until('the footer', () => inThread(life, started?.id ?? '').some((line) => line.includes('garden')))
  await until('the line', () => inThread(life, source.id).length === 1)
  expect(inThread(life, source.id)).toEqual([`⬦ asked aside in <#${started?.id}>`])
  expect(inThread(life, started?.id ?? '').join('\n')).toMatch(
    new RegExp(
      `^⬦ a question aside, with all that was said in <#${source.id}>\\n» \\*\\*Ann:\\*\\* why so slow\\n[^]*Because\\.[^]*garden`,
    ),
  )
  life.answer('msg_a', 'Planted.')
  await settled(life)
})

test('what is written in its thread goes on in the copy', async () => {
  const life = await room.live()
  const source = await thread(life)
  life.reply(source, 'why. btw')
  await until('the prompt', () => asides(life).length === 1)
  answerAside(life, 'Because.')
  await settled(life)
  life.reply({ id: life.chat.started[0]?.id ?? '' }, 'and then?')
  await until('the next prompt', () => asides(life).length === 2)
  expect(asides(life)[1]?.session).toBe(asides(life)[0]?.session)
  expect(asides(life)[1]?.as).toBeUndefined()
})

const holds =
  (which: (batch: Batch) => boolean) =>
  ({ store }: { store: StorePort }): Partial<StorePort> => ({
    commit: async (batch) => (which(batch) ? never : store.commit(batch)),
  })
const ends =
  (kind: string) =>
  (batch: Batch): boolean =>
    batch.conversation?.effectsDone.some((key) => key.startsWith(kind)) ?? false
const isItsOwn = (batch: Batch): boolean => batch.conversation?.state.prompts.some(({ aside }) => aside) ?? false
const begins = (batch: Batch): boolean => batch.accept?.some(({ key }) => key.startsWith('btw:')) ?? false

test.each([
  ['the copy was made, and nobody was told', holds(ends('fork/'))],
  ['the thread was opened, and its inbox row is not written', holds(begins)],
  ['its inbox row is written, and nobody was told', holds((batch) => ends('open-aside/')(batch) || isItsOwn(batch))],
])('killed when %s: one copy, one thread, one prompt', async (_when, broken) => {
  const first = await room.live()
  const source = await thread(first)
  const second = await room.live(broken)
  second.reply(source, 'why. btw')
  await quiet(60)
  const third = await room.live()
  await until('the prompt', () => asides(third).length === 1)
  // What is found on record is read first.
  await quiet()
  room.clock.advance(0)
  await quiet()
  answerAside(third, 'Because.')
  await until('the line', () => inThread(third, source.id).some((line) => line.startsWith('⬦ asked aside')))
  await settled(third)
  expect(third.agent.forks.size).toBe(1)
  expect(third.chat.started).toHaveLength(1)
  expect(inThread(third, third.chat.started[0]?.id ?? '').filter((line) => line.includes('Because.'))).toHaveLength(1)
  expect(asides(second).length + asides(third).length).toBe(1)
})

test('red control: were the thread not looked for, there would be two', async () => {
  const first = await room.live()
  const source = await thread(first)
  const second = await room.live(holds(begins))
  second.reply(source, 'why. btw')
  await until('the thread', () => second.chat.started.length === 1)
  const third = await room.live(({ chat }) => {
    chat.ownThreadsAfter = async () => ({ ok: true, value: [] })
  })
  await until('the prompt', () => asides(third).length === 1)
  expect(third.chat.started).toHaveLength(2)
})

test('two questions of the same words in one go get a thread each, even after a crash', async () => {
  const first = await room.live()
  const source = await thread(first)
  const second = await room.live(holds(begins))
  second.reply(source, 'why. btw')
  second.reply(source, 'why. btw')
  await until('the first thread', () => second.chat.started.length === 1)
  await quiet(60)
  const third = await room.live()
  await until('the prompts', () => asides(third).length === 2)
  expect(third.chat.started).toHaveLength(2)
  expect(new Set(asides(third).map(({ session }) => session)).size).toBe(2)
})

test('a thread of unknown outcome is looked for before another is started', async () => {
  const life = await room.live()
  const source = await thread(life)
  let tries = 0
  life.chat.on.startThread = async (name) => {
    tries += 1
    life.chat.started.push({ id: `9${source.id}`, channelId: source.channelId, name })
    return unknown
  }
  life.reply(source, 'why. btw')
  await until('a try', () => tries === 1)
  await quiet()
  room.clock.advance(1000)
  await until('the prompt', () => asides(life).length === 1)
  expect(tries).toBe(1)
})

test('a session that is gone: one clear line, no thread', async () => {
  const life = await room.live()
  const source = await thread(life)
  life.agent.on.fork = async () => ({ ok: false, failure: { kind: 'session-gone' } })
  life.reply(source, 'why. btw')
  await until('the line', () => inThread(life, source.id).some((line) => line.startsWith('✗ ')))
  expect(inThread(life, source.id).filter((line) => line.startsWith('✗ '))).toEqual([
    expect.stringContaining('the session does not exist any more') as string,
  ])
  expect(life.chat.started).toEqual([])
  await settled(life)
})

test('a thread that Discord refuses: one clear line', async () => {
  const life = await room.live()
  const source = await thread(life)
  life.chat.on.startThread = async () => refused
  life.reply(source, 'why. btw')
  await until('the line', () => inThread(life, source.id).some((line) => line.startsWith('✗ Discord refused to open a thread')))
  expect(asides(life)).toEqual([])
  await settled(life)
})

test('a right that was lost meanwhile: nothing is copied', async () => {
  const first = await room.live()
  const source = await thread(first)
  const second = await room.live(holds((batch) => (batch.done?.length ?? 0) > 0))
  second.reply(source, 'why. btw')
  await quiet()
  const third = await room.live(({ chat }) => {
    chat.on.accessOf = async () => ({ ok: true, value: { ...ownerAccess, ownerId: 'another' } })
  })
  await until('the line', () => inThread(third, source.id).some((line) => line.startsWith('✗ not run')))
  expect(third.agent.forks.size).toBe(0)
})
