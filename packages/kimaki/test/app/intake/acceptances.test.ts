/** The table: what becomes of each kind of event. */
import { describe, expect, test } from 'vitest'
import { judge, type Verdict } from '../../../src/app/intake/acceptances.ts'
import type { CommandInvocation } from '../../../src/domain/conversation/request.ts'
import type { Author } from '../../../src/domain/message/incoming.ts'
import type { Place } from '../../../src/ports/chat.ts'
import { around, conversations, keys, NOW, place, THREAD } from './judging.ts'
import { CHANNEL, GUILD, inChannel, inThread, message, OTHER, owner, stranger } from './testbed.ts'

const position = undefined

describe('a message that is no prompt', () => {
  const unread = (why: 'empty' | 'no-project', place: Place, facts = {}) =>
    ({ kind: 'unread', why, messageId: '7', place, mentionsBot: false, access: owner, position, ...facts }) as const

  test.each([
    ['without anything to read, in a project channel', unread('empty', inChannel), /nothing was run.*could read/],
    ['the same in a thread of ours', unread('empty', inThread(THREAD)), /nothing was run/],
    ['the same in a thread it calls us into', unread('empty', inThread('8'), { mentionsBot: true }), /nothing was run/],
    [
      'that calls the bot in a channel that is no project',
      unread('no-project', inChannel),
      /no project.*\n.*kimaki project link/,
    ],
  ])('%s is told so', async (_, event, text) => {
    const told = { kind: 'tell', messageId: '7', text: expect.stringMatching(text) as string }
    expect(await judge(event, around([THREAD]))).toMatchObject(told)
  })

  test.each([
    ['in a thread of others', unread('empty', inThread('8'))],
    ['of a stranger', unread('empty', inChannel, { access: stranger })],
    ['of a stranger who calls the bot elsewhere', unread('no-project', inChannel, { access: stranger })],
  ])('%s is passed over', async (_, event) => {
    expect(await judge(event, around([THREAD]))).toEqual({ kind: 'pass' })
  })
})

describe('a message', () => {
  const judged = async (facts: Parameters<typeof message>[1], known: readonly string[] = [], access = owner) => {
    const written = message('hello', facts)
    return { written, verdict: await judge({ kind: 'message', message: written, access, position }, around(known)) }
  }

  test('in a project channel begins a conversation; the cursors of the channel and of the thread to come go on record', async () => {
    const { written, verdict } = await judged({})
    expect(verdict).toEqual({
      kind: 'record',
      accept: [
        {
          key: `discord:${written.id}`,
          request: { kind: 'message', message: written },
          conversation: place(written.id, { inThread: false }),
          at: NOW,
        },
      ],
      cursors: [
        { channelId: CHANNEL, messageId: written.id },
        { channelId: written.id, messageId: written.id },
      ],
    })
  })

  test.each([
    ['in a thread with a conversation', inThread(THREAD), [THREAD], true],
    ['in another thread', inThread(THREAD), [], false],
    ['in another thread that mentions the bot', { ...inThread(THREAD), mentionsBot: true }, [], true],
  ])('%s', async (_where, facts, known, isAccepted) => {
    const { written, verdict } = await judged(facts, known)
    expect(conversations(verdict)).toEqual(isAccepted ? [place(THREAD, { inThread: true })] : [])
    expect(verdict).toMatchObject({ kind: 'record', cursors: [{ channelId: THREAD, messageId: written.id }] })
  })

  test.each([
    ['of somebody without rights', {}, stranger],
    ['in a channel that is not ours', { channelId: OTHER, projectChannelId: OTHER }, owner],
  ])('%s only moves the cursor', async (_what, facts, access) => {
    const { written, verdict } = await judged(facts, [], access)
    expect(verdict).toEqual({ kind: 'record', accept: [], cursors: [{ channelId: written.channelId, messageId: written.id }] })
  })

  test('that was not read, since its author may not speak, only moves the cursor', async () => {
    const unheard = { kind: 'unheard', place: inThread(THREAD), messageId: '7', position } as const
    const cursors = [{ channelId: THREAD, messageId: '7' }]
    expect(await judge(unheard, around())).toEqual({ kind: 'record', accept: [], cursors })
  })
})

