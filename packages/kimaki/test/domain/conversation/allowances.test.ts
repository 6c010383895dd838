/** *Allow always*: a row of the project folder, which answers what it covers in every thread. */
import { describe, expect, test } from 'vitest'
import type { Ask } from '../../../src/domain/agent.ts'
import { coveringOf, type StandingAllowance } from '../../../src/domain/allowance.ts'
import { bash, form, Thread } from './asking.ts'

test('allowed always, all that is covered is allowed with a quiet line that names the rule: now, later, and in later turns', () => {
  const thread = new Thread().asks(bash('ls src'), bash('ls test'), bash('rm x')).press('Allow always')
  expect(thread.answers).toEqual([
    { kind: 'allow-ask', id: 'per_ls src' },
    { kind: 'allow-ask', id: 'per_ls test' },
  ])
  thread.asks(bash('ls docs'), bash('ls docs; rm y', { patterns: ['ls docs', 'rm y'] }))
  expect(thread.answers.at(-1)).toEqual({ kind: 'allow-ask', id: 'per_ls docs' })
  const line = { text: '⬦ allowed by the rule `ls *` of **ada**: bash: ls docs', notify: false }
  expect(thread.card('per_ls docs')).toMatchObject(line)
  thread.stands('ask/per_ls docs')
  expect(thread.card('per_ls docs')).toMatchObject(line)
  expect(thread.card('per_ls docs; rm y')?.buttons).toHaveLength(4)
  const edit = bash('ls notes', { id: 'per_edit', permission: 'edit' })
  expect(thread.asks(edit).card('per_edit')?.buttons).toHaveLength(4)
})

describe('what is allowed always is a row of the project folder', () => {
  const rule = (facts: Partial<StandingAllowance> = {}): StandingAllowance => ({
    id: 'a1',
    directory: '/p',
    permission: 'bash',
    patterns: ['ls *'],
    userId: '7',
    userName: 'ada',
    conversation: '9',
    at: 1,
    ...facts,
  })

  test('made by the press, with who allowed it, where and when', () => {
    const thread = new Thread().asks(bash('ls src')).press('Allow always')
    const { id: _, ...row } = rule({ conversation: '1', at: 2 })
    expect(thread.changes).toEqual([{ kind: 'allow', allowance: { ...row, id: expect.any(String) as string } }])
  })

  test('once: a press on what is allowed already, or a second press, adds none', () => {
    const known = new Thread({}, [rule({ patterns: ['ls *'] })])
    // It covers `ls x` alone, so the other one is asked.
    known.asks(bash('ls x; rm y', { patterns: ['ls x', 'rm y'], always: ['ls *'] })).press('Allow always')
    expect(known.changes).toEqual([])
    const thread = new Thread().asks(bash('rm y'))
    const [, always = ''] = thread.card('per_rm y')?.buttons?.map(({ id }) => id) ?? []
    thread.pressId(always).pressId(always).pressId('ask-allow-always:per_rm y/x')
    expect(thread.changes).toHaveLength(1)
  })

  test('a rule made in another thread answers what is asked here, also what is open already', () => {
    const thread = new Thread({}, [rule()]).asks(bash('ls src'))
    expect(thread.answers).toEqual([{ kind: 'allow-ask', id: 'per_ls src' }])
    thread.asks(bash('date'))
    thread.allowed = [rule({ id: 'a2', patterns: ['date *', 'date'], userName: 'bo' })]
    thread.take({ kind: 'allowances-changed', at: 3 }).ends()
    expect(thread.card('per_date')).toMatchObject({ text: '⬦ allowed by the rule `date` of **bo**: bash: date', notify: false })
    expect(thread.answers).toHaveLength(2)
  })

  test('several rules together cover what each of them does not', () => {
    const allowed = [rule(), rule({ id: 'a2', patterns: ['rm *'], userName: 'bo' })]
    const both = bash('x', { patterns: ['ls a', 'rm b', 'ls c'], title: 'bash: ls a; rm b; ls c' })
    expect(new Thread({}, allowed).asks(both).cards).toEqual([
      '⬦ allowed by the rule `ls *` of **ada**, `rm *` of **bo**: bash: ls a; rm b; ls c',
    ])
  })

  test('a question is covered by no rule', () => {
    const question: Ask = { ...form, permission: 'bash', patterns: ['ls x'] }
    expect(new Thread({}, [rule()]).asks(question).answers).toEqual([])
  })

  test.each([
    ['nothing is proposed', []],
    ['it has a backtick', ['echo `x` *']],
    ['it has a line break', ['cat <<E\n*']],
    ['it turns the direction of reading', ['rm \u202e*']],
    ['it is too long for the card', Array.from({ length: 40 }, (_, n) => `command ${n} *`)],
  ])('is not offered where the card could not show exactly what it covers: %s', (_why, always) => {
    const thread = new Thread().asks(bash('ls src', { always }))
    expect(thread.card('per_ls src')?.buttons?.map(({ label }) => label)).toEqual(['Allow once', 'Deny', 'Deny with a reason…'])
  })

  test('what a card of an earlier version allowed for the thread still counts, and its button still works', () => {
    const thread = new Thread().asks(bash('ls src'))
    const once = thread.card('per_ls src')?.buttons?.[0]?.id ?? ''
    thread.pressId(once.replace('ask-allow:', 'ask-allow-thread:')).ends()
    expect(thread.cards[0]).toMatch(/✓ allowed in this thread by \*\*ada\*\*$/)
    expect(thread.changes).toEqual([])
    expect(thread.asks(bash('ls docs')).card('per_ls docs')?.text).toBe('⬦ allowed as before: bash: ls docs')
  })
})

test.each([
  ['ls *', 'ls src', true],
  ['ls *', 'ls', false],
  ['*', 'anything at all', true],
  ['a*b*c', 'a1b2c', true],
  ['a*b*c', 'a1b2c3', false],
  ['l?', 'ls', true],
  ['l?', 'lss', false],
  ['ls', 'ls -a', false],
  [`${'*a'.repeat(30)}b`, 'a'.repeat(20_000), false],
])('%j covers %j: %j', (pattern, text, expected) => {
  const covering = coveringOf(bash('x', { patterns: [text] }), [{ permission: 'bash', patterns: [pattern] }])
  expect(covering !== undefined).toBe(expected)
})
