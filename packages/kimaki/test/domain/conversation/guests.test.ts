/** One message of somebody who may not speak is let in by somebody who may: in the form that its card stood for, once, and not without bounds. */
import { describe, expect, test } from 'vitest'
import type { WriteAudit } from '../../../src/domain/conversation/features/asks/audit.ts'
import {
  GUEST_CARDS_LAST_MS,
  guestKey,
  guests,
  type LetIn,
  type LetInOutcome,
} from '../../../src/domain/conversation/features/talk/guests.ts'
import type { Input } from '../../../src/domain/conversation/input.ts'
import type { TellPresser } from '../../../src/domain/conversation/reply.ts'
import { NO_POSTS, type Conversation } from '../../../src/domain/conversation/state.ts'
import { DEFAULT_RULES, step } from '../../../src/domain/conversation/step.ts'
import type { IncomingMessage } from '../../../src/domain/message/incoming.ts'
import { CACHE_VERSION, fromCache, toCache } from '../../../src/store/cache.ts'
import { voidPressText } from '../../../src/view/asks/void-press.ts'
import { view } from '../../../src/view/index.ts'
import { conversation, message } from '../../support/conversation.ts'

const RULES = { ...DEFAULT_RULES, settings: { ...DEFAULT_RULES.settings, guestApproval: true } }
const EVE = { kind: 'person', id: '6', name: 'eve' } as const

const written = (id: string, facts: Partial<IncomingMessage> = {}) =>
  message('please', { id, channelId: '1', inThread: true, author: EVE, ...facts })
const wrote = (id: string, facts: Partial<IncomingMessage> = {}, at = 0): Input => ({
  kind: 'guest-message',
  at,
  message: written(id, facts),
})
const edited = (id: string, text: string, editedAt = '2026'): Input => ({
  kind: 'guest-message',
  at: 0,
  isEdit: true,
  message: written(id, { text, editedAt }),
})
const pressed = (customId: string, by = 'ada', at = 10): Input => ({
  kind: 'pressed',
  at,
  order: 7,
  press: {
    id: `p-${by}`,
    guildId: '2',
    channelId: '1',
    messageId: '9',
    customId,
    userId: `u-${by}`,
    userName: by,
    followUp: { applicationId: 'a', token: 't' },
  },
})
const go = (state: Conversation, ...inputs: readonly Input[]): Conversation =>
  inputs.reduce((before, input) => step(before, input, RULES).state, state)
const after = (...inputs: readonly Input[]): Conversation => go(conversation({ isSynced: true }), ...inputs)
const blocks = (state: Conversation) =>
  view({ ...state, posts: { ...NO_POSTS, posted: new Set(guests.of(state).cards.map(guestKey)) } }).filter(({ key }) =>
    key.startsWith('guest/'),
  )
const texts = (state: Conversation) => blocks(state).map(({ text }) => text)
const buttonOf = (state: Conversation): string => blocks(state)[0]?.buttons?.[0]?.id ?? ''
const told = (state: Conversation, input: Input): string =>
  step(state, input, RULES)
    .actions.map((action) => voidPressText((action as TellPresser<Parameters<typeof voidPressText>[0]>).why))
    .join()
/** The press of the card, and what comes of it. */
function letIn(state: Conversation, outcome: LetInOutcome) {
  const change = step(state, pressed(buttonOf(state)), RULES)
  const [effect] = change.effects as readonly LetIn[]
  if (!effect) throw new Error('nothing is let in')
  return { effect, ...step(change.state, { kind: 'outcome', at: 20, effect, outcome: { ...outcome } }, RULES) }
}

test('the card of a stranger’s message notifies nobody, names it and its author, and has one button', () => {
  expect(blocks(after(wrote('70')))).toMatchObject([
    {
      key: 'guest/70',
      notify: false,
      text: expect.stringMatching(/channels\/.*\/1\/70.*\*\*eve\*\* waits: they may not speak/) as string,
      buttons: [{ label: 'Let this message in' }],
    },
  ])
})

test('told twice by Discord, a message has one card', () => {
  const state = after(wrote('70'))
  expect(step(state, wrote('70'), RULES).state).toBe(state)
})

test('whoever presses lets it in: with their rights, and their name in the audit file', () => {
  const { effect, effects, state } = letIn(after(wrote('70')), { kind: 'let-in' })
  expect(effect).toMatchObject({
    message: { id: '70', text: 'please', author: EVE, letInBy: { userId: 'u-ada', name: 'ada' } },
    conversation: { id: '1', guildId: '2', channelId: '3', directory: '/p', inThread: true },
  })
  expect((effects as readonly WriteAudit[]).map(({ entry }) => entry)).toMatchObject([
    {
      what: 'let-in',
      conversation: '1',
      message: { id: '70', author: EVE, text: 'please' },
      answer: { by: 'ada', userId: 'u-ada' },
    },
  ])
  expect(texts(state)).toEqual([expect.stringMatching(/^✓ \*\*ada\*\* let in .*\*\*eve\*\*$/)])
})

test('a message that was let in runs with the rights of who let it in, not of its author', () => {
  const letInBy = { userId: 'u-ada', name: 'ada' }
  const taken = go(after(), { kind: 'message', at: 1, order: 2, message: written('70', { letInBy }) })
  const ready = step(taken, { kind: 'deleted-message', at: 1, messageId: 'none' }, RULES).state.turn.prompts.map(
    ({ message: { letInBy: by } }) => by,
  )
  expect(ready).toEqual([letInBy])
  const { effects } = step(
    conversation({ isSynced: true }),
    { kind: 'message', at: 1, order: 2, message: written('70', { letInBy }) },
    RULES,
  )
  expect(effects).toMatchObject([{ kind: 'prompt', promptId: 'discord:70', userId: 'u-ada' }])
})

