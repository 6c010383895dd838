/** Talk between bots ends after 20 messages in a row, and goes on when a person asks the agent something. */
import { describe, expect, test } from 'vitest'
import type { Input } from '../../../src/domain/conversation/input.ts'
import { bots, botsMayBegin, type SaidInChannel } from '../../../src/domain/conversation/features/talk/bots.ts'
import { closeTurn } from '../../../src/domain/conversation/close-turn.ts'
import { beginConversation, inTurn, NO_POSTS, type Conversation } from '../../../src/domain/conversation/state.ts'
import { step } from '../../../src/domain/conversation/step.ts'
import type { Author, IncomingMessage } from '../../../src/domain/message/incoming.ts'
import { toCache, fromCache, CACHE_VERSION } from '../../../src/store/cache.ts'
import { view } from '../../../src/view/index.ts'
import { conversation, message } from '../../support/conversation.ts'

const HOUR = 3_600_000
const START = Date.UTC(2026, 0, 1)
const inThread = { inThread: true, channelId: '1' } as const
const bot: Author = { kind: 'person', id: '5', name: 'Robo', isBot: true }
const person: Author = { kind: 'person', id: '3', name: 'Ann' }
const program: Author = { kind: 'program', name: 'kimaki send', userId: undefined }
const agent: Author = { kind: 'agent', name: 'a tool', userId: '3' }

let order = 0
const says = (state: Conversation, author: Author, facts: Partial<IncomingMessage> = {}, at?: number): Conversation => {
  order += 1
  const written: Input = {
    kind: 'message',
    at: at ?? START + order,
    order,
    message: message(facts.text ?? `m${order}`, { ...inThread, author, ...facts }),
  }
  return step(state, written).state
}
const times = (count: number, state: Conversation, author: Author, facts: Partial<IncomingMessage> = {}): Conversation =>
  Array.from({ length: count }).reduce<Conversation>((before) => says(before, author, facts), state)
const told = (state: Conversation): readonly string[] =>
  view(state).flatMap(({ key, text }) => (key.startsWith('bots/') ? [text] : []))
const prompts = ({ turn }: Conversation): number => turn.prompts.length

const full = times(20, conversation(), bot)

test('20 messages of bots in a row reach the agent; what follows does not, and the thread says so once', () => {
  expect(prompts(full)).toBe(20)
  expect(told(full)).toEqual([])
  const over = times(5, full, bot)
  expect(prompts(over)).toBe(20)
  expect(told(over)).toEqual([
    "⬦ the last 20 messages in a row came from bots, so the agent gets no more of theirs\nA person's message lifts this.",
  ])
})

test('it is not said again in a later turn', () => {
  const over = inTurn(says(full, bot), { prompts: [] })
  const closed = closeTurn({ ...over, posts: { ...NO_POSTS, posted: new Set(view(over).map(({ key }) => key)) } }, true)
  expect(told(says(closed, bot))).toEqual([])
  expect(prompts(says(closed, bot))).toBe(0)
})

test("a person's message lifts it and reaches the agent, and 20 more of bots do", () => {
  const lifted = says(says(full, bot), person)
  expect(prompts(lifted)).toBe(21)
  expect(told(lifted)).toEqual([])
  expect(prompts(times(30, lifted, bot))).toBe(41)
  expect(told(times(30, lifted, bot))).toHaveLength(1)
})

test.each([
  ['of another bot', bot, {}],
  ['of a program', program, {}],
  ["of an agent's tool that speaks for a person", agent, {}],
  ['for the queue', bot, { text: 'and this. queue' }],
  ['aside', bot, { text: 'and this? btw' }],
  ['for the shell', bot, { text: '!ls' }],
] as const)('a message %s is held, too', (_, author, facts) => {
  const held = says(full, author, facts)
  expect(held.features).toEqual({ ...full.features, bots: held.features['bots'] })
  expect(prompts(held)).toBe(20)
  expect(told(held)).toHaveLength(1)
})

test.each([
  ['of bots and of programs count together', [bot, program, agent], {}],
  ['for the queue count when they come', [bot], { text: 'x. queue' }],
] as const)('messages %s', (_, authors, facts) => {
  const state = Array.from({ length: 21 }).reduce<Conversation>(
    (before, _each, index) => says(before, authors[index % authors.length] ?? bot, facts),
    conversation({ status: { kind: 'busy' } }),
  )
  expect(bots.of(state)).toMatchObject({ inARow: 20, held: { of: 'messages' } })
})

test('what is said to others neither counts nor lifts', () => {
  const toBo = { namesOther: true } as const
  expect(bots.of(times(30, conversation(), bot, toBo)).inARow).toBe(0)
  const over = says(says(full, bot), person, toBo)
  expect(told(over)).toHaveLength(1)
  expect(prompts(says(over, bot))).toBe(20)
})

test('a message that is delivered twice counts once', () => {
  const twice = message('hello', { ...inThread, author: bot })
  const input: Input = { kind: 'message', at: 1, order: 1, message: twice }
  expect(bots.of(step(step(conversation(), input).state, input).state).inARow).toBe(1)
})

