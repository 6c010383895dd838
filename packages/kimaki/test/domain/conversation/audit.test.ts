/** What the audit file is told: who was asked what, who answered it and how, and by which rule. Each line once. */
import { expect, test } from 'vitest'
import type { Ask } from '../../../src/domain/agent.ts'
import type { StandingAllowance } from '../../../src/domain/allowance.ts'
import { asks } from '../../../src/domain/conversation/features/asks/asks.ts'
import type { AuditEntry, WriteAudit } from '../../../src/domain/conversation/features/asks/audit.ts'
import { idle, SESSION } from '../../support/conversation.ts'
import { bash, form, Thread } from './asking.ts'

const entries = (thread: Thread): readonly AuditEntry[] =>
  thread.effects.flatMap((effect) => (effect.kind === 'audit' ? [(effect as WriteAudit).entry] : []))
const lines = (thread: Thread) => entries(thread).map(({ key, what, answer }) => [key, what, answer])

const ASKED = ['per_date/asked', 'asked', undefined]
const answered = (answer: object) => ['per_date/answered', 'answered', answer]
const ended = (answer: object) => ['per_date/ended', 'ended', answer]
const ada = { by: 'ada', userId: '7' }

const rule: StandingAllowance = {
  id: 'a1',
  directory: '/p',
  permission: 'bash',
  patterns: ['date'],
  userId: '8',
  userName: 'bo',
  conversation: '9',
  at: 1,
}

test('a line says where, when and what exactly was asked', () => {
  const thread = new Thread()
  thread.at = 77
  expect(entries(thread.asks(bash('date')))).toEqual([
    {
      key: 'per_date/asked',
      at: 77,
      what: 'asked',
      conversation: '1',
      directory: '/p',
      ask: { id: 'per_date', kind: 'permission', session: SESSION, title: 'bash: date', permission: 'bash', patterns: ['date'] },
    },
  ])
})

const ANSWERED = { kind: 'ask-answered', session: SESSION, askId: 'per_date', isRejected: false } as const

test.each<[string, (thread: Thread) => Thread, readonly unknown[]]>([
  ['allowed once', (thread) => thread.press('Allow once'), [answered({ kind: 'allow', ...ada })]],
  ['allowed always', (thread) => thread.press('Allow always'), [answered({ kind: 'allow', ...ada, always: true })]],
  ['denied', (thread) => thread.press('Deny'), [answered({ kind: 'deny', ...ada })]],
  [
    'denied by a reply',
    (thread) => thread.says('no', thread.first),
    [answered({ kind: 'deny', by: 'Ann', userId: '100000000000000003', words: 'no' })],
  ],
  ['passed over', (thread) => thread.says('stop that'), [answered({ kind: 'pass-over' })]],
  ['answered in a terminal', (thread) => thread.hears(ANSWERED), [ended({ kind: 'elsewhere', isRejected: false })]],
  ['its run is over', (thread) => thread.hears(idle), [ended({ kind: 'expired' })]],
  [
    'answered too late',
    (thread) => thread.press('Allow once').ends('gone'),
    [answered({ kind: 'allow', ...ada }), ended({ kind: 'server-gone' })],
  ],
])('%s', (_how, happens, expected) => {
  const thread = happens(new Thread().asks(bash('date')))
  thread.ends().take({ kind: 'room-freed', at: 9 })
  expect(lines(thread)).toEqual([ASKED, ...expected])
})

test('what a rule allows names it, and what the clock denies says so', () => {
  const rules = [{ id: 'a1', pattern: 'date', by: 'bo' }]
  expect(lines(new Thread({}, [rule]).asks(bash('date')))).toEqual([ASKED, answered({ kind: 'covered', rules })])
  const limited = new Thread({ permissionTimeoutMs: 60_000 }).asks(bash('date')).take({ kind: 'room-freed', at: 61_000 })
  expect(lines(limited)).toEqual([ASKED, answered({ kind: 'timed-out', afterMs: 60_000 })])
})

test('each option that somebody picks is a line, and the answer says what was given', () => {
  const thread = new Thread().asks(form).press('Blue').choose('L').press('Done')
  expect(entries(thread).map(({ what, answer }) => [what, answer])).toEqual([
    ['asked', undefined],
    ['picked', { ...ada, question: 0, labels: ['Blue'] }],
    ['answered', { kind: 'answer', ...ada, given: [['Blue'], ['L']] }],
  ])
})

test('files that people sent here are opened without a question, and that is a line', () => {
  const own: Ask = bash('date', { filesOf: '1' })
  expect(lines(new Thread().asks(own))).toEqual([['per_date/files', 'allowed-own-files', undefined]])
})

test('an ask on record of an earlier version gets its lines once', () => {
  const thread = new Thread().asks(bash('date')).press('Deny').ends()
  const { asks: known, ...slice } = asks.of(thread.state)
  const older = known.map(({ audited: _, ...ask }) => ask)
  thread.state = { ...thread.state, features: { ...thread.state.features, asks: { ...slice, asks: older } } }
  thread.effects.length = 0
  thread.take({ kind: 'room-freed', at: 8 }).take({ kind: 'room-freed', at: 9 })
  expect(lines(thread)).toEqual([ASKED, answered({ kind: 'deny', ...ada })])
})
