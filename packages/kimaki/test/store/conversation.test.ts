/** A conversation comes back from its rows as it was written. */
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, test } from 'vitest'
import type { Effect } from '../../src/domain/conversation/effect.ts'
import type { Component } from '../../src/domain/conversation/posts/post.ts'
import { shell, type ShellCommand } from '../../src/domain/conversation/features/shell.ts'
import type { PromptPhase } from '../../src/domain/conversation/prompt.ts'
import type { Abort } from '../../src/domain/conversation/run/effects.ts'
import { NEW_TURN, NO_POSTS, type Conversation } from '../../src/domain/conversation/state.ts'
import { asking, conversation, ID, newFile, open, post, prompt, rows } from './support.ts'
import { CHANNEL, GUILD, message } from '../support/conversation.ts'

const submitted = { messageId: 'msg_1', parts: [{ type: 'text', id: 'prt_1', text: 'hello' }], resends: 2 } as const

const PHASES: readonly PromptPhase[] = [
  { kind: 'waiting' },
  { kind: 'preparing' },
  { kind: 'ready', prepared: [{ kind: 'failed', name: 'a.png', reason: 'too large' }] },
  { kind: 'sending', ...submitted },
  { kind: 'resend', ...submitted },
  { kind: 'delivered', created: 17, ...submitted },
  { kind: 'ended', end: { kind: 'answered', by: 'msg_a' } },
  { kind: 'ended', end: { kind: 'merged' } },
  { kind: 'ended', end: { kind: 'interrupted' } },
  { kind: 'ended', end: { kind: 'stopped' } },
  { kind: 'ended', end: { kind: 'failed', reason: { kind: 'empty-loop' } } },
  { kind: 'ended', end: { kind: 'failed', reason: { kind: 'gave-up' } } },
  { kind: 'ended', end: { kind: 'failed', reason: { kind: 'told', text: '✗ no' } } },
]

const TABLE: readonly Component[] = [
  { kind: 'container', color: 255, components: [{ kind: 'text', text: '**a**: 1' }, { kind: 'separator' }] },
]

const effect = (key: string): Effect & Abort => ({ key, kind: 'abort', owner: 'run', directory: '/p', session: 'ses_1' })
const change = (file: string, sql: string): void => {
  const db = new DatabaseSync(file)
  db.exec(sql)
  db.close()
}

