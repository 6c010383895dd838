/** What Discord says, what the agent streams and what is read overtake each other. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Snapshot } from '../../src/domain/agent.ts'
import { gone, refused } from './support/fake-chat.ts'
import { asked, openRoom, type Room } from './support/room.ts'
import { quiet, until } from './support/until.ts'
import { CHANNEL, answer, busy, idle, part, says, text } from '../support/conversation.ts'

let room: Room
beforeEach(async () => (room = await openRoom()))
afterEach(() => room.close())

describe('a snapshot', () => {
  test('that is older than what the stream has said meanwhile takes nothing back', async () => {
    const life = await room.live()
    await asked(life)
    const user = life.agent.user()
    const whole = answer('msg_a', user, [text('prt_a', 'All of it.')])
    const begun = { ...whole, completed: undefined, finish: undefined }
    for (const event of [says(user), busy, says(begun)]) life.agent.tell(event)
    const read = Promise.withResolvers<Snapshot>()
    life.agent.on.snapshot = async () => ({ ok: true, value: await read.promise })
    life.agent.notice({ kind: 'connected' })
    await quiet()
    room.clock.advance(0)
    await quiet()
    for (const event of [part('msg_a', text('prt_a', 'All of it.')), says(whole), idle]) life.agent.tell(event)
    read.resolve({ status: { kind: 'busy' }, messages: [user, { ...begun, parts: [] }], title: undefined })
    await until('the footer', () => life.texts().some((line) => line.includes('garden')))
    expect(life.texts()[0]).toBe('⬥ All of it.')
  })

  test('that cannot be made is asked for again', async () => {
    const life = await room.live()
    await asked(life)
    life.agent.on.snapshot = async () => {
      throw new Error('a defect')
    }
    life.agent.notice({ kind: 'connected' })
    await quiet()
    room.clock.advance(0)
    await quiet()
    const before = life.agent.calls.length
    room.clock.advance(1000)
    await quiet()
    expect(life.agent.calls.length).toBeGreaterThan(before)
  })

  test('wanted for sure is not replaced by one that is only wanted if it stays quiet', async () => {
    const life = await room.live()
    await asked(life)
    life.agent.on.snapshot = async () => ({ ok: false, failure: { kind: 'unavailable', message: 'gone' } })
    for (const event of [says(life.agent.user()), busy]) life.agent.tell(event)
    room.clock.advance(4500)
    life.agent.notice({ kind: 'lost', reason: 'killed' })
    await quiet()
    room.clock.advance(0)
    await quiet()
    expect(life.agent.calls).toEqual(['snapshot'])
    room.clock.advance(2000)
    await quiet()
    expect(life.agent.calls.length).toBeGreaterThan(1)
  })
})

describe('a footer', () => {
  test('comes without the context when nobody tells its limit', async () => {
    const life = await room.live()
    await asked(life)
    life.agent.on.contextLimit = async () => new Promise(() => undefined)
    const user = life.agent.user()
    const whole = answer('msg_a', user, [text('prt_a', 'Done.')], { tokens: 100 })
    for (const event of [says(user), busy, says(whole), part('msg_a', text('prt_a', 'Done.')), idle]) life.agent.tell(event)
    await quiet()
    room.clock.advance(10_000)
    await until('the footer', () => life.texts().some((line) => line.includes('garden')))
    expect(life.texts().at(-1)).not.toContain('%')
  })

  test('comes without the context when asking for it throws', async () => {
    const life = await room.live()
    await asked(life)
    life.agent.on.contextLimit = async () => {
      throw new Error('a defect')
    }
    const user = life.agent.user()
    const whole = answer('msg_a', user, [text('prt_a', 'Done.')], { tokens: 100 })
    for (const event of [says(user), busy, says(whole), part('msg_a', text('prt_a', 'Done.')), idle]) life.agent.tell(event)
    await until('the footer', () => life.texts().some((line) => line.includes('garden')))
    expect(life.texts().at(-1)).not.toContain('%')
  })
})

describe('a clock that is set back', () => {
  test('by an hour hides no answer', async () => {
    const life = await room.live()
    const thread = await asked(life)
    life.answer('msg_a', 'Before.')
    await until('the first footer', () => life.texts().length === 2)
    await quiet()
    room.clock.jump(-3_600_000)
    life.reply(thread, 'and now?')
    await until('the second prompt', () => life.agent.prompts.length === 2)
    await quiet()
    life.answer('msg_b', 'After.')
    await until('the answer', () => life.texts().some((line) => line.includes('After.')))
    await until('settled', async () => (await life.store.openConversations()).length === 0)
    expect(life.texts().filter((line) => line.includes('Before.'))).toHaveLength(1)
  })

  test('does not put off the second look at a run that seems cut off', async () => {
    const life = await room.live()
    await asked(life)
    const user = life.agent.user()
    life.agent.session = { status: { kind: 'idle' }, messages: [user], title: undefined }
    for (const event of [says(user), busy, idle]) life.agent.tell(event)
    await quiet()
    room.clock.advance(300)
    await quiet()
    room.clock.jump(-3_600_000)
    for (let seconds = 0; seconds < 10; seconds += 1) {
      room.clock.advance(1000)
      await quiet(10)
    }
    expect(life.agent.prompts).toHaveLength(2)
  })
})

describe('a thread', () => {
  test('that could not be seen for a while answers again when somebody writes in it', async () => {
    const life = await room.live()
    const thread = await asked(life)
    life.chat.on.post = async () => gone
    life.answer('msg_a', 'Unseen.')
    await quiet()
    life.chat.on.post = async () => undefined
    life.reply(thread, 'are you there?')
    await until('the second prompt', () => life.agent.prompts.length === 2)
    await quiet()
    life.answer('msg_b', 'I am.')
    await until('the answer', () => life.texts().some((line) => line.includes('I am.')))
    expect(life.texts().some((line) => line.includes('Unseen.'))).toBe(false)
  })

  test('that may not be opened is told once in the channel, and nothing stays open', async () => {
    const life = await room.live()
    life.chat.on.openThread = async () => refused
    life.send('hello')
    await until('the line', () => life.chat.posts.length === 1)
    await quiet()
    expect(life.chat.posts[0]).toMatchObject({ channelId: CHANNEL })
    expect(life.texts()[0]).toContain('refused to open a thread')
    expect(await life.store.openConversations()).toEqual([])
  })

  test('gets two messages that arrive in one moment in their order, in one session (P-052, P-053)', async () => {
    const life = await room.live()
    const first = life.send('one')
    life.reply(first, 'two')
    await until('both prompts', () => life.agent.prompts.length === 2)
    expect(life.agent.prompts.map(({ parts }) => (parts[0]?.type === 'text' ? parts[0].text : ''))).toEqual(['one', 'two'])
    expect(life.chat.threads).toEqual([first.id])
  })

  test('gets its messages in their order, however slowly a file comes; other threads wait for none of it (P-050, P-051)', async () => {
    const life = await room.live()
    const file = Promise.withResolvers<undefined>()
    life.chat.on.download = async () => {
      await file.promise
      return { ok: true, value: new Uint8Array([1]) }
    }
    const attachment = { id: '1', name: 'photo.png', contentType: 'image/png', size: 1, url: 'https://cdn/1' }
    const first = life.send('see this', { attachments: [attachment] })
    life.reply(first, 'and this')
    life.send('elsewhere')
    await until('the other thread', () => life.agent.prompts.length === 1)
    await quiet()
    const words = (): readonly string[] => life.agent.prompts.map(({ parts }) => (parts[0]?.type === 'text' ? parts[0].text : ''))
    expect(words()).toEqual(['elsewhere'])
    file.resolve(undefined)
    await until('all prompts', () => life.agent.prompts.length === 3)
    expect(words().map((text) => text.split('\n')[0])).toEqual(['elsewhere', 'see this', 'and this'])
  })
})
