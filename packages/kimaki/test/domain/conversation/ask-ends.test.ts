/** Every way an ask can end, for each kind of ask: one visible state, what the agent is told, and nothing held back afterwards. */
import { describe, expect, test } from 'vitest'
import type { Ask, Snapshot } from '../../../src/domain/agent.ts'
import { asks, isWaiting } from '../../../src/domain/conversation/features/asks/asks.ts'
import { FEATURES } from '../../../src/domain/conversation/features/index.ts'
import { askedTogether } from '../../../src/domain/conversation/gates.ts'
import type { Input } from '../../../src/domain/conversation/input.ts'
import { view } from '../../../src/view/index.ts'
import { answer, idle, SESSION, tool, user } from '../../support/conversation.ts'
import { bash, form, Thread } from './asking.ts'

const OPEN = 'open'
const { heldBy } = askedTogether(FEATURES)
/** The queue, and the stop of a step for a newer message. */
const isHeld = (thread: Thread): boolean => {
  const [queue, interrupt] = (['release-queue', 'interrupt'] as const).map((gate) => heldBy(gate, thread.state))
  expect(interrupt === 'a person is asked').toBe(queue === 'a person is asked')
  return queue === 'a person is asked'
}

const answered = (askId: string, isRejected: boolean): Input => ({
  kind: 'agent',
  at: 1,
  event: { kind: 'ask-answered', session: SESSION, askId, isRejected },
})
const snapshot = (isCutOff: boolean, status: Snapshot['status'] = { kind: 'idle' }): Input => ({
  kind: 'snapshot',
  at: 1,
  snapshot: {
    status,
    messages: [
      user('msg_1', 1),
      ...(isCutOff
        ? [answer('msg_2', user('msg_1', 1), [tool('prt_1', 'running')], { completed: undefined, finish: undefined })]
        : []),
    ],
    title: undefined,
  },
  meanwhile: [],
})

/** What happens, the end of a permission and of a question, and what the agent is told of each. */
type Row = readonly [
  what: string,
  happens: (thread: Thread) => Thread,
  ends: readonly [RegExp | 'open', RegExp | 'open'],
  told: readonly [readonly string[], readonly string[]],
]

const ELSEWHERE = /✓ answered, not by this card$/
const GONE = /⬦ expired: OpenCode ended while this waited$/
const OVER = /⬦ expired: the run that asked is over$/
const NEITHER = [[], []] as const
const isQuestion = (thread: Thread): boolean => thread.first.kind === 'question'

const ROWS: readonly Row[] = [
  [
    'once',
    (t) => (isQuestion(t) ? t.press('Red').choose('S').press('Done') : t.press('Allow once')),
    [/✓ allowed once by \*\*ada\*\*$/, /✓ answered by \*\*ada\*\*$/],
    [['allow-ask'], ['answer-question']],
  ],
  [
    'always',
    (t) => (isQuestion(t) ? t : t.press('Allow always')),
    [/✓ allowed always by \*\*ada\*\*: `date \*`/, OPEN],
    [['allow-ask'], []],
  ],
  [
    'deny',
    (t) => (isQuestion(t) ? t : t.press('Deny')),
    [/✗ denied by \*\*ada\*\*: the run was stopped$/, OPEN],
    [['reject-ask'], []],
  ],
  [
    'reason',
    (t) =>
      isQuestion(t)
        ? t.press('Other…', undefined, { words: 'x' }).press('Other…', undefined, { words: 'y' })
        : t.press('Deny with a reason…', undefined, { words: 'no' }),
    [/✗ denied by \*\*ada\*\*: no$/, /\*\*Sizes\*\*: y\n✓ answered by/],
    [['reject-ask'], ['answer-question']],
  ],
  [
    'reply',
    (t) => (isQuestion(t) ? t.says('a', t.first).says('b', t.first) : t.says('no', t.first)),
    [/✗ denied by \*\*\w+\*\*: no$/, /\*\*Sizes\*\*: b\n✓ answered by/],
    [['reject-ask'], ['answer-question']],
  ],
  [
    'message',
    (t) => t.says('wait'),
    [/✗ denied: a new message followed$/, /✗ not answered: a new message followed$/],
    [['reject-ask'], ['reject-ask']],
  ],
  ['a message into the queue', (t) => t.says('later. queue'), [OPEN, OPEN], NEITHER],
  ['a question aside', (t) => t.says('why. btw'), [OPEN, OPEN], NEITHER],
  ['a shell command', (t) => t.says('!date'), [OPEN, OPEN], NEITHER],
  [
    'nobody answers in time: a limit is for permissions',
    (t) => t.take({ kind: 'room-freed', at: 10 + LIMIT_MS }),
    [/✗ denied: nobody answered within 1m$/, OPEN],
    [['reject-ask'], []],
  ],
  ['P-088: Stop, and an abort in OpenCode', (t) => t.hears(idle), [OVER, OVER], NEITHER],
  ['the session cannot be read', (t) => t.take({ kind: 'unreadable', at: 1, text: 'no', final: true }), [OVER, OVER], NEITHER],
  [
    'the session is gone',
    (t) => t.take({ kind: 'unreadable', at: 1, text: 'gone', final: true, isGone: true }),
    [OVER, OVER],
    NEITHER,
  ],
  ['its server has ended', (t) => t.take({ kind: 'server-ended', at: 1 }), [GONE, GONE], NEITHER],
  ['the bot comes back, and the server that asked is another one', (t) => t.take(snapshot(true)), [GONE, GONE], NEITHER],
  ['the bot comes back, and the run has ended', (t) => t.take(snapshot(false)), [OVER, OVER], NEITHER],
  [
    'P-092: the bot comes back, and the run still waits: OpenCode tells the ask again',
    (t) => t.take(snapshot(true, { kind: 'busy' })).asks(t.first),
    [OPEN, OPEN],
    NEITHER,
  ],
  ['the bot comes back, and the session is not read yet', (t) => t.take({ kind: 'resume', at: 1 }), [OPEN, OPEN], NEITHER],
  ['answered in a terminal', (t) => t.take(answered(t.first.id, false)), [ELSEWHERE, ELSEWHERE], NEITHER],
  [
    'rejected with another ask',
    (t) => t.take(answered(t.first.id, true)),
    [/✗ denied, not by this card$/, /✗ denied, not by this card$/],
    NEITHER,
  ],
  [
    'the thread is archived or locked: its card cannot be edited for now',
    (t) => t.take({ kind: 'post-held', at: 1, postId: `k${t.first.id}`, code: 50_083, missing: [] }),
    [OPEN, OPEN],
    NEITHER,
  ],
  ['another ask comes', (t) => t.asks(bash('ls')).press('Allow once', bash('ls')), [OPEN, OPEN], [['allow-ask'], ['allow-ask']]],
  ['the thread is renamed', (t) => t.take({ kind: 'thread-renamed', at: 1, name: 'x' }), [OPEN, OPEN], NEITHER],
]