describe('a message of a stranger, where guests may be let in,', () => {
  const blocked = { ...stranger, memberRoleIds: ['r'], roles: [{ id: 'r', name: 'no-kimaki', permissions: '0' }] }
  const judged = async (facts: Parameters<typeof message>[1], access = stranger, isOn = true) => {
    const written = message('hello', { ...inThread(THREAD), ...facts })
    const surroundings = around([THREAD], [], { guestApproval: isOn })
    const editedAt = '2026-01-01T00:00:00Z'
    const sent = await judge({ kind: 'message', message: written, access, position }, surroundings)
    const edit = await judge({ kind: 'edited', message: written, editedAt, access, position }, surroundings)
    return { written, sent, edit, keys: [keys(sent), keys(edit)] }
  }

  test('goes on record in a thread of ours, and each of its edits', async () => {
    const { written, sent, edit, keys } = await judged({})
    expect(keys).toEqual([[`guest:${written.id}`], [`guest:${written.id}:2026-01-01T00:00:00Z`]])
    expect(sent).toMatchObject({ accept: [{ request: { kind: 'guest-message', message: written } }] })
    expect(edit).toMatchObject({ accept: [{ request: { kind: 'guest-message', isEdit: true } }] })
  })

  test.each<readonly [string, Parameters<typeof message>[1], Parameters<typeof judged>[1], boolean]>([
    ['unless the operator wants none', {}, stranger, false],
    ['of another bot', {}, { ...stranger, isBot: true }, true],
    ['of somebody who is kept out', {}, blocked, true],
    ['of somebody who is no member', {}, { ...stranger, memberRoleIds: undefined }, true],
    ['in a thread of others', inThread('8'), stranger, true],
    ['in the project channel', inChannel, stranger, true],
  ])('%s is ignored, and so are its edits', async (_what, facts, access, isOn) => {
    const { keys, sent } = await judged(facts, access, isOn)
    expect(keys).toEqual([[], []])
    expect(sent).toMatchObject({ kind: 'record', cursors: [expect.anything()] })
  })

  test.each<readonly [string, Parameters<typeof message>[1]]>([
    ['to others', { namesOther: true }],
    ['that is a shell command', { text: '!ls' }],
  ])('%s gets no card', async (_what, facts) => {
    const { keys } = await judged(facts)
    expect(keys[0]).toEqual([])
  })
})

test('a dispatch that cannot be read goes on record with its position', async () => {
  const dispatch = { type: 'MESSAGE_CREATE', reason: 'author is not an object', payload: '{}' }
  const stood = { sessionId: 's', resumeUrl: 'u', sequence: 7 }
  const verdict = await judge({ kind: 'unreadable', dispatch, position: stood }, around())
  expect(verdict).toEqual({ kind: 'record', accept: [], cursors: [], deadDispatch: { dispatch, position: stood, at: NOW } })
})

describe('a message of another bot, once bots have begun 20 conversations in a row in the channel,', () => {
  const bot: Author = { kind: 'person', id: '5', name: 'Robo', isBot: true }
  const begun = (count: number) =>
    Array.from({ length: count }, (_, index) => ({ conversation: `${index}`, author: bot, at: NOW }))
  const judged = async (facts: Parameters<typeof message>[1], count: number) => {
    const written = message('hello', { author: bot, ...facts })
    const verdict = await judge({ kind: 'message', message: written, access: owner, position }, around([THREAD], begun(count)))
    const accepted =
      verdict.kind === 'record' ? verdict.accept.map(({ request, conversation }) => [request.kind, conversation.id]) : []
    return { written, accepted, verdict }
  }

  test('begins none more: the channel is told once, and the cursor moves', async () => {
    const first = await judged({}, 20)
    expect(first.accepted).toEqual([['unbegun', `unbegun:${first.written.id}`]])
    const next = await judged({}, 21)
    expect(next.verdict).toEqual({ kind: 'record', accept: [], cursors: [{ channelId: CHANNEL, messageId: next.written.id }] })
  })

  test.each([
    ['brings the bot into no thread', { ...inThread('8'), mentionsBot: true }, ['unbegun', 'unbegun:7']],
    ['asks nothing aside', { ...inThread(THREAD), text: 'and this? btw' }, ['unbegun', THREAD]],
    ['goes on where a conversation is', inThread(THREAD), ['message', THREAD]],
    ['tells others something there', { ...inThread(THREAD), text: '<@4> it is. btw', namesOther: true }, ['message', THREAD]],
  ] as const)('%s', async (_, facts, accepted) => {
    expect((await judged({ id: '7', ...facts }, 20)).accepted).toEqual([accepted])
  })

  test('of a person begins one', async () => {
    const person: Author = { kind: 'person', id: '3', name: 'Ann' }
    expect((await judged({ id: '7', author: person }, 30)).accepted).toEqual([['message', '7']])
  })
})