test('a task is no talk, however often it runs: it is never held, and lifts nothing', () => {
  const task: Author = { ...program, kind: 'schedule' }
  expect(prompts(times(30, conversation(), task))).toBe(30)
  expect(told(says(says(full, task), bot))).toHaveLength(1)
})

test('a program that writes once an hour is no talk: it is never held, and lifts nothing', () => {
  const nightly = Array.from({ length: 40 }).reduce<Conversation>(
    (before, _, index) => says(before, program, {}, START + index * HOUR),
    conversation(),
  )
  expect(prompts(nightly)).toBe(40)
  const later = says(says(full, bot), program, {}, START + 2 * HOUR)
  expect(prompts(later)).toBe(21)
  expect(prompts(says(later, bot, {}, START + 3 * HOUR))).toBe(21)
})

test('a bot that takes hours for each answer is held all the same', () => {
  const slow = Array.from({ length: 25 }).reduce<Conversation>(
    (before, _, index) => says(before, bot, {}, START + index * 5 * HOUR),
    conversation(),
  )
  expect(prompts(slow)).toBe(20)
})

test('a conversation that began with a message of a bot has counted it', () => {
  const begins = { name: 'x' }
  const first = step(conversation({}, { session: { kind: 'none' } }), {
    kind: 'message',
    at: START,
    order: 1,
    message: message('go', { author: bot }),
    begins,
  })
  expect(bots.of(first.state).inARow).toBe(1)
})

test('the count survives a restart; a conversation of older code has none', () => {
  const held = says(full, bot)
  expect(bots.of(fromCache(CACHE_VERSION, toCache(held)) as Conversation)).toEqual(bots.of(held))
  const older = JSON.parse(toCache(held)) as { features: Record<string, unknown> }
  delete older.features['bots']
  expect(bots.of(fromCache(CACHE_VERSION, JSON.stringify(older)) as Conversation)).toEqual({ inARow: 0, lastAt: 0 })
})

describe('a conversation too many', () => {
  const begun = beginConversation({
    id: 'unbegun:7',
    install: 'i',
    guildId: '2',
    channelId: '3',
    directory: '/p',
    verbosity: 'tools_and_text',
    inThread: false,
  })
  const unbegun = (state: Conversation) =>
    step(state, { kind: 'unbegun', at: START, message: message('hi', { id: '7', author: bot }) })

  test('is not begun: no thread, no session, one line in the project channel', () => {
    const { state, effects, actions } = unbegun(begun)
    expect([state.thread, effects, actions]).toEqual([{ kind: 'channel' }, [], []])
    expect(told(state)).toEqual([
      expect.stringMatching(/bots have begun 20 conversations in a row.*\nA person's message in this channel/),
    ])
  })

  test('in a thread is told there, once, and the messages of the thread are told of by themselves', () => {
    const twice = unbegun(unbegun(conversation()).state).state
    expect(twice.thread).toEqual({ kind: 'open', id: '1' })
    expect(told(twice)).toHaveLength(1)
    const both = times(22, twice, bot)
    expect(bots.of(unbegun(both).state).held?.of).toBe('messages')
  })
})

describe('in a channel', () => {
  const said = (author: Author, conversationId: string, at = START): SaidInChannel => ({
    author,
    conversation: conversationId,
    at,
  })
  const inMany = (count: number, author: Author = bot, apart = 0): readonly SaidInChannel[] =>
    Array.from({ length: count }, (_, index) => said(author, String(index), START - index * apart))

  test.each<[string, Author, readonly SaidInChannel[], ReturnType<typeof botsMayBegin>]>([
    ['the first conversation', bot, [], 'yes'],
    ['the twentieth', bot, inMany(19), 'yes'],
    ['the first too many', bot, inMany(20), 'first'],
    ['the next', bot, inMany(21), 'no'],
    ['one after a person asked something', bot, [said(person, 'x'), ...inMany(30)], 'yes'],
    ['one after a person, and 20 since', bot, [...inMany(20), said(person, 'x')], 'first'],
    [
      'one after many messages in few conversations',
      bot,
      inMany(60).map((each, index) => ({ ...each, conversation: String(index % 3) })),
      'yes',
    ],
    ['one of a program, after 20 of programs', program, inMany(20, program), 'first'],
    ['the nightly one of a program', program, inMany(30, program, HOUR), 'yes'],
    ['one of a task, after 20 of tasks', { ...program, kind: 'schedule' }, inMany(20, { ...program, kind: 'schedule' }), 'yes'],
    ['one of a bot where a program begins one a night', bot, inMany(30, program, HOUR), 'yes'],
    ['one of a person', person, inMany(30), 'yes'],
  ])('%s', (_, author, before, expected) => {
    expect(botsMayBegin(author, START + 1, before)).toBe(expected)
  })
})

test('the slice of a thread in which only people speak is never written', () => {
  expect(toCache(says(conversation(), person))).not.toContain('"bots"')
  expect(bots.of(says(conversation({}, { features: { bots: { inARow: 1, lastAt: 2 } } }), person))).toEqual({
    inARow: 0,
    lastAt: 0,
  })
})
