/** What the agent asks in a form: buttons, menus, pages, words of people's own, and what becomes of the answers. */
import { describe, expect, test } from 'vitest'
import type { Ask, Question } from '../../../src/domain/agent.ts'
import { asks } from '../../../src/domain/conversation/features/asks/asks.ts'
import { idle, SESSION } from '../../support/conversation.ts'
import { form, option, Thread } from './asking.ts'

const card = (thread: Thread): string => thread.cards[0] ?? ''
const labels = (thread: Thread): readonly string[] => thread.card('que_1')?.buttons?.map(({ label }) => label) ?? []
const menu = (thread: Thread) => thread.card('que_1')?.select
const given = (thread: Thread) => asks.of(thread.state).asks[0]?.form
const asking = (facts: Partial<Question>): Ask => ({
  id: 'que_1',
  kind: 'question',
  session: SESSION,
  title: 'Which?',
  questions: [{ header: 'Pick', text: 'Which?', options: [], multiple: false, ...facts }],
})
const options = (count: number) => Array.from({ length: count }, (_, n) => option(`o${n}`))

test('questions are asked one by one, and answered together', () => {
  const thread = new Thread().asks(form)
  expect(card(thread)).toBe(
    '⬦ **Colour** (1 of 2)\nWhich colour?\n• **Red**\n• **Blue**\n-# Press, or reply to this message in your own words.',
  )
  thread.press('Blue')
  expect(card(thread)).toContain('**Colour**: Blue\n⬦ **Sizes** (2 of 2)\nWhich sizes?\n☐ **S**\n☐ **M**\n☐ **L**')
  expect(labels(thread)).toEqual(['Other…'])
  thread.choose('L').choose('S', 'M')
  expect(card(thread)).toContain('☑ **S**\n☑ **M**\n☐ **L**')
  expect(menu(thread)?.options.map(({ isPicked }) => isPicked)).toEqual([true, true, undefined])
  expect(thread.answers).toEqual([])
  thread.press('Done').ends()
  expect(thread.answers).toEqual([{ kind: 'answer-question', id: 'que_1', answers: [['Blue'], ['S', 'M']] }])
  expect(card(thread)).toBe('⬦ The agent asked\n**Colour**: Blue\n**Sizes**: S, M\n✓ answered by **ada**')
  expect(thread.card('que_1')).not.toHaveProperty('select')
})

test('a question that OpenCode tells again is the same one: it has one card, and keeps what is answered', () => {
  const thread = new Thread().asks(form).press('Blue')
  const before = asks.of(thread.state)
  expect(asks.of(thread.asks(form).state)).toBe(before)
  expect(thread.cards).toHaveLength(1)
})

describe('what one answers with', () => {
  test.each<[string, Partial<Question>, readonly string[], number]>([
    ['one of 5 options: a button each', { options: options(5) }, ['o0', 'o1', 'o2', 'o3', 'o4', 'Other…'], 0],
    ['one of 6 options: a menu', { options: options(6) }, ['Other…'], 6],
    ['several of 2 options: a menu', { options: options(2), multiple: true }, ['Other…'], 2],
    ['one of 24 options: one page', { options: options(24) }, ['Other…'], 24],
    ['one of 25 options: two pages', { options: options(25) }, ['25–25 ›', 'Other…'], 24],
    ['no options at all: words', { options: [], multiple: true }, ['Other…'], 0],
    ['only the options, few', { options: options(1), onlyOptions: true }, ['o0'], 0],
    ['only the options, many', { options: options(6), onlyOptions: true }, [], 6],
  ])('%s', (_, facts, buttons, inMenu) => {
    const thread = new Thread().asks(asking(facts))
    expect([labels(thread), menu(thread)?.options.length ?? 0]).toEqual([buttons, inMenu])
    expect(card(thread).includes('own words')).toBe(!facts.onlyOptions)
  })

  test('a menu from which one is picked takes exactly one, and ends the question', () => {
    const thread = new Thread().asks(asking({ options: options(6) }))
    expect(menu(thread)).toMatchObject({ atLeast: 1, atMost: 1 })
    expect(thread.choose('o5').answers).toMatchObject([{ answers: [['o5']] }])
  })

  test('pages: what was picked on another one stays, may be taken back there, and all of it is the answer', () => {
    const thread = new Thread()
      .asks(asking({ options: options(60), multiple: true }))
      .choose('o1', 'o2')
      .press('25–48 ›')
    expect(labels(thread)).toEqual(['‹ 1–24', '49–60 ›', 'Done', 'Other…'])
    expect(menu(thread)).toMatchObject({ atLeast: 0, atMost: 24, options: { 0: { label: 'o24', value: '24' } } })
    expect(card(thread)).toContain('-# options 25–48 of 60, picked: o1, o2')
    thread.press('49–60 ›').choose('o59').press('‹ 25–48').choose('o30').press('‹ 1–24').choose('o2').press('Done')
    expect(thread.answers).toMatchObject([{ answers: [['o59', 'o30', 'o2']] }])
  })

  test('a second question begins on its first page', () => {
    const many = asking({ options: options(30) }).questions ?? []
    const thread = new Thread()
      .asks({ ...form, questions: [...many, ...many] })
      .press('25–30 ›')
      .choose('o29')
    expect(menu(thread)?.options[0]?.label).toBe('o0')
  })

  test('Other… takes words of their own: alone, or beside what was picked', () => {
    const thread = new Thread().asks(form).press('Other…', undefined, { words: ' green\n' })
    thread.choose('S').press('Other…', undefined, { words: 'and XXL' })
    expect(thread.answers).toEqual([{ kind: 'answer-question', id: 'que_1', answers: [['green'], ['S', 'and XXL']] }])
  })
})

