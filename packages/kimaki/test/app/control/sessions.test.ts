/** What programs ask about sessions: which one is meant, how its run ends, and what was said in it. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { UsageError } from '../../../src/base/errors.ts'
import { findSession, readWanted } from '../../../src/app/control/sessions/find.ts'
import { searchSessions, snippetsIn } from '../../../src/app/control/sessions/search.ts'
import { waitForRequest, waitForThread, type Ended } from '../../../src/app/control/sessions/wait.ts'
import { transcriptText } from '../../../src/view/sessions/transcript.ts'
import type { Transcript } from '../../../src/domain/agent.ts'
import type { Acceptance } from '../../../src/ports/store.ts'
import { refused } from '../support/fake-chat.ts'
import { allClosed, DIRECTORY, openHarness, prompted, type BotRun, type Harness } from '../support/harness.ts'
import { quiet, until } from '../support/until.ts'
import { answer, CHANNEL, GUILD, message, SESSION, text } from '../../support/conversation.ts'

let harness: Harness
beforeEach(async () => (harness = await openHarness()))
afterEach(() => harness.close())

const USER = { kind: 'user', id: 'msg_1', created: 1, words: 'How many leaves?' } as const
/** OpenCode tells the answer `msg_a` when it is asked for the session. */
const depsOf = ({ store, agent, waits }: BotRun) => {
  const said = { title: '', messages: [{ ...answer('msg_a', USER, [text('prt_a', 'Seven.')]), words: '' }] }
  const sessions = { ...agent.sessions, transcript: async () => said }
  return { store, agent: { sessions }, waits, now: harness.clock.now }
}

const begin = (uuid: string): Acceptance => ({
  key: `send:${uuid}`,
  request: {
    kind: 'begin',
    message: message('count', { id: `send:${uuid}`, author: { kind: 'program', name: 'kimaki send', userId: undefined } }),
    begins: { name: 'Leaves' },
  },
  conversation: { id: `begin:${uuid}`, guildId: GUILD, channelId: CHANNEL, directory: DIRECTORY, inThread: false },
  at: harness.clock.now(),
})

describe('waiting for the end of a run', () => {
  test('tells the answer once it is there, and at once when asked later', async () => {
    const bot = await harness.run()
    const sent = await prompted(bot)
    const waited = waitForThread(depsOf(bot), sent.id)
    await quiet()
    bot.answer('msg_a', 'Seven.')
    await allClosed(bot)
    const ended: Ended = { state: 'ended', ok: true, text: 'Seven.', threadId: sent.id }
    expect(await waited).toEqual(ended)
    expect(await waitForThread(depsOf(bot), sent.id)).toEqual(ended)
  })

  test('is held for a while only, and asked again', async () => {
    const bot = await harness.run()
    const sent = await prompted(bot)
    const waited = waitForThread(depsOf(bot), sent.id, 1000)
    await quiet()
    harness.clock.advance(1001)
    expect(await waited).toEqual({ state: 'pending' })
  })

  test('tells why there is no answer', async () => {
    const bot = await harness.run()
    const sent = await prompted(bot)
    const user = bot.agent.user(bot.agent.prompts[0])
    const { parts: _parts, ...begun } = answer('msg_a', user, [])
    for (const heard of [user, { ...begun, completed: undefined, finish: undefined }])
      bot.agent.emit({ kind: 'message', session: SESSION, message: heard })
    bot.agent.emit({ kind: 'status', session: SESSION, status: { kind: 'busy' } })
    await quiet()
    const waited = waitForThread(depsOf(bot), sent.id)
    await bot.submit({
      key: 'stop:1',
      request: { kind: 'stop-asked', by: 'kimaki session abort' },
      conversation: { id: sent.id, guildId: GUILD, channelId: CHANNEL, directory: DIRECTORY, inThread: true },
      at: harness.clock.now(),
    })
    expect(await waited).toMatchObject({ ok: false, text: expect.stringContaining('stopped by **kimaki session abort**') })
    await until('the abort', () => bot.agent.calls.includes('abort'))
  })

  test('of a request that begins a thread of its own: the thread, and its answer', async () => {
    const bot = await harness.run()
    const waited = waitForRequest(depsOf(bot), 'send:1')
    expect(await waited).toEqual({ state: 'pending' })
    const again = bot.submit(begin('1')).then(() => waitForRequest(depsOf(bot), 'send:1'))
    await until('the prompt', () => bot.agent.prompts.length === 1)
    await quiet()
    bot.answer('msg_a', 'Seven.')
    expect(await again).toEqual({ state: 'ended', ok: true, text: 'Seven.', threadId: bot.chat.started[0]?.id })
    expect(await waitForRequest(depsOf(bot), 'send:1')).toMatchObject({ ok: true, text: 'Seven.' })
  })

  test('of a request whose thread Discord refuses: the line that says so', async () => {
    const bot = await harness.run(({ chat }) => void (chat.on.startThread = async () => refused))
    await bot.submit(begin('1'))
    expect(await waitForRequest(depsOf(bot), 'send:1')).toMatchObject({ state: 'ended', ok: false, text: /^✗ / })
    await allClosed(bot)
    expect(await waitForRequest(depsOf(bot), 'send:1')).toMatchObject({ state: 'ended', ok: false, text: /^✗ / })
  })
})

