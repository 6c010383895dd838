/** A file written before features had slices of their own: each kind of row comes back as the program knows it now. */
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, test } from 'vitest'
import { asks } from '../../src/domain/conversation/features/asks/asks.ts'
import { btw } from '../../src/domain/conversation/features/btw.ts'
import { flush } from '../../src/domain/conversation/features/flush.ts'
import { interrupts } from '../../src/domain/conversation/features/interrupts.ts'
import { lateEdits } from '../../src/domain/conversation/features/told/late-edits.ts'
import { queue } from '../../src/domain/conversation/features/queue.ts'
import { retry } from '../../src/domain/conversation/features/retry.ts'
import { shell } from '../../src/domain/conversation/features/shell.ts'
import { title } from '../../src/domain/conversation/features/title.ts'
import { step } from '../../src/domain/conversation/step.ts'
import type { Conversation } from '../../src/domain/conversation/state.ts'
import type { LoadedConversation } from '../../src/ports/store.ts'
import { migrateToSlices } from '../../src/store/migrate.ts'
import { BEGINS, CACHE, newMessage, OldFile, oldMessage, ORIGIN } from './old-file.ts'
import { ID, open } from './support.ts'

const SUBMITTED = { messageId: 'msg_1', parts: [{ type: 'text', id: 'prt_1', text: 'hello' }], resends: 1 }
const loaded = async (file: OldFile, id = ID): Promise<LoadedConversation> => open(file.close()).load(id)
async function stateOf(file: OldFile): Promise<Conversation> {
  const { state } = await loaded(file)
  if (!state) throw new Error('no conversation')
  return state
}

describe('the cache', () => {
  test('every field of it stands in the slice of its feature', async () => {
    const ask = { id: 'per_1', kind: 'permission', session: 'ses_1', title: 'bash', during: 'msg_1', expired: true }
    const running = { id: 'discord:3', command: 'date', said: 'one', stoppedBy: 'bo', phase: { kind: 'running' } }
    const state = await stateOf(
      new OldFile().conversation({
        ...CACHE,
        verbosity: 'tools_and_text',
        asks: [ask],
        retries: { during: 'msg_1', times: 2, attempt: 3, message: 'busy' },
        interrupts: [{ by: 'msg_2', step: 'msg_a' }],
        late: [{ promptId: 'discord:1', what: 'edited' }],
        asides: [{ id: 'discord:2', message: oldMessage('2', 'why'), phase: { kind: 'forking' } }],
        commands: [{ ...running, message: { id: '3', authorId: '7', titleText: '!date' } }],
        sealed: { prt_9: 12 },
        settledAt: 99,
        title: { synced: 'a name', theirs: true },
      }),
    )
    expect(state).toMatchObject({ thread: CACHE.thread, session: CACHE.session, closedUpTo: 99, verbosity: 'tools_and_text' })
    expect(asks.of(state)).toEqual({
      asks: [{ ...ask, form: { given: [], picked: [] }, phase: { kind: 'ended', end: { kind: 'expired' } } }],
      allowed: [],
    })
    expect(retry.of(state)).toEqual({ during: 'msg_1', times: 2, attempt: 3, message: 'busy' })
    expect(interrupts.of(state)).toEqual([{ by: 'msg_2', step: 'msg_a' }])
    expect(lateEdits.of(state)).toEqual([{ promptId: 'discord:1', what: 'edited' }])
    expect(btw.of(state)).toEqual([{ id: 'discord:2', message: newMessage('2', 'why'), phase: { kind: 'forking' } }])
    expect(shell.of(state)).toEqual([
      {
        id: 'discord:3',
        command: 'date',
        output: 'one',
        stoppedBy: 'bo',
        phase: { kind: 'running' },
        message: { id: '3', author: { kind: 'person', id: '7', name: '' }, titleText: '!date' },
      },
    ])
    expect(flush.of(state)).toEqual({ prt_9: 12 })
    expect(title.of(state)).toEqual({ given: 'a name', isTheirs: true })
  })

  test('of the very first shape, without what was added later, every feature begins anew', async () => {
    const state = await stateOf(
      new OldFile().conversation({ ...CACHE, asks: [], sealed: {}, settledAt: 5, title: { theirs: false } }),
    )
    expect(state).toMatchObject({ closedUpTo: 5, verbosity: 'text_and_essential_tools' })
    expect(asks.of(state).asks).toEqual([])
    for (const { of } of [btw, interrupts, lateEdits, queue, shell]) expect(of(state)).toEqual([])
    expect([retry.of(state), flush.of(state)]).toEqual([undefined, {}])
    expect(title.of(state)).toEqual({ isTheirs: false })
  })

  test('with nothing but its thread and its session', async () => {
    const state = await stateOf(new OldFile().conversation(CACHE))
    expect(state).toMatchObject({ thread: CACHE.thread, session: CACHE.session, closedUpTo: 0 })
  })

  test('that cannot be read is rebuilt from the tables', async () => {
    const file = new OldFile().conversation('{"thre').binding('ses_7')
    expect(await stateOf(file)).toMatchObject({ thread: { kind: 'open', id: ID }, session: { kind: 'open', id: 'ses_7' } })
  })
})