describe('an edit', () => {
  const judged = async (known: readonly string[], access = owner) => {
    const edited = message('hello', inThread(THREAD))
    const event = { kind: 'edited', message: edited, access, editedAt: '2026-01-01T00:00:01Z', position } as const
    return { edited, verdict: await judge(event, around(known)) }
  }

  test('of a message in a known conversation is a request of its own, once for each time', async () => {
    const { edited, verdict } = await judged([THREAD])
    expect(keys(verdict)).toEqual([`edit:${edited.id}:2026-01-01T00:00:01Z`])
    expect(verdict).toMatchObject({ accept: [{ request: { kind: 'edited-message', message: edited } }], cursors: [] })
  })

  test.each([
    ['elsewhere', [], owner],
    ['of somebody without rights', [THREAD], stranger],
  ])('%s is nothing for us', async (_what, known, access) => {
    expect((await judged(known, access)).verdict).toEqual({ kind: 'pass' })
  })
})

describe('a deletion', () => {
  test('of several messages is a request for each in a known conversation', async () => {
    const event = { kind: 'deleted', place: inThread(THREAD), messageIds: ['1', '2'], position } as const
    expect(keys(await judge(event, around([THREAD])))).toEqual(['delete:1', 'delete:2'])
  })

  test('in a project channel belongs to the conversation that the message began', async () => {
    const event = { kind: 'deleted', place: inChannel, messageIds: ['1', '2'], position } as const
    expect(conversations(await judge(event, around(['2'])))).toEqual([place('2', { inThread: false })])
  })

  test('elsewhere is nothing for us', async () => {
    const event = { kind: 'deleted', place: inThread(THREAD), messageIds: ['1'], position } as const
    expect(await judge(event, around())).toEqual({ kind: 'pass' })
  })
})

describe('a press', () => {
  const judgePress = async (where: Place, known: readonly string[], access = owner, facts = {}): Promise<Verdict> => {
    const press = {
      id: '9',
      guildId: GUILD,
      channelId: where.channelId,
      messageId: '8',
      customId: 'stop:x',
      userId: '3',
      userName: 'Ann',
      ...facts,
    }
    return judge({ kind: 'pressed', press, place: where, token: 'token', access, position }, around(known))
  }

  test('in a known conversation goes on record and is acknowledged', async () => {
    const verdict = await judgePress(inThread(THREAD), [THREAD])
    expect(keys(verdict)).toEqual(['press:9'])
    expect(verdict).toMatchObject({ answer: { kind: 'acknowledge', interaction: { id: '9', token: 'token' } } })
    expect(conversations(verdict)).toEqual([place(THREAD, { inThread: true })])
  })

  const opens = { customId: 'ask-deny-why:per_1/x~me' }

  test('on a button that opens a modal is answered by it, and is on no record', async () => {
    const verdict = await judgePress(inThread(THREAD), [THREAD], owner, opens)
    expect(verdict).toEqual({
      kind: 'show-modal',
      interaction: { id: '9', token: 'token' },
      modal: expect.objectContaining({ id: opens.customId, title: 'Deny with a reason' }),
    })
  })

  test('that is a modal which was sent goes on record with its words, and is acknowledged behind that', async () => {
    const verdict = await judgePress(inThread(THREAD), [THREAD], owner, { ...opens, words: 'use pnpm' })
    expect(verdict).toMatchObject({
      accept: [{ key: 'press:9', request: { press: { ...opens, words: 'use pnpm' } } }],
      answer: { kind: 'acknowledge' },
    })
  })

  test('that is a modal for secrets goes on record without any of its words, which are kept beside', async () => {
    const secret = { customId: 'login-enter:acme/0/1.0/1k', words: 'house.test', fields: ['house.test', 'a-c4nary'] }
    const verdict = await judgePress(inThread(THREAD), [THREAD], owner, secret)
    expect(verdict).toMatchObject({
      accept: [{ request: { press: { customId: secret.customId, words: '' } } }],
      unrecorded: { pressId: '9', words: ['house.test', 'a-c4nary'] },
    })
    expect(JSON.stringify({ ...verdict, unrecorded: undefined })).not.toMatch(/house|c4nary/)
  })

  test.each([
    ['on a button that opens a modal, in a dead thread', () => judgePress(inThread(THREAD), [], owner, opens), /does nothing/],
    ['on such a button by somebody without rights', () => judgePress(inThread(THREAD), [THREAD], stranger, opens), /may not use/],
    [
      'that sends a modal, by somebody without rights',
      () => judgePress(inThread(THREAD), [THREAD], stranger, { ...opens, words: '' }),
      /may not use/,
    ],
    ['in a thread without a conversation', () => judgePress(inThread(THREAD), []), /does nothing any more/],
    ['outside a thread', () => judgePress(inChannel, [CHANNEL]), /does nothing any more/],
    [
      'in a thread of ours whose channel was unlinked meanwhile',
      () => judgePress({ channelId: THREAD, projectChannelId: THREAD, inThread: false }, [THREAD]),
      /no project any more\nLink it again/,
    ],
    ['of somebody without rights', () => judgePress(inThread(THREAD), [THREAD], stranger), /may not use Kimaki/],
  ])('%s is refused', async (_what, judged, text) => {
    expect(await judged()).toEqual({
      kind: 'refuse',
      interaction: { id: '9', token: 'token' },
      text: expect.stringMatching(text),
    })
  })
})

