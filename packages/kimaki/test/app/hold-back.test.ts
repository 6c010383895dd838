/** What Discord does not answer for waits, and holds up nothing but itself; a kill in the middle of reading loses nothing. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ChatUnknown } from '../../src/base/errors.ts'
import type { IncomingMessage } from '../../src/domain/message/incoming.ts'
import type { CatchUpPage } from '../../src/ports/chat.ts'
import type { StorePort } from '../../src/ports/store.ts'
import { CHANNEL, GUILD, message, ownerAccess } from '../support/conversation.ts'
import { position } from './support/fake-chat.ts'
import { openRoom, type Life, type Room } from './support/room.ts'
import { quiet, until } from './support/until.ts'

const OTHER = '100000000000000009'

let room: Room
beforeEach(async () => (room = await openRoom()))
afterEach(() => room.close())

const unanswered = new ChatUnknown({ reason: 'no answer' })

const page = (...messages: readonly IncomingMessage[]): CatchUpPage => ({
  messages: messages.map((found) => ({ message: found, access: ownerAccess })),
  lastId: messages.at(-1)?.id,
  more: false,
})

const after = (from: string, ...messages: readonly IncomingMessage[]) => page(...messages.filter(({ id }) => id > from))

const withOther = ({ store }: { readonly store: StorePort }): void =>
  void store.linkProject({ channelId: OTHER, guildId: GUILD, directory: '/project/other' }, '100000000000000000')

const elsewhere = { channelId: OTHER, projectChannelId: OTHER }

const asked = (life: Life): readonly string[] =>
  life.agent.prompts.map(({ parts }) => (parts[0]?.type === 'text' ? parts[0].text : ''))

const fresh = (life: Life): void => life.chat.heard?.onEvent({ kind: 'fresh', position: position(50) })

describe('a channel that cannot be read', () => {
  /** `answers`: does Discord answer for the broken channel, and for the other one, yet? */
  async function broken(
    answers: (channelId: string) => boolean,
  ): Promise<{ readonly life: Life; readonly missed: IncomingMessage }> {
    const missed = message('missed in the broken one')
    const found = message('missed in the other', elsewhere)
    const life = await room.live(withOther)
    life.chat.on.readAfter = async (channelId, from) => {
      if (!answers(channelId)) return unanswered
      return channelId === OTHER ? after(from, found) : after(from, missed)
    }
    fresh(life)
    await quiet()
    life.send('live in the broken one')
    life.send('live in the other', elsewhere)
    await quiet()
    return { life, missed }
  }

  test('holds its own live messages; the other channel is read and heard', async () => {
    let mended = false
    const { life } = await broken((channelId) => mended || channelId === OTHER)
    expect(asked(life)).toEqual(['missed in the other', 'live in the other'])
    room.clock.advance(2000)
    await quiet()
    expect(await life.store.position(), 'a restart must begin here again').toBeUndefined()
    mended = true
    room.clock.advance(30_000)
    await until('all', () => asked(life).length === 4)
    expect(asked(life).slice(2)).toEqual(['missed in the broken one', 'live in the broken one'])
    room.clock.advance(2000)
    await until('the position', async () => (await life.store.position())?.sequence === 3)
  })

  test('red control: were one held for the other, nothing would be heard', async () => {
    const { life } = await broken(() => false)
    expect(asked(life)).toEqual([])
  })

  test('holds a reply to a message of it that is not read yet, not one in a thread that is known', async () => {
    let mended = false
    const life = await room.live(withOther)
    const known = life.send('known')
    await until('the prompt', () => life.agent.prompts.length === 1)
    const missed = message('missed')
    life.chat.on.readAfter = async (channelId, from) => {
      if (channelId !== CHANNEL) return page()
      return mended ? after(from, known, missed) : unanswered
    }
    fresh(life)
    await quiet()
    life.reply(missed, 'a reply to it')
    life.reply(known, 'a reply to the known one')
    await quiet()
    expect(asked(life)).toEqual(['known', 'a reply to the known one'])
    mended = true
    room.clock.advance(30_000)
    await until('all', () => asked(life).length === 4)
    expect(asked(life).slice(2)).toEqual(['missed', 'a reply to it'])
  })
})

test('a channel that was linked while Discord could not be asked begins where the first connection finds it', async () => {
  const early = message('before', elsewhere)
  const late = message('after', elsewhere)
  const life = await room.live(({ store }) => {
    void store.linkProject({ channelId: OTHER, guildId: GUILD, directory: '/project/other' }, undefined)
  })
  life.chat.on.newestIn = async () => early.id
  life.chat.on.readAfter = async (channelId, from) => (channelId === OTHER ? after(from, early, late) : page())
  fresh(life)
  await until('the prompt', () => asked(life).length === 1)
  await quiet()
  expect(asked(life)).toEqual(['after'])
})

describe('killed between a channel and its archived thread', () => {
  async function killed(forget: (store: StorePort) => Partial<StorePort>): Promise<Life> {
    const first = message('begins a thread')
    const second = message('in the thread', { channelId: first.id, inThread: true })
    const later = message('later in the channel')
    const prepare = (life: Life, readsThread: boolean): void => {
      // Archived: it is listed only if it holds anything newer.
      life.chat.on.threadsSince = async (_channels, since) =>
        second.id > since(CHANNEL) ? [{ id: first.id, parentId: CHANNEL }] : []
      life.chat.on.readAfter = async (channelId, from) => {
        if (channelId === CHANNEL) return after(from, first, later)
        return readsThread ? after(from, second) : new Promise(() => undefined)
      }
    }
    const doomed = await room.live()
    prepare(doomed, false)
    fresh(doomed)
    await until('the channel to be read', () => asked(doomed).length === 2)
    const next = await room.live(({ store }) => forget(store))
    prepare(next, true)
    fresh(next)
    await quiet()
    // The agent of this life has lost what the other one had: that is looked at twice before anything is handed over.
    for (let seconds = 0; seconds < 4; seconds += 1) {
      room.clock.advance(1000)
      await quiet(100)
    }
    return next
  }

  const heard = async (life: Life): Promise<boolean> =>
    (await life.store.load(life.chat.threads[0] ?? '')).inbox.length > 0 || asked(life).includes('in the thread')

  test('the thread is read by the next one', async () => {
    expect(await heard(await killed(() => ({})))).toBe(true)
  })

  test('red control: without the mark the channel has moved past it', async () => {
    expect(await heard(await killed(() => ({ unread: async () => new Map() })))).toBe(false)
  })
})
