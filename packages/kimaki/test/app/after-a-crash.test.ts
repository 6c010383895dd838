/** What an earlier process left is finished by the next one: nothing lost, nothing twice. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { allClosed, never, openHarness, prompted, type BotRun, type Harness } from './support/harness.ts'
import { quiet, until } from './support/until.ts'
import { SESSION, answer, busy, idle, part, run, says, text, tool } from '../support/conversation.ts'

let harness: Harness
beforeEach(async () => (harness = await openHarness()))
afterEach(() => harness.close())

test('blocks that waited behind a post are shown, though the prompt had ended', async () => {
  const first = await harness.run()
  await prompted(first)
  first.chat.on.post = async () => never
  const user = first.agent.user()
  const whole = answer('msg_a', user, [text('prt_1', 'The beginning.'), text('prt_2', 'The end.')])
  for (const event of [
    says(user),
    busy,
    says({ ...whole, completed: undefined, finish: undefined }),
    part('msg_a', text('prt_1', 'The beginning.')),
  ])
    first.agent.emit(event)
  await quiet()
  for (const event of [part('msg_a', text('prt_2', 'The end.')), says(whole), idle]) first.agent.emit(event)
  await quiet()
  first.agent.session = { status: { kind: 'idle' }, messages: [user, whole], title: undefined }

  const second = await harness.run()
  await quiet()
  harness.clock.advance(0)
  await until('the footer', () => second.texts().length >= 3 || second.texts().some((line) => line.includes('garden')))
  expect(second.texts().join('\n')).toMatch(/The beginning\.[^]*The end\.[^]*garden/)
})

test('a turn that was shown whole is not shown again when the session is read in the next turn (P-067)', async () => {
  const first = await harness.run()
  const thread = await prompted(first)
  first.chat.on.post = async (_channel, content) => (content.includes('garden') ? never : undefined)
  first.answer('msg_a', 'Once.')
  const user = first.agent.user()
  first.agent.session = {
    status: { kind: 'idle' },
    messages: [user, answer('msg_a', user, [text('prt_msg_a', 'Once.')])],
    title: undefined,
  }
  await quiet()

  const second = await harness.run()
  await quiet()
  harness.clock.advance(0)
  await until('the footer', () => second.texts().some((line) => line.includes('garden')))
  await quiet()
  harness.clock.advance(60_000)
  second.reply(thread, 'and again')
  await until('the second prompt', () => second.agent.prompts.length === 1)
  await quiet()
  const again = second.agent.user()
  const next = answer('msg_b', again, [text('prt_b', 'Twice.')])
  second.agent.session = { status: { kind: 'idle' }, messages: [...second.agent.session.messages, again, next], title: undefined }
  for (const event of run(again, next)) second.agent.emit(event)
  second.agent.notice({ kind: 'connected' })
  await quiet()
  harness.clock.advance(0)
  await quiet()
  expect(second.texts().filter((line) => line.includes('Once.'))).toHaveLength(1)
  expect(second.texts().filter((line) => line.includes('Twice.'))).toHaveLength(1)
})

test('the rest of a text that was closed early is shown', async () => {
  const first = await harness.run()
  await prompted(first)
  const user = first.agent.user()
  const begun = answer('msg_a', user, [], { completed: undefined, finish: undefined })
  for (const event of [
    says(user),
    busy,
    says(begun),
    part('msg_a', text('prt_1', 'Half', false)),
    part('msg_a', tool('prt_2', 'running')),
  ])
    first.agent.emit(event)
  await quiet()
  harness.clock.advance(1000)
  await until('the first half', () => first.texts().some((line) => line.includes('Half')))
  await quiet()
  const whole = answer('msg_a', user, [text('prt_1', 'Half and whole'), tool('prt_2', 'completed')])
  const second = await harness.run(({ agent }) => {
    agent.session = { status: { kind: 'idle' }, messages: [user, whole], title: undefined }
  })
  await quiet()
  harness.clock.advance(0)
  await until('the rest', () => second.texts().some((line) => line.includes('and whole')))
  expect(second.texts().filter((line) => line.includes('Half'))).toHaveLength(1)
})

test('a server that dies while the outcome of a prompt is being written down is noticed', async () => {
  const bot = await harness.run()
  const submitted = Promise.withResolvers<void>()
  bot.agent.on.prompt = async () => {
    await submitted.promise
    return { created: harness.clock.now() }
  }
  bot.send('hello')
  await until('the prompt', () => bot.agent.prompts.length === 1)
  for (const event of [says(bot.agent.user()), busy]) bot.agent.emit(event)
  await quiet()
  submitted.resolve()
  // In the same moment: the outcome is not yet taken in.
  bot.agent.notice({ kind: 'lost', reason: 'killed' })
  await quiet()
  harness.clock.advance(6000)
  await quiet()
  expect(bot.agent.calls).toContain('snapshot')
  expect(SESSION).toBe('ses_1')
})

test('a bot that dies while it stops a run submits nothing before the message it stopped it for', async () => {
  const first = await harness.run()
  const thread = await prompted(first)
  const user = first.agent.user()
  const step = answer('msg_a', user, [tool('prt_1', 'running')], { completed: undefined, finish: undefined })
  for (const event of [says(user), busy, says(step), ...step.parts.map((each) => part('msg_a', each))]) first.agent.emit(event)
  harness.clock.advance(100)
  first.reply(thread, 'the first to wait')
  await until('it is submitted', () => first.agent.prompts.length === 2)
  await quiet()
  const waiting = first.agent.user()
  first.agent.emit(says(waiting))
  await quiet()
  first.agent.session = { status: { kind: 'busy' }, messages: [user, step, waiting], title: undefined }
  first.agent.on.abort = async () => never
  harness.clock.advance(3000)
  await until('the run is being stopped', () => first.agent.calls.includes('abort'))

  let stop: (() => void) | undefined
  const second = await harness.run(({ agent }) => {
    agent.on.abort = async () => new Promise((resolve) => (stop = () => resolve(undefined)))
  })
  await until('it is being stopped again', () => stop !== undefined)
  second.reply(thread, 'the second')
  await quiet()
  harness.clock.advance(0)
  await until('the session is read', () => second.agent.calls.includes('snapshot'))
  await quiet()
  expect(second.agent.prompts).toEqual([])
  stop?.()
  await until('both are submitted', () => second.agent.prompts.length === 2)
  expect(second.agent.prompts.map(({ messageId, resend }) => [messageId === waiting.id, resend])).toEqual([
    [true, true],
    [false, false],
  ])
})

describe('what was answered is known from our rows, whatever stands in the thread:', () => {
  /** A person deletes messages of the bot. */
  function deletePosts(bot: BotRun, isMeant: (content: string) => boolean): void {
    const { posts } = bot.chat
    posts.splice(0, posts.length, ...posts.filter(({ content }) => !isMeant(content)))
  }

  async function answered(bot: BotRun): Promise<void> {
    await prompted(bot)
    bot.answer('msg_a', 'Once.')
    await allClosed(bot)
    const user = bot.agent.user()
    const messages = [user, answer('msg_a', user, [text('prt_msg_a', 'Once.')])]
    bot.agent.session = { status: { kind: 'idle' }, messages, title: undefined }
  }

  test.each([
    ['the answer', (content: string) => content.includes('Once.')],
    ['its footer', (content: string) => content.includes('garden')],
    ['everything', () => true],
  ] as const)('with %s deleted, the next process says and asks nothing again', async (_what, isMeant) => {
    const first = await harness.run()
    await answered(first)
    deletePosts(first, isMeant)
    const left = first.texts()
    const second = await harness.run()
    await quiet()
    second.agent.notice({ kind: 'connected' })
    harness.clock.advance(60_000)
    await quiet()
    expect([left.length < 2, second.texts(), second.agent.prompts]).toEqual([true, left, []])
  })

  test('deleted while the rest of it is still being said, only the rest is said', async () => {
    const first = await harness.run()
    await prompted(first)
    const user = first.agent.user()
    const whole = answer('msg_a', user, [text('prt_1', 'The beginning.'), text('prt_2', 'The end.')])
    const begun = { ...whole, completed: undefined, finish: undefined }
    first.agent.emit(says(user), busy, says(begun), part('msg_a', text('prt_1', 'The beginning.')))
    await until('the beginning', () => first.texts().some((line) => line.includes('The beginning.')))
    await quiet()
    deletePosts(first, () => true)
    first.agent.session = { status: { kind: 'idle' }, messages: [user, whole], title: undefined }

    const second = await harness.run()
    await quiet()
    harness.clock.advance(0)
    await allClosed(second)
    expect(second.texts().join('\n')).toMatch(/^⬥ The end\.[^]*garden/)
    expect(second.agent.prompts).toEqual([])
  })
})
