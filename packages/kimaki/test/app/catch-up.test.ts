/** What was written while nobody listened: read in order, with cursors that never pass what was not read. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ChatUnknown } from '../../src/base/errors.ts'
import type { IncomingMessage } from '../../src/domain/message/incoming.ts'
import type { CatchUpPage } from '../../src/ports/chat.ts'
import { CHANNEL, message, ownerAccess } from '../support/conversation.ts'
import { position } from './support/fake-chat.ts'
import { openRoom, openStore, type Life, type Room } from './support/room.ts'
import { quiet, until } from './support/until.ts'

let room: Room
beforeEach(async () => (room = await openRoom()))
afterEach(() => room.close())

const unanswered = new ChatUnknown({ reason: 'no answer' })

const page = (messages: readonly IncomingMessage[], more = false): CatchUpPage => ({
  messages: messages.map((found) => ({ message: found, access: ownerAccess })),
  lastId: messages.at(-1)?.id,
  more,
})

/** Nothing is left to be read, and nothing waits. */
async function caughtUp(life: Life): Promise<void> {
  await until('caught up', async () => (await life.store.unread()).size === 0)
  await quiet()
}

test('a stop in the middle leaves the old position: the next start reads the rest', async () => {
  const life = await room.live()
  const reading = Promise.withResolvers<void>()
  life.chat.on.readAfter = async () => {
    await reading.promise
    throw new DOMException('the chat was stopped', 'AbortError')
  }
  life.chat.heard?.onEvent({ kind: 'fresh', position: position(1) })
  await quiet()
  const stopping = life.bot.stop()
  reading.resolve()
  await stopping
  const store = openStore(room.file)
  expect(await store.position()).toBeUndefined()
  await store.close()
})

test('the position is saved once everything has been read', async () => {
  const life = await room.live()
  life.chat.heard?.onEvent({ kind: 'fresh', position: position(7) })
  await quiet()
  await caughtUp(life)
  room.clock.advance(1000)
  await quiet()
  expect((await life.store.position())?.sequence).toBe(7)
})

test('a thread is read after its channel, so that its first message comes first', async () => {
  const life = await room.live()
  const first = message('one')
  const second = message('two', { channelId: first.id, inThread: true })
  const channelRead = Promise.withResolvers<void>()
  life.chat.on.threadsSince = async () => [{ id: first.id, parentId: CHANNEL }]
  life.chat.on.readAfter = async (channelId, after) => {
    if (channelId !== CHANNEL) return page(after >= second.id ? [] : [second])
    await channelRead.promise
    return page(after >= first.id ? [] : [first])
  }
  life.chat.heard?.onEvent({ kind: 'fresh', position: position(1) })
  await quiet()
  channelRead.resolve()
  await until('both prompts', () => life.agent.prompts.length === 2)
  expect(life.agent.prompts.map(({ parts }) => (parts[0]?.type === 'text' ? parts[0].text : ''))).toEqual(['one', 'two'])
})

test('a page that fails is asked for again from where the last one ended', async () => {
  const life = await room.live()
  const [one, two, three] = [message('1'), message('2'), message('3')] as const
  const asked: string[] = []
  let fails = true
  life.chat.on.readAfter = async (_channel, after) => {
    asked.push(after)
    if (after === two.id && fails) {
      fails = false
      return unanswered
    }
    return after === two.id ? page([three]) : page([one, two], true)
  }
  life.chat.heard?.onEvent({ kind: 'fresh', position: position(1) })
  await quiet()
  room.clock.advance(500)
  await caughtUp(life)
  expect(asked.slice(1)).toEqual([two.id, two.id])
  expect((await life.store.cursors()).get(CHANNEL)).toBe(three.id)
})

describe('a catch-up that breaks', () => {
  test('is begun again: live events are not held for ever', async () => {
    let fails = true
    const life = await room.live(({ store }) => ({
      cursors: async () => {
        if (fails) throw new Error('cannot read')
        return store.cursors()
      },
    }))
    life.chat.heard?.onEvent({ kind: 'fresh', position: position(1) })
    await quiet()
    fails = false
    room.clock.advance(60_000)
    await quiet()
    life.send('hello')
    await quiet()
    expect(life.agent.prompts).toHaveLength(1)
  })
})

test('the same message live and found is one prompt', async () => {
  const life = await room.live()
  const sent = life.send('hello')
  life.chat.on.readAfter = async (_channel, after) => page(after >= sent.id ? [] : [sent])
  life.chat.heard?.onEvent({ kind: 'fresh', position: position(9) })
  await caughtUp(life)
  await until('the prompt', () => life.agent.prompts.length === 1)
  await quiet()
  expect(life.agent.prompts).toHaveLength(1)
})