describe('prompts', () => {
  const facts = (id: string): Readonly<Record<string, unknown>> => ({ message: oldMessage(id, `m${id}`), acceptedAt: 5 })

  test('each phase and end has its word of now', async () => {
    const phases: readonly (readonly [object, object])[] = [
      [{ kind: 'waiting' }, { kind: 'waiting' }],
      [{ kind: 'preparing' }, { kind: 'preparing' }],
      [
        { kind: 'ready', prepared: [], commands: ['greet'] },
        { kind: 'ready', prepared: [], commands: ['greet'] },
      ],
      [
        { kind: 'handing', ...SUBMITTED },
        { kind: 'sending', ...SUBMITTED },
      ],
      [
        { kind: 'cut', ...SUBMITTED },
        { kind: 'resend', ...SUBMITTED },
      ],
      [
        { kind: 'seen', created: 9, ...SUBMITTED },
        { kind: 'delivered', created: 9, ...SUBMITTED },
      ],
      ...['interrupted', 'stopped', 'withdrawn'].map(
        (kind) =>
          [
            { kind: 'ended', end: { kind } },
            { kind: 'ended', end: { kind } },
          ] as const,
      ),
      ...(
        [
          ['runaway', 'empty-loop'],
          ['overfull', 'context-overflow'],
          ['gave-up', 'gave-up'],
        ] as const
      ).map(([was, is]) => {
        const ended = (kind: string) => ({ kind: 'ended', end: { kind: 'failed', reason: { kind } } })
        return [ended(was), ended(is)] as const
      }),
      [
        { kind: 'ended', end: { kind: 'failed', reason: { kind: 'silent', afterMs: 7 } } },
        { kind: 'ended', end: { kind: 'failed', reason: { kind: 'stalled', afterMs: 7 } } },
      ],
    ]
    const file = new OldFile().conversation(CACHE)
    for (const [index, [was]] of phases.entries()) file.prompt(index, facts(String(index)), { ...was })
    expect((await stateOf(file)).turn.prompts).toEqual(
      phases.map(([, phase], index) => ({
        id: `discord:${index}`,
        order: index,
        message: newMessage(String(index), `m${index}`),
        acceptedAt: 5,
        phase,
      })),
    )
  })

  test('one that was asked aside begins its conversation; what it waited for and its command stay', async () => {
    const file = new OldFile()
      .conversation(CACHE)
      .prompt(1, { ...facts('1'), aside: ORIGIN }, { kind: 'seen', created: 9, ...SUBMITTED })
      .prompt(2, { ...facts('2'), waited: true, command: { name: 'greet', args: '' } }, { kind: 'waiting' })
    const { prompts } = (await stateOf(file)).turn
    expect(prompts[0]).toMatchObject({ id: 'discord:1', begins: BEGINS })
    expect(prompts[0]).not.toHaveProperty('aside')
    expect(prompts[1]).toMatchObject({ waited: true, command: { name: 'greet', args: '' } })
  })

  test('what waited in the queue waits in its slice, in order; what was taken out of it keeps its line', async () => {
    const live = { text: 'queued', buttons: [] }
    const file = new OldFile()
      .conversation(CACHE)
      .prompt(1, facts('1'), { kind: 'seen', created: 9, ...SUBMITTED })
      .prompt(2, facts('2'), { kind: 'queued' })
      .prompt(3, facts('3'), { kind: 'ended', end: { kind: 'removed', by: 'bo' } })
      .prompt(4, facts('4'), { kind: 'queued' })
      .prompt(5, facts('5'), { kind: 'ended', end: { kind: 'removed', by: 'bo' } })
      .prompt(6, facts('6'), { kind: 'ended', end: { kind: 'answered', by: 'msg_a' } }, { settled: 1 })
      .post('queue/discord:2', live)
      .post('queue/discord:3', live)
    const state = await stateOf(file)
    expect(state.turn.prompts.map(({ id }) => id)).toEqual(['discord:1'])
    expect(queue.of(state)).toEqual([
      { id: 'discord:2', order: 2, message: newMessage('2', 'm2'), acceptedAt: 5, phase: { kind: 'waiting' } },
      { id: 'discord:3', order: 3, message: newMessage('3', 'm3'), acceptedAt: 5, phase: { kind: 'removed', by: 'bo' } },
      { id: 'discord:4', order: 4, message: newMessage('4', 'm4'), acceptedAt: 5, phase: { kind: 'waiting' } },
    ])
    expect(state.posts.editable.map(({ key }) => key)).toEqual(['queue/discord:2', 'queue/discord:3'])
  })

  test('what waited in the queue of a conversation whose cache cannot be read runs, and holds nobody up', async () => {
    const file = new OldFile()
      .conversation('', { version: 1 })
      .binding('ses_7')
      .prompt(2, facts('2'), { kind: 'queued' })
      .prompt(3, facts('3'), { kind: 'ended', end: { kind: 'removed', by: 'bo' } })
    const state = await stateOf(file)
    expect(state.turn.prompts.map(({ phase }) => phase)).toEqual([
      { kind: 'waiting' },
      { kind: 'ended', end: { kind: 'stopped' } },
    ])
    const snapshot = { status: { kind: 'idle' }, messages: [], title: undefined } as const
    expect(step(state, { kind: 'snapshot', at: 1, snapshot, meanwhile: [] }).effects.map(({ kind }) => kind)).toEqual(['prompt'])
  })
})