describe('what is no answer', () => {
  test.each<[string, string, object]>([
    ['an option that the menu does not have', 'ask-choose:@/0/0', { chosen: ['99'] }],
    ['an option of another page', 'ask-choose:@/0/0', { chosen: ['24'] }],
    ['an option that is no number', 'ask-choose:@/0/0', { chosen: ['x'] }],
    ['the menu of another question', 'ask-choose:@/1/0', { chosen: ['1'] }],
    ['a page that is not there', 'ask-page:@/0/2', {}],
    ['a page before the first', 'ask-page:@/0/-1', {}],
    ['the page that is shown', 'ask-page:@/0/0', {}],
    ['Done before anything is picked', 'ask-done:@/0', {}],
    ['words that one cannot see', 'ask-other:@/0', { words: ' \u200b' }],
    ['words for another question', 'ask-other:@/1', { words: 'x' }],
    ['a press of Other… without its modal', 'ask-other:@/0', {}],
  ])('%s', (_, id, facts) => {
    const thread = new Thread().asks(asking({ options: options(30), multiple: true }))
    const [, about = ''] = /^[^:]+:(que_1\/[^/]+)/.exec(menu(thread)?.id ?? '') ?? []
    thread.pressId(id.replace('@', about), facts)
    expect([given(thread), thread.answers]).toEqual([{ given: [], picked: [] }, []])
  })

  test('P-091: a press on a question that is answered already', () => {
    const thread = new Thread().asks(form)
    const red = thread.card('que_1')?.buttons?.[0]?.id ?? ''
    thread.pressId(red).pressId(red).pressId(red)
    expect(given(thread)).toEqual({ given: [['Red']], picked: [] })
  })

  test('words for a question that takes only its options: by Other…, and by a reply, which the agent reads instead', () => {
    const thread = new Thread().asks(asking({ options: options(2), onlyOptions: true }))
    const about = thread.card('que_1')?.buttons?.[0]?.id.replace(/^ask-pick:|\/0$/g, '') ?? ''
    expect(thread.pressId(`ask-other:${about}`, { words: 'green' }).answers).toEqual([])
    thread.says('green', thread.first)
    expect(thread.answers).toEqual([{ kind: 'reject-ask', id: 'que_1' }])
    expect(thread.state.turn.prompts).toMatchObject([{ message: { text: 'green' } }])
  })
})

test('P-089: a reply to the card is the answer in words, and no prompt', () => {
  const thread = new Thread().asks(form)
  thread.says('green', thread.first).choose('S').says('and XXL', thread.first)
  expect(thread.answers).toEqual([{ kind: 'answer-question', id: 'que_1', answers: [['green'], ['S', 'and XXL']] }])
  expect(thread.state.turn.prompts).toEqual([])
})

test('P-090: a reply with files alone is no answer', () => {
  const thread = new Thread().asks(form)
  expect(thread.says('', thread.first).answers).toEqual([{ kind: 'reject-ask', id: 'que_1' }])
})

test('any other message dismisses them; it waits until the run has stopped', () => {
  const thread = new Thread().asks(form).says('never mind').ends()
  expect(thread.answers).toEqual([{ kind: 'reject-ask', id: 'que_1' }])
  expect(card(thread)).toMatch(/✗ not answered: a new message followed$/)
  expect(thread.effects.filter(({ kind }) => kind === 'prompt')).toEqual([])
  thread.hears(idle)
  expect(thread.effects.filter(({ kind }) => kind === 'prompt')).toHaveLength(1)
})

test.each([
  ['buttons', 5, false],
  ['a menu', 60, true],
])('P-102: however long the words are, and even unseen, they fit %s', (_, count, multiple) => {
  const long = Array.from({ length: count }, (_unused, n) => ({
    label: n === 0 ? '\u200b' : `${n} ${'x'.repeat(200)}`,
    description: 'd'.repeat(n * 100),
  }))
  const thread = new Thread().asks(asking({ text: 'q'.repeat(3000), options: long, multiple }))
  if (multiple) thread.pressId(menu(thread)?.id ?? '', { chosen: ['0', '1', '2'] })
  const { buttons = [], select, text = '' } = thread.card('que_1') ?? {}
  const lengths = (texts: readonly (string | undefined)[]) => texts.map((each = 'x') => each.trim().length)
  expect(Math.max(...lengths(buttons.map(({ label }) => label)))).toBeLessThanOrEqual(80)
  expect(Math.max(...lengths([...buttons, select].map((one) => one?.id)))).toBeLessThanOrEqual(90)
  const words = select?.options.flatMap(({ label, description }) => [label, description]) ?? buttons.map(({ label }) => label)
  expect([Math.min(...lengths(words)) > 0, Math.max(...lengths(words)) <= 100]).toEqual([true, true])
  expect(text.length).toBeLessThanOrEqual(2000)
})
