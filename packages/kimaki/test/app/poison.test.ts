/** A throw where none should be takes down its conversation alone, costs little, and ends visibly. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Prompt } from '../../src/domain/conversation/prompt.ts'
import { inTurn } from '../../src/domain/conversation/state.ts'
import type { InboxRow, StorePort } from '../../src/ports/store.ts'
import { openHarness, prompted, type Harness } from './support/harness.ts'
import { quiet, until } from './support/until.ts'
import { CHANNEL, answer, busy, part, says, text } from '../support/conversation.ts'

let harness: Harness
beforeEach(async () => (harness = await openHarness()))
afterEach(() => harness.close())

const throwing = (): never => {
  throw new Error('poison')
}

/** A part whose rendering throws. */
const poison = {
  ...text('prt_poison', ''),
  get text(): string {
    return throwing()
  },
}

/** A prompt that nothing can be made of. */
const throwingPrompt: Prompt = Object.defineProperty({} as Prompt, 'phase', { get: throwing })

describe('a conversation whose every step throws', () => {
  test('leaves the others their turn, and is not tried in a tight loop', async () => {
    const first = await harness.run()
    const poisoned = await prompted(first)
    let loads = 0
    const second = await harness.run(({ store }) => ({
      async load(id) {
        const loaded = await store.load(id)
        if (id !== poisoned.id) return loaded
        loads += 1
        // A loop without end would starve the test itself.
        if (loads > 500) await new Promise(() => undefined)
        return { ...loaded, state: loaded.state && inTurn(loaded.state, { prompts: [throwingPrompt] }) }
      },
    }))
    await prompted(second, 'another thread')
    second.answer('msg_a', 'Untouched.', second.agent.prompts.at(-1)?.session)
    await until('the answer', () => second.texts().some((line) => line.includes('Untouched.')))
    expect(loads).toBeGreaterThan(1)
    expect(loads).toBeLessThan(5)
  })
})

describe('rows that cannot be read', () => {
  test('are tried again after a pause, and the conversation goes on when they can be', async () => {
    let broken = true
    let loads = 0
    const bot = await harness.run(({ store }) => ({
      load: async (id) => {
        loads += 1
        if (loads > 500) await new Promise(() => undefined)
        return broken ? throwing() : store.load(id)
      },
    }))
    bot.send('hello')
    await quiet()
    expect(loads).toBeLessThan(5)
    broken = false
    harness.clock.advance(60_000)
    await until('the prompt', () => bot.agent.prompts.length === 1)
  })
})

describe('a message that throws, and throws again when it is put aside', () => {
  const poisonedRow = (row: InboxRow): InboxRow => ({
    ...row,
    request: {
      ...row.request,
      ...(row.request.kind === 'message' && {
        message: Object.defineProperty({ ...row.request.message }, 'text', { get: throwing, enumerable: true }),
      }),
    },
  })
  const isPoison = ({ request }: InboxRow): boolean => request.kind === 'message' && request.message.text.includes('poison')
  const poisoned = ({ store }: { readonly store: StorePort }): Pick<StorePort, 'commit' | 'load'> => ({
    async commit(batch) {
      const done = await store.commit(batch)
      return done instanceof Error ? done : done.map((row) => (isPoison(row) ? poisonedRow(row) : row))
    },
    async load(id) {
      const found = await store.load(id)
      return { ...found, inbox: found.inbox.map((row) => (isPoison(row) ? poisonedRow(row) : row)) }
    },
  })
  const pass = async (): Promise<void> => {
    for (let minute = 0; minute < 20; minute += 1) {
      await quiet(10)
      harness.clock.advance(30_000)
    }
  }

  test('is told in its thread, once, and the next message is answered', async () => {
    const bot = await harness.run(poisoned)
    const thread = await prompted(bot)
    bot.answer('msg_a', 'Done.')
    await until('the answer', () => bot.texts().length === 2)
    bot.reply(thread, 'poison')
    await pass()
    await until('the line', () => bot.texts().some((line) => line.includes('an error in Kimaki')))
    expect(bot.chat.posts.at(-1)?.channelId).toBe(thread.id)
    bot.reply(thread, 'again')
    await until('the second prompt', () => bot.agent.prompts.length === 2)
    expect(bot.texts().filter((line) => line.includes('an error in Kimaki'))).toHaveLength(1)
    harness.clock.advance(0)
    await quiet()
    bot.answer('msg_b', 'Fine.')
    await until('the answer', () => bot.texts().some((line) => line.includes('Fine.')))
    await quiet()
    expect(await bot.store.openConversations()).toEqual([])
  })

  test('is told in the project channel when it was the first', async () => {
    const bot = await harness.run(poisoned)
    bot.send('poison')
    await pass()
    await until('the line', () => bot.texts().some((line) => line.includes('an error in Kimaki')))
    expect(bot.chat.posts.map(({ channelId }) => channelId)).toEqual([CHANNEL])
    const other = await prompted(bot, 'another thread')
    bot.answer('msg_a', 'Done.')
    await until('the answer', () => bot.chat.posts.some(({ channelId }) => channelId === other.id))
  })

  test('red control: without the line past the state it ends without a word', async () => {
    const bot = await harness.run(({ store }) => {
      const { load, commit } = poisoned({ store })
      return { load, commit: async ({ fallbackPost: _, ...batch }) => commit(batch) }
    })
    bot.send('poison')
    await pass()
    expect(await bot.store.openConversations()).toEqual([])
    expect(bot.texts()).toEqual([])
  })
})