describe('what was written', () => {
  test('comes back: every phase of a prompt, thread, session, asks, sealed text, posts', async () => {
    const store = open()
    const prompts = PHASES.map((phase, index) => prompt(index, phase))
    const state = conversation(store, {
      thread: { kind: 'open', id: ID },
      session: { kind: 'open', id: 'ses_1' },
      closedUpTo: 99,
      features: {
        asks: [{ id: 'per_1', kind: 'permission', session: 'ses_1', title: 'bash' }],
        flush: { prt_9: 12 },
        title: { given: 'a name', isTheirs: true },
      },
      turn: { ...NEW_TURN, prompts },
      posts: {
        ...NO_POSTS,
        outbox: [{ ...post('k2', 'part/b#0'), components: TABLE, pings: '7' }, post('k3', 'part/b#end', 'part/c')],
      },
    })
    const first = { ...post('k1', 'part/a'), components: state.posts.outbox[0]?.components }
    await store.commit({ conversation: rows(state, { prompts, posts: [first, ...state.posts.outbox] }) })
    await store.commit({ conversation: rows(state, { sent: [{ postId: 'k1', messageId: '1' }] }) })
    const loaded = await store.load(ID)
    expect(loaded.state).toEqual({
      ...state,
      turn: { ...state.turn, isSynced: false },
      posts: { ...state.posts, posted: new Set(['part/a', 'part/b', 'part/c']) },
    })
  })

  test('comes back of shell commands, but what stands in a post', async () => {
    const store = open()
    const message = { id: ID, author: { kind: 'person', id: '1', name: 'ada' }, titleText: '!date' } as const
    const waiting: ShellCommand = { id: 'discord:1', message, command: 'date', output: '', phase: { kind: 'waiting' } }
    const running: ShellCommand = { ...waiting, id: 'discord:2', output: 'one', stoppedBy: 'ada', phase: { kind: 'running' } }
    const ended: ShellCommand = { ...waiting, id: 'discord:3', phase: { kind: 'ended', end: { kind: 'timed-out' }, tookMs: 7 } }
    const wholeOutput = { text: 'all of it', overflow: undefined }
    const state = conversation(store, { features: { shell: [waiting, running, { ...ended, wholeOutput }] } })
    await store.commit({ conversation: rows(state) })
    const loaded = (await store.load(ID)).state
    expect(loaded && shell.of(loaded)).toEqual([waiting, running, ended])
  })

  test('leaves an open turn unread, and a closed one as it is', async () => {
    const store = open()
    const open1 = conversation(store, { session: { kind: 'open', id: 'ses_1' } })
    await store.commit({ conversation: rows(open1, { prompts: [prompt(1, { kind: 'waiting' })] }) })
    expect((await store.load(ID)).state?.turn.isSynced).toBe(false)
    await store.commit({ conversation: rows(open1, { turnClosed: true }) })
    expect((await store.load(ID)).state).toMatchObject({ turn: { isSynced: true, prompts: [] } })
  })

  test('keeps effects until they are done, and takes up one that is asked for again', async () => {
    const store = open()
    const state = conversation(store)
    await store.commit({ conversation: rows(state, { effects: [effect('abort/1')] }) })
    expect((await store.load(ID)).effects).toEqual([effect('abort/1')])
    await store.commit({ conversation: rows(state, { effectsDone: ['abort/1'] }) })
    expect((await store.load(ID)).effects).toEqual([])
    await store.commit({ conversation: rows(state, { effectsDone: ['abort/1'], effects: [effect('abort/1')] }) })
    expect((await store.load(ID)).effects).toEqual([effect('abort/1')])
    expect(await store.openConversations()).toEqual([ID])
  })

  test('a post that was replaced by its fallback comes back as the fallback; one that was dropped counts as posted', async () => {
    const store = open()
    const state = conversation(store)
    await store.commit({ conversation: rows(state, { posts: [post('k1', 'part/a'), post('k2', 'part/b')] }) })
    const fallback = { ...post('k1', 'part/a'), content: 'a line', fallback: true }
    await store.commit({ conversation: rows(state, { posts: [fallback], dropped: ['k2'] }) })
    const { state: loaded } = await store.load(ID)
    expect(loaded?.posts.outbox).toEqual([fallback])
    expect(loaded?.posts.posted).toEqual(new Set(['part/a', 'part/b']))
  })
})

describe('a state that cannot be read', () => {
  const state = (store: ReturnType<typeof open>): Conversation =>
    conversation(store, { thread: { kind: 'open', id: ID }, session: { kind: 'open', id: 'ses_1' }, closedUpTo: 50 })

  test.each([
    ['torn', `UPDATE conversation SET state = '{"thre'`],
    ['of another shape', `UPDATE conversation SET state = 'null'`],
    ['without what is needed', `UPDATE conversation SET state = '{"install":"x"}'`],
    ['of a version nobody knows', `UPDATE conversation SET version = 99`],
  ])('%s is rebuilt from the tables: binding, prompts, every post there ever was', async (_name, sql) => {
    const file = newFile()
    const store = open(file)
    await store.commit({
      conversation: rows(state(store), { prompts: [prompt(1, { kind: 'waiting' })], posts: [post('k1', 'part/a')] }),
    })
    await store.commit({ conversation: rows(state(store), { sent: [{ postId: 'k1', messageId: '7' }], turnClosed: true }) })
    await store.commit({ conversation: rows(state(store), { prompts: [prompt(2, { kind: 'waiting' })] }) })
    change(file, sql)
    expect((await store.load(ID)).state).toMatchObject({
      thread: { kind: 'open', id: ID },
      session: { kind: 'open', id: 'ses_1' },
      closedUpTo: 0,
      posts: { posted: new Set(['part/a']) },
      turn: { prompts: [{ order: 2 }], isSynced: false },
    })
  })

  test('of a conversation that began inside a thread stays in that thread', async () => {
    const file = newFile()
    const store = open(file)
    const place = { id: ID, guildId: GUILD, channelId: CHANNEL, directory: '/p', inThread: true }
    await store.commit({ accept: [asking(message('hi', { channelId: ID, inThread: true }), place, 1)] })
    await store.commit({ conversation: rows(conversation(store)) })
    change(file, `UPDATE conversation SET state = ''`)
    expect((await store.load(ID)).state?.thread).toEqual({ kind: 'open', id: ID })
  })
})