const LIMIT_MS = 60_000

describe.each([
  ['a permission', bash('date'), 0],
  ['a permission of a subagent', bash('date', { session: 'ses_child' }), 0],
  ['a question', form, 1],
  ['a question of a subagent', { ...form, session: 'ses_child' }, 1],
  ['a question of a tool of ours, which fetches its answer itself', { ...form, forTool: true as const }, 1],
] as const)('%s', (_, ask: Ask, column) => {
  test.each(ROWS)('%s', (_what, happens, ends, told) => {
    const thread = new Thread({ permissionTimeoutMs: LIMIT_MS }).asks(ask)
    expect([thread.card(ask.id)?.notify, isHeld(thread)]).toEqual([true, true])
    happens(thread).ends()
    const end = ends[column]
    const card = thread.card(ask.id)
    const byUs = ask.forTool ? told[column].filter((kind) => kind === 'allow-ask') : told[column]
    expect(thread.answers.map((answer) => (answer as { readonly kind: string }).kind)).toEqual(byUs)
    expect([asks.of(thread.state).asks.some(isWaiting), isHeld(thread)]).toEqual([end === OPEN, end === OPEN])
    expect(view(thread.state).filter(({ key }) => key === `ask/${ask.id}`)).toHaveLength(1)
    if (end === OPEN) return expect(card?.buttons?.length).toBeGreaterThan(0)
    expect(card?.text).toMatch(end)
    expect(card).not.toHaveProperty('select')
    expect(card?.buttons?.map(({ label }) => label)).toEqual(end === GONE ? ['Go on'] : [])
  })

  test('P-093: the thread is deleted: nobody sees a card, and nothing waits', () => {
    const thread = new Thread().asks(ask).take({ kind: 'thread-gone', at: 1, text: 'gone' })
    expect([thread.cards, asks.of(thread.state).asks.some(isWaiting), isHeld(thread)]).toEqual([[], false, false])
  })

  test('its answer comes when its server is gone: the card says so', () => {
    const thread = new Thread().asks(ask).says('wait').ends('gone')
    expect(thread.card(ask.id)?.text).toMatch(ask.forTool ? /a new message followed$/ : GONE)
  })
})

describe('Go on', () => {
  const cutOff = () => new Thread().asks(bash('date'), bash('ls')).take({ kind: 'server-ended', at: 1 }).hears(idle)
  const prompts = ({ state }: Thread) => state.turn.prompts.map(({ message }) => [message.author, message.text])
  const labels = (thread: Thread, id: string) => thread.card(id)?.buttons?.map(({ label }) => label)

  test('submits a short prompt in the name of who pressed, once, whichever card it was', () => {
    const thread = cutOff()
    const id = thread.card('per_ls')?.buttons?.[0]?.id ?? ''
    thread.press('Go on').pressId(id, { id: '10' })
    expect(prompts(thread)).toEqual([[{ kind: 'person', id: '7', name: 'ada' }, expect.stringMatching(/^Go on where/)]])
    expect(thread.card('per_date')?.text).toMatch(/\n↪ \*\*ada\*\* lets the agent go on$/)
    expect([labels(thread, 'per_date'), labels(thread, 'per_ls')]).toEqual([[], []])
    expect(thread.told).toEqual([expect.stringMatching(/too late/)])
  })

  test('outlives the turn with its card, and lapses with the next message to the agent', () => {
    const thread = cutOff()
    const offering = asks.of(thread.state)
    expect(asks.closeTurn?.(offering)).toBe(offering)
    expect(asks.outlives?.(offering)).toEqual(['ask/per_date', 'ask/per_ls'])
    thread.says('never mind')
    expect(labels(thread, 'per_date')).toEqual([])
    expect(asks.closeTurn?.(asks.of(thread.state))).toMatchObject({ asks: [] })
  })

  test('is not offered where the agent was answered, or the run had ended by itself', () => {
    const thread = new Thread().asks(bash('date')).press('Allow once').ends().take({ kind: 'server-ended', at: 1 })
    expect(labels(thread, 'per_date')).toEqual([])
  })
})