describe('a slash command', () => {
  type Invoked = Pick<CommandInvocation, 'name'> & Partial<CommandInvocation>
  const judgedAs = async (facts: Invoked, where: Place, known: readonly string[], access = owner): Promise<Verdict> => {
    const ids = { id: '9', applicationId: '1', token: 'token', guildId: GUILD, channelId: where.channelId }
    const command = { ...ids, options: {}, userId: '3', userName: 'Ann', ...facts }
    return judge({ kind: 'command', command, place: where, access, position }, around(known))
  }
  const judged = async (name: string, where: Place, known: readonly string[], access = owner): Promise<Verdict> =>
    judgedAs({ name }, where, known, access)
  const refusal = (text: string | RegExp) => ({
    kind: 'refuse',
    interaction: { id: '9', token: 'token' },
    text: expect.stringMatching(text),
  })

  test('in a known conversation goes on record, needs a receipt and is deferred as it was declared', async () => {
    const verdict = await judged('abort', inThread(THREAD), [THREAD])
    expect(verdict).toMatchObject({
      kind: 'record',
      accept: [{ key: 'command:9', request: { kind: 'command', command: { name: 'abort' } }, at: NOW, needsReceipt: true }],
      cursors: [],
      answer: { kind: 'defer', interaction: { id: '9', token: 'token' }, visibility: 'public' },
    })
    expect(conversations(verdict)).toEqual([place(THREAD, { inThread: true })])
  })

  test.each([
    ['in a thread without a conversation', inThread(THREAD)],
    ['in a project channel', inChannel],
  ])('that needs a thread with a conversation is refused %s', async (_where, where) => {
    expect(await judged('abort', where, [CHANNEL])).toEqual(refusal('^✗ /abort works in a thread that Kimaki answers in\\.$'))
  })

  test.each([
    ['in a thread without a conversation', inThread(THREAD)],
    ['in a project channel', inChannel],
  ])('that works anywhere belongs to the conversation of the channel %s, which never opens a thread', async (_where, where) => {
    const verdict = await judged('models', where, [])
    expect(conversations(verdict)).toEqual([place(CHANNEL, { inThread: true })])
    expect(verdict).toMatchObject({ answer: { kind: 'defer', visibility: 'ephemeral' } })
  })

  test('that works anywhere belongs to the conversation of its thread, where there is one', async () => {
    expect(conversations(await judged('models', inThread(THREAD), [THREAD]))).toEqual([place(THREAD, { inThread: true })])
  })

  test('in the menu of a message of the project channel belongs to the conversation that the message began', async () => {
    const target = { id: THREAD, text: 'hi', hasFiles: false, authorId: undefined }
    const picked = await judgedAs({ name: 'abort', target }, inChannel, [THREAD])
    expect(conversations(picked)).toEqual([place(THREAD, { inThread: false })])
    expect(await judgedAs({ name: 'abort', target }, inChannel, [])).toEqual(refusal(/works in a thread/))
    expect(conversations(await judgedAs({ name: 'models', target }, inChannel, []))).toEqual([place(CHANNEL, { inThread: true })])
  })

  test('of somebody without rights is refused', async () => {
    expect(await judged('abort', inThread(THREAD), [THREAD], stranger)).toEqual(refusal(/may not use Kimaki/))
  })

  test('that this version does not know is refused with a sentence', async () => {
    expect(await judged('dance', inThread(THREAD), [THREAD])).toEqual(refusal(/does not know \/dance: it is of another version/))
  })

  test('in a channel that is not ours is passed over in silence', async () => {
    const elsewhere = { channelId: OTHER, projectChannelId: OTHER, inThread: false }
    for (const name of ['abort', 'models', 'dance']) expect(await judged(name, elsewhere, [], stranger)).toEqual({ kind: 'pass' })
  })
})

describe('other events put nothing on record', () => {
  test.each([
    [{ kind: 'channel-gone', channelId: THREAD, position } as const, { threadId: THREAD, change: { kind: 'gone' } }],
    [
      { kind: 'thread-renamed', threadId: THREAD, name: 'new', position } as const,
      { threadId: THREAD, change: { kind: 'renamed', name: 'new' } },
    ],
  ])('a change of a thread', async (event, change) => {
    expect(await judge(event, around())).toEqual({ kind: 'thread-changed', ...change })
  })

  test('a dispatch that carries nothing', async () => {
    expect(await judge({ kind: 'passed', position: { sessionId: 's', resumeUrl: 'u', sequence: 1 } }, around())).toEqual({
      kind: 'pass',
    })
  })
})
