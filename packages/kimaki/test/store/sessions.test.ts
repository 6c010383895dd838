/** Sessions of threads as they are listed: from the rows alone, with the file open for reading only. */
import { describe, expect, test } from 'vitest'
import type { Conversation } from '../../src/domain/conversation/state.ts'
import { NEW_TURN } from '../../src/domain/conversation/state.ts'
import { readSessions } from '../../src/store/inquiry/read-only.ts'
import type { StorePort } from '../../src/ports/store.ts'
import { asking, conversation, newFile, open, prompt, rows } from './support.ts'
import { CHANNEL, GUILD, message } from '../support/conversation.ts'

const HOUR = 3_600_000

/** A thread in which somebody wrote at `at`. */
async function thread(
  store: StorePort,
  [id, session]: readonly [id: string, session: string],
  at: number,
  facts: Partial<Conversation> = {},
): Promise<void> {
  const place = { id, guildId: GUILD, channelId: CHANNEL, directory: facts.directory ?? '/p', inThread: true }
  const state = conversation(store, {
    id,
    thread: { kind: 'open', id },
    session: { kind: 'open', id: session },
    features: { title: { given: `Thread ${id}`, isTheirs: false } },
    ...facts,
  })
  await store.commit({ accept: [asking(message('hi', { channelId: id }), place, at)], conversation: rows(state) })
}

describe('the list of sessions', () => {
  test('has those used last first, each with its thread and how it stands', async () => {
    const file = newFile()
    const store = open(file)
    await thread(store, ['300000000000000001', 'ses_1'], HOUR)
    await thread(store, ['300000000000000002', 'ses_2'], 2 * HOUR, {
      features: { asks: { asks: [{ id: 'per_1', kind: 'permission', phase: { kind: 'open' } }], allowed: [] } },
    })
    const working = [prompt(1, { kind: 'delivered', created: 1, messageId: 'msg_1', parts: [], resends: 0 })]
    const state = conversation(store, { id: '300000000000000003', session: { kind: 'open', id: 'ses_3' }, directory: '/other' })
    await store.commit({ conversation: rows({ ...state, turn: { ...NEW_TURN, prompts: working } }, { prompts: working }) })
    const all = await store.sessions({ limit: 10 })
    expect(
      all.map(({ sessionId, threadId, title, state: how, updated }) => [sessionId, threadId, title, how, updated > 2 * HOUR]),
    ).toEqual([
      ['ses_3', '300000000000000003', '', 'working', true],
      ['ses_2', '300000000000000002', '', 'asking', false],
      ['ses_1', '300000000000000001', 'Thread 300000000000000001', 'idle', false],
    ])
    expect(all[2]).toMatchObject({ channelId: CHANNEL, guildId: GUILD, directory: '/p', updated: HOUR })
    expect(readSessions(file, { limit: 10 })).toEqual(all)
    expect(readSessions(`${file}.none`, { limit: 10 })).toEqual([])
  })

  test.each([
    [{ directory: '/p' }, ['ses_2', 'ses_1']],
    [{ sessionId: 'ses_1' }, ['ses_1']],
    [{ sessionId: 'ses_1', directory: '/other' }, []],
    [{ threadId: '300000000000000002' }, ['ses_2']],
    [{ limit: 1 }, ['ses_2']],
  ])('of %j', async (filter, sessions) => {
    const store = open()
    await thread(store, ['300000000000000001', 'ses_1'], HOUR)
    await thread(store, ['300000000000000002', 'ses_2'], 2 * HOUR)
    expect((await store.sessions({ limit: 10, ...filter })).map(({ sessionId }) => sessionId)).toEqual(sessions)
  })

  test('of a project has those that work in another folder, too', async () => {
    const store = open(newFile())
    await store.linkProject({ channelId: CHANNEL, guildId: GUILD, directory: '/p' }, undefined)
    await thread(store, ['300000000000000001', 'ses_1'], HOUR, { directory: '/p/web' })
    expect(await store.sessions({ directory: '/p', limit: 10 })).toMatchObject([{ sessionId: 'ses_1', directory: '/p/web' }])
    expect(await store.sessions({ directory: '/p/web', limit: 10 })).toHaveLength(1)
  })

  test('has a session that another thread took over once, with that thread', async () => {
    const store = open()
    await thread(store, ['300000000000000001', 'ses_1'], 2 * HOUR)
    await thread(store, ['300000000000000002', 'ses_1'], HOUR)
    expect((await store.sessions({ limit: 10 })).map(({ threadId }) => threadId)).toEqual(['300000000000000002'])
  })
})