describe('looking up', () => {
  test('a session leads to its conversation, an unknown one nowhere', async () => {
    const store = open()
    await store.commit({ conversation: rows(conversation(store, { session: { kind: 'open', id: 'ses_1' } })) })
    expect(await store.conversationOfSession('ses_1')).toBe(ID)
    expect(await store.conversationOfSession('ses_2')).toBeUndefined()
  })

  test('the newest post is found by the age of its message, not by its text', async () => {
    const store = open()
    const state = conversation(store)
    await store.commit({ conversation: rows(state, { posts: [post('k1', 'a'), post('k2', 'b'), post('k3', 'c')] }) })
    for (const [postId, messageId] of [
      ['k1', '1000'],
      ['k2', '999'],
    ] as const)
      await store.commit({ conversation: rows(state, { sent: [{ postId, messageId }] }) })
    expect(await store.newestOwnMessage(ID, post('k1', 'a').channelId)).toBe('1000')
    expect(await store.newestOwnMessage(ID, 'another channel')).toBeUndefined()
    expect(await store.isOwnMessage('999')).toBe(true)
    expect(await store.isOwnMessage('998')).toBe(false)
  })

  test('a cursor only moves on', async () => {
    const store = open()
    for (const messageId of ['999', '1000', '998']) await store.commit({ cursors: [{ channelId: 'c', messageId }] })
    expect((await store.cursors()).get('c')).toBe('1000')
  })
})

test('a message is accepted once, and its row is there until it is done', async () => {
  const store = open()
  const place = { id: ID, guildId: GUILD, channelId: CHANNEL, directory: '/p', inThread: false }
  const { reply: _none, ...hello } = message('hello')
  const acceptance = asking({ ...hello, reply: undefined }, place, 5)
  const first = await store.commit({ accept: [acceptance] })
  const second = await store.commit({ accept: [acceptance] })
  expect([first, second].map((accepted) => !(accepted instanceof Error) && accepted.length)).toEqual([1, 0])
  expect(await store.hasConversation(ID)).toBe(true)
  const [row] = (await store.load(ID)).inbox
  expect(row).toMatchObject({
    tries: 0,
    error: undefined,
    request: { kind: 'message', message: hello },
    receipt: 'not-needed',
    conversation: place,
    at: 5,
  })
  await store.commit({ tried: { order: row?.order ?? 0, error: 'poison' } })
  expect((await store.load(ID)).inbox).toMatchObject([{ tries: 1, error: 'poison' }])
  await store.commit({ done: [row?.order ?? 0] })
  expect((await store.load(ID)).inbox).toEqual([])
})

describe('a command that needs a receipt', () => {
  const place = { id: ID, guildId: GUILD, channelId: CHANNEL, directory: '/p', inThread: true }
  const command = { ...asking(message('x'), place, 5), key: 'command:1', needsReceipt: true } as const

  test('is withheld from a conversation that loads meanwhile, with everything behind it', async () => {
    const store = open()
    await store.commit({ accept: [asking(message('before'), place, 4), command, asking(message('behind'), place, 6)] })
    expect((await store.load(ID)).inbox.map(({ request }) => request.kind === 'message' && request.message.text)).toEqual([
      'before',
    ])
  })

  test('comes with its receipt once that is on record', async () => {
    const store = open()
    const accepted = await store.commit({ accept: [command] })
    const [row] = accepted instanceof Error ? [] : accepted
    expect(row?.receipt).toBe('awaited')
    await store.commit({ receipts: [{ order: row?.order ?? 0, at: 7 }] })
    expect((await store.load(ID)).inbox.map(({ receipt }) => receipt)).toEqual([7])
  })

  test('is missed once the process that took it is gone', async () => {
    const file = newFile()
    const store = open(file)
    await store.commit({ accept: [command] })
    await store.close()
    expect((await open(file).load(ID)).inbox.map(({ receipt }) => receipt)).toEqual(['missed'])
  })
})

test('a slice of a version nobody knows begins anew, and leaves the others as they were', async () => {
  const file = newFile()
  const store = open(file)
  const features = { flush: { prt_9: 12 }, title: { given: 'a name', isTheirs: true } }
  await store.commit({ conversation: rows(conversation(store, { features })) })
  change(file, `UPDATE conversation SET state = json_set(state, '$.features.flush.version', 99)`)
  expect((await store.load(ID)).state?.features).toEqual({ title: features.title })
})