test('requests in the inbox: a bare message, one that was asked aside, an edit, a deletion, a press', async () => {
  const press = { id: '9', guildId: '2', channelId: '1', messageId: '8', customId: 'stop:msg_1', userId: '7', userName: 'ada' }
  const file = new OldFile()
    .request('discord:1', oldMessage('1', 'hello'))
    .request('discord:2', { kind: 'message', message: oldMessage('2', 'hi') })
    .request('btw:3', { kind: 'message', message: oldMessage('3', 'why'), aside: ORIGIN })
    .request('edit:2', { kind: 'edited-message', message: oldMessage('2', 'ho') })
    .request('delete:2', { kind: 'deleted-message', messageId: '2' })
    .request('press:9', { kind: 'pressed', press })
  const { inbox } = await loaded(file)
  expect(inbox.map(({ request }) => request)).toEqual([
    { kind: 'message', message: newMessage('1', 'hello') },
    { kind: 'message', message: newMessage('2', 'hi') },
    { kind: 'message', message: newMessage('3', 'why'), begins: BEGINS },
    { kind: 'edited-message', message: newMessage('2', 'ho') },
    { kind: 'deleted-message', messageId: '2' },
    { kind: 'pressed', press },
  ])
  expect(inbox.map(({ receipt }) => receipt)).toEqual(inbox.map(() => 'not-needed'))
})

test('a damaged row keeps no other conversation from coming back', async () => {
  const OTHER = '300000000000000002'
  const file = new OldFile()
    .conversation('{', { id: OTHER })
    .conversation(CACHE)
    .prompt(8, '{"mess', { kind: 'queued' }, { conversation: OTHER })
    .prompt(9, { message: oldMessage('9', 'x'), acceptedAt: 1 }, 'null', { conversation: OTHER })
    .prompt(1, { message: oldMessage('1', 'hi'), acceptedAt: 5 }, { kind: 'seen', created: 9, ...SUBMITTED })
    .damagedEffect('abort/9', OTHER)
    .effect({ key: 'abort/1', kind: 'abort', directory: '/p', session: 'ses_1' })
    .request('discord:8', '{"kind":', OTHER)
    .request('discord:1', oldMessage('1', 'hello'))
  const { state, effects, inbox } = await loaded(file)
  expect(state?.turn.prompts.map(({ phase }) => phase.kind)).toEqual(['delivered'])
  expect(effects.map(({ owner }) => owner)).toEqual(['run'])
  expect(inbox.map(({ request }) => request.kind)).toEqual(['message'])
})

test('it runs once: what is of the new shape stays as it is, even if it were to run again', async () => {
  const file = new OldFile()
    .conversation({ ...CACHE, sealed: { prt_9: 12 } })
    .prompt(1, { message: oldMessage('1', 'hi'), acceptedAt: 5, aside: ORIGIN }, { kind: 'handing', ...SUBMITTED })
    .prompt(2, { message: oldMessage('2', 'ho'), acceptedAt: 5 }, { kind: 'queued' })
    .effect({
      key: 'open-aside/discord:5',
      kind: 'open-aside',
      promptId: 'discord:5',
      message: oldMessage('5', 'why'),
      aside: ORIGIN,
    })
    .effect({ key: 'prompt/msg_1/0', kind: 'prompt', promptId: 'discord:1', behind: ['msg_0'], guildId: '2', authorId: '7' })
    .request('discord:3', oldMessage('3', 'hello'))
  const path = file.close()
  const read = async (): Promise<LoadedConversation> => {
    const store = open(path)
    const found = await store.load(ID)
    await store.close()
    return found
  }
  const once = await read()
  const db = new DatabaseSync(path)
  const everything = (): unknown =>
    ['conversation', 'prompt', 'effect', 'inbox'].map((table) =>
      db
        .prepare(`SELECT * FROM ${table}`)
        .all()
        .map((row) =>
          Object.values(row).map((value) => (/^[{[]/.test(String(value)) ? (JSON.parse(String(value)) as unknown) : value)),
        ),
    )
  const written = everything()
  migrateToSlices(db)
  expect(everything()).toEqual(written)
  db.close()
  expect(await read()).toEqual(once)
})