describe('what cannot be shown', () => {
  test('ends the prompt with a line after three tries, and the next message is answered (P-065)', async () => {
    const bot = await harness.run()
    const thread = await prompted(bot)
    const user = bot.agent.user()
    bot.agent.session = {
      status: { kind: 'idle' },
      messages: [user, answer('msg_a', user, [poison])],
      title: undefined,
    }
    bot.agent.notice({ kind: 'connected' })
    for (let minute = 0; minute < 20; minute += 1) {
      await quiet(10)
      harness.clock.advance(30_000)
    }
    await until('the line', () => bot.texts().some((line) => line.includes('an error in Kimaki')))
    expect(bot.agent.calls.length).toBeLessThan(10)
    bot.agent.session = { status: { kind: 'idle' }, messages: [], title: undefined }
    harness.clock.advance(600_000)
    bot.reply(thread, 'again')
    await until('the second prompt', () => bot.agent.prompts.length === 2)
    // It had slept: the session is read first.
    harness.clock.advance(0)
    await quiet()
    bot.answer('msg_b', 'Fine.')
    await until('the answer', () => bot.texts().some((line) => line.includes('Fine.')))
  })

  test('does not keep the posts behind it from being confirmed', async () => {
    const bot = await harness.run()
    await prompted(bot)
    const user = bot.agent.user()
    const begun = answer('msg_a', user, [], { completed: undefined, finish: undefined })
    const posted = Promise.withResolvers<undefined>()
    bot.chat.on.post = async () => posted.promise
    const parts = [text('prt_1', 'One.'), text('prt_2', 'Two.'), text('prt_3', '', false)] as const
    for (const event of [says(user), busy, says(begun), part('msg_a', parts[0]), part('msg_a', parts[1])]) bot.agent.emit(event)
    await quiet()
    bot.agent.emit(part('msg_a', parts[2]))
    await quiet()
    // The next plan is made when the post is confirmed.
    bot.chat.on.layout = (blocks) => {
      bot.chat.on.layout = undefined
      return blocks.length > 0 ? throwing() : []
    }
    posted.resolve(undefined)
    bot.chat.on.post = async () => undefined
    bot.agent.session = {
      status: { kind: 'busy' },
      messages: [user, { ...begun, parts }],
      title: undefined,
    }
    await quiet()
    harness.clock.advance(1000)
    await until('the second post', () => bot.texts().some((line) => line.includes('Two.')))
    expect(bot.texts().filter((line) => line.includes('One.'))).toHaveLength(1)
  })
})

describe('an effect that throws', () => {
  test('ends its prompt with a line', async () => {
    const bot = await harness.run()
    bot.agent.on.prompt = throwing
    bot.send('hello')
    for (let tries = 0; tries < 5; tries += 1) {
      await quiet(10)
      harness.clock.advance(30_000)
    }
    await until('the line', () => bot.texts().some((line) => line.includes('an error in Kimaki')))
    expect(await bot.store.openConversations()).toEqual([])
  })
})

describe('reading the database', () => {
  test('that fails while an event is placed ends nothing, and the events after it are taken in', async () => {
    let fails = true
    const bot = await harness.run(({ store }) => ({
      conversationOfSession: async (session) => (fails ? throwing() : store.conversationOfSession(session)),
    }))
    bot.agent.emit({ kind: 'status', session: 'ses_other', status: { kind: 'busy' } })
    await quiet()
    fails = false
    await prompted(bot)
    bot.answer('msg_a', 'Done.')
    await until('the answer', () => bot.texts().length === 2)
    expect(bot.texts()[0]).toBe('⬥ Done.')
  })

  test('that fails for a post tries it again', async () => {
    let fails = 1
    const bot = await harness.run()
    await prompted(bot)
    bot.chat.on.post = async () => (fails > 0 ? ((fails -= 1), throwing()) : undefined)
    bot.answer('msg_a', 'Done.')
    await quiet()
    harness.clock.advance(5000)
    await until('the answer', () => bot.texts().length === 2)
    expect(bot.texts()[0]).toBe('⬥ Done.')
  })

  test('that fails for a message of an unknown thread loses no message', async () => {
    let fails = 2
    const bot = await harness.run(({ store }) => ({
      hasConversation: async (id) => ((fails -= 1) >= 0 ? throwing() : store.hasConversation(id)),
    }))
    const thread = await prompted(bot)
    await quiet()
    bot.reply(thread, 'second')
    for (let tries = 0; tries < 4; tries += 1) {
      await quiet(10)
      harness.clock.advance(2000)
    }
    await until('the second prompt', () => bot.agent.prompts.length === 2)
    expect(bot.agent.prompts).toHaveLength(2)
  })
})
