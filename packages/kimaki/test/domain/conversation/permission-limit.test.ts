/** A time limit for permissions, where the operator has set one: it counts from when the agent asked, through restarts. */
import { expect, test } from 'vitest'
import { step, DEFAULT_RULES } from '../../../src/domain/conversation/step.ts'
import { asks } from '../../../src/domain/conversation/features/asks/asks.ts'
import { asked, bash, form, Thread } from './asking.ts'

const MINUTE = 60_000
const limited = (minutes?: number): Thread => {
  const thread = new Thread({ permissionTimeoutMs: minutes === undefined ? undefined : minutes * MINUTE })
  thread.at = 1000
  return thread
}
const alarm = (at: number, id = 'per_date') => ({ kind: 'alarm', owner: 'asks', name: `limit/${id}`, at }) as const

/** Delays of the alarms that the next input leads to. */
const alarms = (thread: Thread, at: number): readonly unknown[] =>
  step(thread.state, { kind: 'room-freed', at }, { ...DEFAULT_RULES, settings: thread.settings })
    .actions.filter(({ kind }) => kind === 'set-alarm')
    .map((action) => (action as unknown as { readonly delayMs: number }).delayMs)

test('without one a permission waits: no timer is set, and a year later it is open', () => {
  const thread = limited().asks(bash('date'))
  expect(alarms(thread, 2000)).toEqual([])
  thread.take({ kind: 'room-freed', at: 365 * 86_400_000 })
  expect(thread.answers).toEqual([])
})

test('P-085: when it is up the permission is rejected once, with words for the model, and the card says so', () => {
  const thread = limited(10).asks(bash('date'))
  thread.take(alarm(1000 + 10 * MINUTE - 1))
  expect(thread.answers).toEqual([])
  thread
    .take(alarm(1000 + 10 * MINUTE))
    .take(alarm(1000 + 20 * MINUTE))
    .ends()
  expect(thread.answers).toEqual([
    {
      kind: 'reject-ask',
      id: 'per_date',
      words: expect.stringMatching(/^Nobody has answered in time, so this was not allowed\./) as string,
    },
  ])
  expect(thread.cards[0]).toMatch(/✗ denied: nobody answered within 10m$/)
  expect(thread.card('per_date')?.buttons).toEqual([])
  // The run goes on, so nothing holds back what comes next.
  expect(asks.hasStopped?.(asks.of(thread.state), 'msg_1')).toBe(false)
})

test.each<[string, number, number, number]>([
  ['just asked', 10, 1000, 10 * MINUTE],
  ['four minutes later, in another process', 10, 1000 + 4 * MINUTE, 6 * MINUTE],
  ['the clock was set back', 10, -50 * MINUTE, 10 * MINUTE],
  ['P-086: longer than a timer lasts', 35_791, 1000, 86_400_000],
])('the timer: %s', (_when, minutes, at, delay) => {
  expect(alarms(limited(minutes).asks(bash('date')), at)).toEqual([delay])
})

test('it passes while the bot is down: the next process rejects as soon as it has read the session', () => {
  const thread = limited(10).asks(bash('date'))
  thread.state = { ...thread.state, turn: { ...thread.state.turn, isSynced: false } }
  thread.take({ kind: 'room-freed', at: 1000 + 60 * MINUTE })
  expect(thread.answers).toEqual([])
  const { status, messages } = thread.state.turn
  thread.take({ kind: 'snapshot', at: 1000 + 60 * MINUTE, snapshot: { status, messages, title: undefined }, meanwhile: [] })
  expect(thread.answers).toMatchObject([{ kind: 'reject-ask', id: 'per_date' }])
})

test('told again by OpenCode, it is not asked anew: its time goes on', () => {
  const thread = limited(10).asks(bash('date'))
  thread.take({ kind: 'agent', at: 1000 + 9 * MINUTE, event: asked(bash('date')) })
  expect(alarms(thread, 1000 + 9 * MINUTE)).toEqual([MINUTE])
})

test('P-087: each permission has its own time, questions have none, and what is answered is left alone', () => {
  const thread = limited(10).asks(bash('date'), form)
  thread.at += 5 * MINUTE
  thread.asks(bash('ls'))
  expect(alarms(thread, thread.at)).toEqual([5 * MINUTE, 10 * MINUTE])
  thread.press('Allow once').take(alarm(1000 + 60 * MINUTE))
  expect(thread.answers.map((answer) => Object.values(answer)[0])).toEqual(['allow-ask', 'reject-ask'])
  expect(asks.of(thread.state).asks.map(({ phase }) => phase.kind)).toEqual(['answering', 'open', 'answering'])
})

test('an ask on record from before it knew its time counts from when it is read', () => {
  const thread = limited(10).asks(bash('date'))
  const { asks: known, ...slice } = asks.of(thread.state)
  const older = known.map(({ openedAt: _, ...ask }) => ask)
  thread.state = { ...thread.state, features: { ...thread.state.features, asks: { ...slice, asks: older } } }
  expect(alarms(thread, 1000 + 60 * MINUTE)).toEqual([10 * MINUTE])
})
