/** What Discord says, what the agent streams and what is read overtake each other. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { AgentUnavailable } from '../../src/base/errors.ts'
import type { Snapshot } from '../../src/domain/agent.ts'
import { gone, refused } from './support/fake-chat.ts'
import { allClosed, openHarness, prompted, type Harness } from './support/harness.ts'
import { quiet, until } from './support/until.ts'
import { CHANNEL, answer, busy, idle, part, says, text } from '../support/conversation.ts'

let harness: Harness
beforeEach(async () => (harness = await openHarness()))
afterEach(() => harness.close())

describe('a snapshot', () => {
  test('that is older than what the stream has said meanwhile takes nothing back', async () => {
    const bot = await harness.run()
    await prompted(bot)
    const user = bot.agent.user()
    const whole = answer('msg_a', user, [text('prt_a', 'All of it.')])
    const begun = { ...whole, completed: undefined, finish: undefined }
    for (const event of [says(user), busy, says(begun)]) bot.agent.emit(event)
    const read = Promise.withResolvers<Snapshot>()
    bot.agent.on.snapshot = async () => read.promise
    bot.agent.notice({ kind: 'connected' })
    await quiet()
    harness.clock.advance(0)
    await quiet()
    for (const event of [part('msg_a', text('prt_a', 'All of it.')), says(whole), idle]) bot.agent.emit(event)
    read.resolve({ status: { kind: 'busy' }, messages: [user, { ...begun, parts: [] }], title: undefined })
    await until('the footer', () => bot.texts().some((line) => line.includes('garden')))
    expect(bot.texts()[0]).toBe('⬥ All of it.')
  })

  test('that cannot be made is asked for again', async () => {
    const bot = await harness.run()
    await prompted(bot)
    bot.agent.on.snapshot = async () => {
      throw new Error('a defect')
    }
    bot.agent.notice({ kind: 'connected' })
    await quiet()
    harness.clock.advance(0)
    await quiet()
    const before = bot.agent.calls.length
    harness.clock.advance(1000)
    await quiet()
    expect(bot.agent.calls.length).toBeGreaterThan(before)
  })

  test('V27: new programs that OpenCode was found to run are told in the thread that waits', async () => {
    const bot = await harness.run()
    await prompted(bot)
    bot.agent.notice({ kind: 'brings', programs: ['plugin run.ts'] })
    await until('the line', () => bot.texts().length > 0)
    expect(bot.texts()[0]).toContain('programs that are new: plugin run.ts')
  })

  test('wanted for sure is not replaced by one that is only wanted if it stays quiet', async () => {
    const bot = await harness.run()
    await prompted(bot)
    // After 200 ms the session is read if it stays quiet, which it does not; 300 ms after a run seemed to end it is read for sure.
    bot.agent.emit(says(bot.agent.user()), busy, idle, busy)
    await quiet()
    harness.clock.advance(200)
    await quiet()
    expect(bot.agent.calls).toEqual([])
    harness.clock.advance(100)
    await quiet()
    expect(bot.agent.calls.filter((call) => !call.startsWith('offered'))).toEqual(['snapshot'])
  })

  test('of a server that was lost is asked for until it can be made', async () => {
    const bot = await harness.run()
    bot.agent.on.prompt = async () => {
      bot.agent.emit(says(bot.agent.user()), busy)
      return undefined
    }
    await prompted(bot)
    bot.agent.on.snapshot = async () => new AgentUnavailable({ reason: 'gone' })
    // The session is read after 5 s if it stays quiet, which it does not.
    harness.clock.advance(4500)
    bot.agent.notice({ kind: 'lost', reason: 'killed' })
    await quiet()
    harness.clock.advance(0)
    await quiet()
    expect(bot.agent.calls.filter((call) => !call.startsWith('offered'))).toEqual(['snapshot'])
    harness.clock.advance(0)
    await quiet()
    harness.clock.advance(2000)
    await quiet()
    expect(bot.agent.calls.length).toBeGreaterThan(1)
  })
})

describe('a footer', () => {
  test('comes without the context when nobody tells its limit', async () => {
    const bot = await harness.run()
    await prompted(bot)
    bot.agent.on.contextLimit = async () => new Promise(() => undefined)
    const user = bot.agent.user()
    const whole = answer('msg_a', user, [text('prt_a', 'Done.')], { tokens: 100 })
    for (const event of [says(user), busy, says(whole), part('msg_a', text('prt_a', 'Done.')), idle]) bot.agent.emit(event)
    await quiet()
    harness.clock.advance(10_000)
    await until('the footer', () => bot.texts().some((line) => line.includes('garden')))
    expect(bot.texts().at(-1)).not.toContain('%')
  })

  test('comes without the context when asking for it throws', async () => {
    const bot = await harness.run()
    await prompted(bot)
    bot.agent.on.contextLimit = async () => {
      throw new Error('a defect')
    }
    const user = bot.agent.user()
    const whole = answer('msg_a', user, [text('prt_a', 'Done.')], { tokens: 100 })
    for (const event of [says(user), busy, says(whole), part('msg_a', text('prt_a', 'Done.')), idle]) bot.agent.emit(event)
    await until('the footer', () => bot.texts().some((line) => line.includes('garden')))
    expect(bot.texts().at(-1)).not.toContain('%')
  })
})

describe('a clock that is set back', () => {
  test('by an hour hides no answer', async () => {
    const bot = await harness.run()
    const thread = await prompted(bot)
    bot.answer('msg_a', 'Before.')
    await until('the first footer', () => bot.texts().length === 2)
    await quiet()
    harness.clock.jump(-3_600_000)
    bot.reply(thread, 'and now?')
    await until('the second prompt', () => bot.agent.prompts.length === 2)
    await quiet()
    bot.answer('msg_b', 'After.')
    await until('the answer', () => bot.texts().some((line) => line.includes('After.')))
    await allClosed(bot)
    expect(bot.texts().filter((line) => line.includes('Before.'))).toHaveLength(1)
  })

  test('does not put off the second reading of a run that seems cut off', async () => {
    const bot = await harness.run()
    await prompted(bot)
    const user = bot.agent.user()
    bot.agent.session = { status: { kind: 'idle' }, messages: [user], title: undefined }
    for (const event of [says(user), busy, idle]) bot.agent.emit(event)
    await quiet()
    harness.clock.advance(300)
    await quiet()
    harness.clock.jump(-3_600_000)
    for (let seconds = 0; seconds < 10; seconds += 1) {
      harness.clock.advance(1000)
      await quiet(10)
    }
    expect(bot.agent.prompts).toHaveLength(2)
  })
})

describe('a thread', () => {
  test('that could not be seen for a while answers again when somebody writes in it', async () => {
    const bot = await harness.run()
    const thread = await prompted(bot)
    bot.chat.on.post = async () => gone
    bot.answer('msg_a', 'Unseen.')
    await quiet()
    bot.chat.on.post = async () => undefined
    bot.reply(thread, 'are you there?')
    await until('the second prompt', () => bot.agent.prompts.length === 2)
    await quiet()
    bot.answer('msg_b', 'I am.')
    await until('the answer', () => bot.texts().some((line) => line.includes('I am.')))
    expect(bot.texts().some((line) => line.includes('Unseen.'))).toBe(false)
  })

  test('that may not be opened is told once in the channel, and nothing stays open', async () => {
    const bot = await harness.run()
    bot.chat.on.openThread = async () => refused
    bot.send('hello')
    await until('the line', () => bot.chat.posts.length === 1)
    await quiet()
    expect(bot.chat.posts[0]).toMatchObject({ channelId: CHANNEL })
    expect(bot.texts()[0]).toContain('refused to open a thread')
    expect(await bot.store.openConversations()).toEqual([])
  })

  test('gets two messages that arrive in one moment in their order, in one session (P-052, P-053)', async () => {
    const bot = await harness.run()
    const first = bot.send('one')
    bot.reply(first, 'two')
    await until('both prompts', () => bot.agent.prompts.length === 2)
    expect(bot.agent.prompts.map(({ parts }) => (parts[0]?.type === 'text' ? parts[0].text : ''))).toEqual(['one', 'two'])
    expect(bot.chat.threads).toEqual([first.id])
  })

  test('gets its messages in their order, however slowly a file comes; other threads wait for none of it (P-050, P-051)', async () => {
    const bot = await harness.run()
    const file = Promise.withResolvers<undefined>()
    bot.chat.on.download = async () => {
      await file.promise
      return new Uint8Array([1])
    }
    const attachment = { id: '1', name: 'photo.png', contentType: 'image/png', size: 1, url: 'https://cdn/1' }
    const first = bot.send('see this', { attachments: [attachment] })
    bot.reply(first, 'and this')
    bot.send('elsewhere')
    await until('the other thread', () => bot.agent.prompts.length === 1)
    await quiet()
    const words = (): readonly string[] => bot.agent.prompts.map(({ parts }) => (parts[0]?.type === 'text' ? parts[0].text : ''))
    expect(words()).toEqual(['elsewhere'])
    file.resolve(undefined)
    await until('all prompts', () => bot.agent.prompts.length === 3)
    expect(words().map((text) => text.split('\n')[0])).toEqual(['elsewhere', 'see this', 'and this'])
  })
})