test('a session is meant by its id, by its thread, or as the one used last; a folder sees only its own', async () => {
  const bot = await harness.run()
  const sent = await prompted(bot)
  const threadOf = async (body: unknown): Promise<string> => {
    const found = await findSession(bot.store, readWanted(body))
    return found instanceof UsageError ? found.message : found.threadId
  }
  const found = await Promise.all([{ session: SESSION }, { session: sent.id }, {}, { within: DIRECTORY }].map(threadOf))
  expect(found).toEqual([sent.id, sent.id, sent.id, sent.id])
  expect(await threadOf({ session: SESSION, directory: DIRECTORY, within: '/other' })).toContain(
    `no session ${SESSION} of /other`,
  )
  expect(await threadOf({ session: 'ses_x' })).toContain('There is no session ses_x on record')
})

const READ: Transcript = {
  title: 'Leaves',
  messages: [
    USER,
    {
      ...answer('msg_2', USER, [
        text('prt_1', 'Let me count.'),
        {
          kind: 'tool',
          id: 'prt_2',
          callId: '1',
          tool: 'bash',
          state: 'completed',
          input: { command: 'ls' },
          title: 'ls',
          error: undefined,
        },
      ]),
      words: '',
    },
    { ...answer('msg_3', USER, [text('prt_3', `${'x'.repeat(80)} Seven leaves, all green.`)]), words: '' },
  ],
}

test('what was said, as Markdown: one heading for all steps of an answer', () => {
  expect(transcriptText(READ).replace(/x+/, 'x')).toBe(
    '# Leaves\n\n## user\n\nHow many leaves?\n\n## agent\n\nLet me count.\n\n┣ bash _ls_\n\nx Seven leaves, all green.',
  )
})

test('words are found in titles and in what was said, with what stands around them', async () => {
  expect(snippetsIn(READ, 'leaves')).toEqual(['How many leaves?', expect.stringMatching(/^…x+ Seven leaves, all green\.$/)])
  const bot = await harness.run()
  await prompted(bot, 'plant a tree')
  const deps = { store: bot.store, agent: { sessions: { ...bot.agent.sessions, transcript: async () => READ } } }
  const find = async (words: string) => searchSessions(deps, { words, directory: undefined, limit: 5 })
  expect((await find('GREEN')).map(({ sessionId, snippets }) => [sessionId, snippets.length])).toEqual([[SESSION, 1]])
  expect((await find('plant')).map(({ snippets }) => snippets)).toEqual([[]])
  expect(await find('nowhere')).toEqual([])
})