describe('a press lets nothing in', () => {
  test.each<readonly [string, (state: Conversation) => readonly [Conversation, string], RegExp]>([
    ['once another has let it in', (s) => [letIn(s, { kind: 'let-in' }).state, buttonOf(s)], /too late[^]*ada\*\* let in/],
    ['while another lets it in', (s) => [go(s, pressed(buttonOf(s), 'bob')), buttonOf(s)], /too late: \*\*bob\*\*/],
    ['once it is deleted', (s) => [go(s, { kind: 'deleted-message', at: 1, messageId: '70' }), buttonOf(s)], /was deleted/],
    ['on the card of a form that it has no more', (s) => [go(s, edited('70', 'rm')), buttonOf(s)], /edited since/],
    ['for a card that nobody knows', (s) => [s, 'let-in:71/x'], /./],
    ['for another digest', (s) => [s, 'let-in:70/x'], /edited since/],
    ['a day later', (s) => [go(s, { kind: 'turn-closed', at: GUEST_CARDS_LAST_MS }), buttonOf(s)], /24 hours/],
  ])('%s: who pressed is told why', (_when, arrange, why) => {
    const [state, button] = arrange(after(wrote('70')))
    expect(step(state, pressed(button, 'cid'), RULES).effects).toEqual([])
    expect(told(state, pressed(button, 'cid'))).toMatch(why)
  })

  test('where the operator has switched that off', () => {
    const state = after(wrote('70'))
    expect(step(state, pressed(buttonOf(state)), DEFAULT_RULES).effects).toEqual([])
  })
})

test('an edited message has a new button and a word of the edit; the new form is what is let in', () => {
  const before = after(wrote('70'))
  const state = go(before, edited('70', 'other words'))
  expect(texts(state)).toEqual([expect.stringMatching(/It was edited: read it again first\.$/)])
  expect(buttonOf(state)).not.toBe(buttonOf(before))
  expect(letIn(state, { kind: 'let-in' }).effect.message.text).toBe('other words')
})

test.each([
  ['a shell command', '!rm -rf /', {}],
  ['words to others', '<@4> hello', { namesOther: true as const }],
])('a message that an edit makes %s cannot be let in any more', (_what, text, facts) => {
  const state = go(after(wrote('70')), {
    kind: 'guest-message',
    at: 0,
    isEdit: true,
    message: written('70', { text, editedAt: '2026', ...facts }),
  })
  expect(texts(state)).toEqual([expect.stringMatching(/is no request to the agent any more$/)])
})

test.each<readonly [string, LetInOutcome, RegExp, RegExp | undefined]>([
  [
    'Discord shows an edit that nobody told',
    { kind: 'edited', message: written('70', { editedAt: '2027' }) },
    /It was edited/,
    /edited since/,
  ],
  ['who pressed may not any more', { kind: 'failed', text: '✗ you may not' }, /waits: they may not speak/, /you may not/],
  ['it is gone', { kind: 'gone' }, /was deleted$/, undefined],
  ['its author is kept out by now', { kind: 'kept-out' }, /left or is kept out$/, undefined],
])('when it is looked at again and %s, it is not let in', (_what, outcome, card, toPresser) => {
  const { state, actions, effects } = letIn(after(wrote('70')), outcome)
  expect(effects).toEqual([])
  expect(texts(state)).toEqual([expect.stringMatching(card)])
  const words = actions.map((action) => voidPressText((action as TellPresser<Parameters<typeof voidPressText>[0]>).why))
  expect(words).toEqual(toPresser ? [expect.stringMatching(toPresser)] : [])
})

describe('a stranger who writes much', () => {
  const flood = (count: number, authorOf = (_: number) => EVE as IncomingMessage['author']) =>
    Array.from({ length: count }, (_, index) => wrote(`${100 + index}`, { author: authorOf(index) }, index))

  test('has at most 3 open cards', () => expect(blocks(after(...flood(9)))).toHaveLength(3))

  test('gets at most 10 within an hour, however many of the messages are deleted, and more in the next', () => {
    const deletions = flood(30).flatMap((input, index): readonly Input[] => [
      input,
      { kind: 'deleted-message', at: index, messageId: `${100 + index}` },
    ])
    const state = after(...deletions)
    expect(guests.of(state).cards).toHaveLength(10)
    expect(guests.of(go(state, wrote('999', {}, 3_600_100))).cards).toHaveLength(11)
  })

  test('and all strangers together have at most 20 in a thread', () =>
    expect(blocks(after(...flood(40, (n) => ({ kind: 'person', id: `u${n}`, name: 'x' }))))).toHaveLength(20))
})

test('a card survives two restarts, and is pressed then', () => {
  let state = after(wrote('70'))
  const button = buttonOf(state)
  for (let n = 0; n < 2; n += 1) {
    const read = fromCache(CACHE_VERSION, toCache(state)) as Conversation
    state = { ...state, features: read.features }
  }
  expect(step(state, pressed(button), RULES).effects).toMatchObject([{ kind: 'let-in', message: { id: '70' } }])
})
