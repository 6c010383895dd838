/** A throw where none should be takes down its conversation alone, costs little, and ends visibly. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Prompt } from '../../src/domain/conversation/prompt.ts'
import type { InboxRow, StorePort } from '../../src/ports/store.ts'
import { asked, openRoom, type Room } from './support/room.ts'
import { quiet, until } from './support/until.ts'
import { CHANNEL, answer, busy, part, says, text } from '../support/conversation.ts'

let room: Room
beforeEach(async () => (room = await openRoom()))
afterEach(() => room.close())

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
    const first = await room.live()
    const poisoned = await asked(first)
    let loads = 0
    const second = await room.live(({ store }) => ({
      async load(id) {
        const loaded = await store.load(id)
        if (id !== poisoned.id) return loaded
        loads += 1
        // A loop without end would starve the test itself.
        if (loads > 500) await new Promise(() => undefined)
        return { ...loaded, state: loaded.state && { ...loaded.state, prompts: [throwingPrompt] } }
      },
    }))
    await asked(second, 'another thread')
    second.answer('msg_a', 'Untouched.')
    await until('the answer', () => second.texts().some((line) => line.includes('Untouched.')))
    expect(loads).toBeGreaterThan(1)
    expect(loads).toBeLessThan(5)
  })
})

describe('rows that cannot be read', () => {
  test('are tried again after a pause, and the conversation goes on when they can be', async () => {
    let broken = true
    let loads = 0
    const life = await room.live(({ store }) => ({
      load: async (id) => {
        loads += 1
        if (loads > 500) await new Promise(() => undefined)
        return broken ? throwing() : store.load(id)
      },
    }))
    life.send('hello')
    await quiet()
    expect(loads).toBeLessThan(5)
    broken = false
    room.clock.advance(60_000)
    await until('the prompt', () => life.agent.prompts.length === 1)
  })
})

describe('a message that throws, and throws again when it is set aside', () => {
  const poisonedRow = (row: InboxRow): InboxRow => ({
    ...row,
    asked: {
      ...row.asked,
      ...(row.asked.kind === 'message' && {
        message: Object.defineProperty({ ...row.asked.message }, 'text', { get: throwing, enumerable: true }),
      }),
    },
  })
  const isPoison = ({ asked }: InboxRow): boolean => asked.kind === 'message' && asked.message.text.includes('poison')
  const poisoned = ({ store }: { readonly store: StorePort }): Pick<StorePort, 'commit' | 'load'> => ({
    async commit(batch) {
      const done = await store.commit(batch)
      return done.ok ? { ok: true, accepted: done.accepted.map((row) => (isPoison(row) ? poisonedRow(row) : row)) } : done
    },
    async load(id) {
      const found = await store.load(id)
      return { ...found, inbox: found.inbox.map((row) => (isPoison(row) ? poisonedRow(row) : row)) }
    },
  })
  const pass = async (): Promise<void> => {
    for (let minute = 0; minute < 20; minute += 1) {
      await quiet(10)
      room.clock.advance(30_000)
    }
  }

  test('is told in its thread, once, and the next message is answered', async () => {
    const life = await room.live(poisoned)
    const thread = await asked(life)
    life.answer('msg_a', 'Done.')
    await until('the answer', () => life.texts().length === 2)
    life.reply(thread, 'poison')
    await pass()
    await until('the line', () => life.texts().some((line) => line.includes('an error in Kimaki')))
    expect(life.chat.posts.at(-1)?.channelId).toBe(thread.id)
    life.reply(thread, 'again')
    await until('the second prompt', () => life.agent.prompts.length === 2)
    expect(life.texts().filter((line) => line.includes('an error in Kimaki'))).toHaveLength(1)
    room.clock.advance(0)
    await quiet()
    life.answer('msg_b', 'Fine.')
    await until('the answer', () => life.texts().some((line) => line.includes('Fine.')))
    await quiet()
    expect(await life.store.openConversations()).toEqual([])
  })

  test('is told in the project channel when it was the first', async () => {
    const life = await room.live(poisoned)
    life.send('poison')
    await pass()
    await until('the line', () => life.texts().some((line) => line.includes('an error in Kimaki')))
    expect(life.chat.posts.map(({ channelId }) => channelId)).toEqual([CHANNEL])
    const other = await asked(life, 'another thread')
    life.answer('msg_a', 'Done.')
    await until('the answer', () => life.chat.posts.some(({ channelId }) => channelId === other.id))
  })

  test('red control: without the line past the state it ends without a word', async () => {
    const life = await room.live(({ store }) => {
      const { load, commit } = poisoned({ store })
      return { load, commit: async ({ lastWord: _, ...batch }) => commit(batch) }
    })
    life.send('poison')
    await pass()
    expect(await life.store.openConversations()).toEqual([])
    expect(life.texts()).toEqual([])
  })
})

describe('what cannot be shown', () => {
  test('ends the prompt with a line after three tries, and the next message is answered (P-065)', async () => {
    const life = await room.live()
    const thread = await asked(life)
    const user = life.agent.user()
    life.agent.session = {
      status: { kind: 'idle' },
      messages: [user, answer('msg_a', user, [poison])],
      title: undefined,
    }
    life.agent.notice({ kind: 'connected' })
    for (let minute = 0; minute < 20; minute += 1) {
      await quiet(10)
      room.clock.advance(30_000)
    }
    await until('the line', () => life.texts().some((line) => line.includes('an error in Kimaki')))
    expect(life.agent.calls.length).toBeLessThan(10)
    life.agent.session = { status: { kind: 'idle' }, messages: [], title: undefined }
    room.clock.advance(600_000)
    life.reply(thread, 'again')
    await until('the second prompt', () => life.agent.prompts.length === 2)
    // It had slept: the session is read first.
    room.clock.advance(0)
    await quiet()
    life.answer('msg_b', 'Fine.')
    await until('the answer', () => life.texts().some((line) => line.includes('Fine.')))
  })

  test('does not keep the posts behind it from being confirmed', async () => {
    const life = await room.live()
    await asked(life)
    const user = life.agent.user()
    const begun = answer('msg_a', user, [], { completed: undefined, finish: undefined })
    const posted = Promise.withResolvers<undefined>()
    life.chat.on.post = async () => posted.promise
    const parts = [text('prt_1', 'One.'), text('prt_2', 'Two.'), text('prt_3', '', false)] as const
    for (const event of [says(user), busy, says(begun), part('msg_a', parts[0]), part('msg_a', parts[1])]) life.agent.tell(event)
    await quiet()
    life.agent.tell(part('msg_a', parts[2]))
    await quiet()
    // The next plan is made when the post is confirmed.
    life.chat.on.layout = (blocks) => {
      life.chat.on.layout = undefined
      return blocks.length > 0 ? throwing() : []
    }
    posted.resolve(undefined)
    life.chat.on.post = async () => undefined
    life.agent.session = {
      status: { kind: 'busy' },
      messages: [user, { ...begun, parts }],
      title: undefined,
    }
    await quiet()
    room.clock.advance(1000)
    await until('the second post', () => life.texts().some((line) => line.includes('Two.')))
    expect(life.texts().filter((line) => line.includes('One.'))).toHaveLength(1)
  })
})

describe('an effect that throws', () => {
  test('ends its prompt with a line', async () => {
    const life = await room.live()
    life.agent.on.prompt = throwing
    life.send('hello')
    for (let tries = 0; tries < 5; tries += 1) {
      await quiet(10)
      room.clock.advance(30_000)
    }
    await until('the line', () => life.texts().some((line) => line.includes('an error in Kimaki')))
    expect(await life.store.openConversations()).toEqual([])
  })
})

describe('reading the database', () => {
  test('that fails while an event is placed ends nothing, and the events after it are heard', async () => {
    let fails = true
    const life = await room.live(({ store }) => ({
      conversationOfSession: async (session) => (fails ? throwing() : store.conversationOfSession(session)),
    }))
    life.agent.tell({ kind: 'status', session: 'ses_other', status: { kind: 'busy' } })
    await quiet()
    fails = false
    await asked(life)
    life.answer('msg_a', 'Done.')
    await until('the answer', () => life.texts().length === 2)
    expect(life.texts()[0]).toBe('⬥ Done.')
  })

  test('that fails for a post tries it again', async () => {
    let fails = 1
    const life = await room.live()
    await asked(life)
    life.chat.on.post = async () => (fails > 0 ? ((fails -= 1), throwing()) : undefined)
    life.answer('msg_a', 'Done.')
    await quiet()
    room.clock.advance(5000)
    await until('the answer', () => life.texts().length === 2)
    expect(life.texts()[0]).toBe('⬥ Done.')
  })

  test('that fails for a message of an unknown thread loses no message', async () => {
    let fails = 2
    const life = await room.live(({ store }) => ({
      knows: async (id) => ((fails -= 1) >= 0 ? throwing() : store.knows(id)),
    }))
    const thread = await asked(life)
    await quiet()
    life.reply(thread, 'second')
    for (let tries = 0; tries < 4; tries += 1) {
      await quiet(10)
      room.clock.advance(2000)
    }
    await until('the second prompt', () => life.agent.prompts.length === 2)
    expect(life.agent.prompts).toHaveLength(2)
  })
})
