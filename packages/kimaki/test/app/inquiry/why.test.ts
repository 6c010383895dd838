/** `/why` in a bot that runs: asked of a real bot while something holds it up. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import { AgentUnavailable } from '../../../src/base/errors.ts'
import { asked, bash, form } from '../../domain/conversation/asking.ts'
import type { FaultKind } from '../../faults/kinds.ts'
import { forbidden, unknown } from '../support/fake-chat.ts'
import { allClosed, commandEvent, never, openHarness, postsIn, prompted, type BotRun, type Harness } from '../support/harness.ts'
import { quiet, until } from '../support/until.ts'
import { GUILD, SESSION, message, ownerAccess } from '../../support/conversation.ts'

let harness: Harness
beforeEach(async () => (harness = await openHarness()))
afterEach(() => harness.close())

async function why(bot: BotRun, thread: string): Promise<string> {
  const before = bot.chat.replies.size
  bot.chat.emit(commandEvent(thread, 'why'))
  await until('the answer', () => bot.chat.replies.size > before)
  return [...bot.chat.replies.values()].at(-1) ?? ''
}

async function thread(bot: BotRun): Promise<string> {
  bot.agent.answers('hello', 'hi')
  const { id } = bot.send('hello')
  await until('the answer of the agent', () => postsIn(bot, id).some((text) => text.includes('hi')))
  await allClosed(bot)
  return id
}

test('an idle thread: nothing holds it up', async () => {
  const bot = await harness.run()
  expect(await why(bot, await thread(bot))).toMatch(/^⬦ nothing holds this up: the agent is idle/)
})

test('an agent that works: nothing holds it up', async () => {
  const bot = await harness.run()
  const { id } = await prompted(bot)
  expect(await why(bot, id)).toMatch(/^⬦ nothing holds this up: the agent works/)
})

test('a message that the gateway never told: it is found in Discord', async () => {
  const bot = await harness.run()
  const id = await thread(bot)
  bot.chat.on.readAfter = async (channelId) => {
    const unseen = message('are you there', { channelId, inThread: true, guildId: GUILD })
    return { messages: [{ message: unseen, access: ownerAccess }], lastId: unseen.id, more: false }
  }
  expect(await why(bot, id)).toMatch(/^⬦ held up at \*\*gateway\*\*: Discord has not told Kimaki of the newest message here/)
})

test('Discord that answers nothing: what is known without it is told', async () => {
  const bot = await harness.run()
  const id = await thread(bot)
  bot.chat.on.readAfter = async () => never
  const answer = why(bot, id)
  await quiet()
  harness.clock.advance(2000)
  expect(await answer).toMatch(/^⬦ nothing holds this up/)
})

test('an OpenCode that cannot be reached: why, and for how long', async () => {
  const bot = await harness.run(
    ({ agent }) => void (agent.on.openSession = async () => new AgentUnavailable({ reason: 'no binary' })),
  )
  const { id } = bot.send('hello')
  await until('the thread', () => bot.chat.threads.includes(id))
  await quiet()
  expect(await why(bot, id)).toMatch(/held up at \*\*agent\*\*: OpenCode cannot be reached to open the session, .*: no binary/)
})

test('a session that cannot be read after a start: told at once, though other commands wait for it', async () => {
  const first = await harness.run()
  const { id } = await prompted(first)
  const bot = await harness.run(({ agent }) => void (agent.on.snapshot = async () => never))
  expect(await why(bot, id)).toMatch(/^⬦ held up at \*\*agent\*\*/)
})

test.each([
  ['that Discord does not answer', unknown, /posting\*\*: 2 messages wait: Discord has not taken it for .*no answer/],
  ['that the bot may not write', forbidden, /posting\*\*: Discord does not let the bot write here, and 2 messages wait/],
])('a post %s: the post, and why', async (_what, error, words) => {
  const bot = await harness.run()
  const id = await thread(bot)
  bot.agent.answers('again', 'more')
  bot.chat.on.post = async (channelId) => (channelId === id ? error : undefined)
  bot.reply({ id }, 'again')
  await until('the try', () => bot.lines.some((line) => /a post has no answer|the post waits/.test(line)))
  await quiet()
  expect(await why(bot, id)).toMatch(words)
})

test('a line that is down is named before anything else', async () => {
  const bot = await harness.run()
  const id = await thread(bot)
  bot.chat.connection = { kind: 'down', reason: 'closed (1006)', forMs: 61_000 }
  expect(await why(bot, id)).toMatch(/gateway\*\*: there has been no line to Discord for 1m 1s: closed \(1006\)/)
})

const INJECTED: readonly (readonly [kind: FaultKind, inject: (bot: BotRun, id: string) => void, says: RegExp])[] = [
  [
    'OpenCode lives and answers nothing',
    ({ agent }) => agent.notice({ kind: 'silent', forMs: 30_000, endsAtMs: 60_000 }),
    /agent\*\*: OpenCode has not answered for 30s\nIf it says nothing for another 30s, it is ended/,
  ],
  [
    'the provider refuses for now',
    ({ agent }) => {
      const status = { kind: 'retry', attempt: 1, message: 'Rate limit reached', next: 2_000_000_000_000 } as const
      agent.emit({ kind: 'status', session: SESSION, status })
    },
    /model\*\*: the provider refuses for now: Rate limit reached\nOpenCode asks it again <t:2000000000:R>/,
  ],
  ['the agent asks for a permission', ({ agent }) => agent.emit(asked(bash('ls'))), /ask\*\*: .* allow something\nPress/],
  ['the agent asks a question', ({ agent }) => agent.emit(asked(form)), /ask\*\*: .* a question\nPress/],
  [
    'the bot may not see the channel',
    ({ chat }, id) => (chat.on.readAfter = async (channelId) => (channelId === id ? forbidden : undefined)),
    /access\*\*: Discord does not show this thread to the bot\nGive the role/,
  ],
]

test.each(INJECTED)('%s, while the agent works: named, with what to do', async (_kind, inject, says) => {
  const bot = await harness.run()
  const { id } = await prompted(bot)
  bot.agent.emit({ kind: 'status', session: SESSION, status: { kind: 'busy' } })
  inject(bot, id)
  await quiet()
  expect(await why(bot, id)).toMatch(says)
})
