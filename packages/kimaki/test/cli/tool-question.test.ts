/** The tool `kimaki_question`: its call waits for a person, across bots, and what the model may ask is checked again. */
import { describe, expect, test } from 'vitest'
import { prepareQuestion } from '../../src/app/control/ask-question.ts'
import type { Clock } from '../../src/base/clock.ts'
import { StateWaits } from '../../src/app/control/state-waits.ts'
import { AGENT_ROUTES } from '../../src/cli/control/agent-routes.ts'
import type { BotHandle } from '../../src/cli/command.ts'
import type { Composed } from '../../src/cli/compose.ts'
import { asks } from '../../src/domain/conversation/features/asks/asks.ts'
import type { Input } from '../../src/domain/conversation/input.ts'
import type { Conversation } from '../../src/domain/conversation/state.ts'
import { step } from '../../src/domain/conversation/step.ts'
import type { Acceptance } from '../../src/ports/store.ts'
import { CACHE_VERSION, fromCache, toCache } from '../../src/store/cache.ts'
import { view } from '../../src/view/index.ts'
import { manualClock } from '../app/support/clock.ts'
import { conversation, idle, message, SESSION, user } from '../support/conversation.ts'

const QUESTIONS = [{ question: 'Which colour?', header: 'Colour', options: [{ label: 'Red' }, { label: 'Blue' }] }]

/** What is on record, and the bots that take it up, one after the other. */
class Record {
  state: Conversation = conversation(
    { status: { kind: 'busy' }, messages: [user('msg_1', 1)] },
    { thread: { kind: 'open', id: '1' } },
  )
  readonly keys = new Set<string>()
  readonly effects: string[] = []
  #clock = manualClock()
  #held = Promise.withResolvers<void>()
  #waits = this.#bot()

  restart(): void {
    const read = fromCache(CACHE_VERSION, toCache(this.state)) as Conversation
    this.state = { ...this.state, features: read.features }
    this.#waits = this.#bot()
  }

  #bot(): StateWaits {
    const clock = manualClock()
    const held = Promise.withResolvers<void>()
    this.#clock = clock
    this.#held = held
    const after: Clock['after'] = (...timer) => {
      held.resolve()
      return clock.after(...timer)
    }
    return new StateWaits({ after }, new AbortController().signal)
  }

  take(input: Input): void {
    const change = step(this.state, input)
    this.state = change.state
    this.effects.push(...change.effects.filter(({ kind }) => kind !== 'audit').map(({ kind }) => kind))
    this.#waits.changed({ id: '1', state: this.state })
  }

  press(label: string): void {
    const customId =
      view(this.state)
        .flatMap(({ buttons = [] }) => buttons)
        .find((one) => one.label === label)?.id ?? ''
    const press = { id: 'p', guildId: '2', channelId: '1', messageId: '9', customId, userId: '7', userName: 'ada' }
    this.take({ kind: 'pressed', at: 2, order: 3, press })
  }

  async call(args: unknown = { questions: QUESTIONS }, session = SESSION): Promise<unknown> {
    const accept = async ({ key, request }: Acceptance) => {
      if (this.keys.has(key) || request.kind !== 'tool-question') return []
      this.keys.add(key)
      this.take({ at: 1, ...request })
      return [{}]
    }
    const store = {
      conversationOfSession: async (id: string) => (id === SESSION ? '1' : undefined),
      load: async () => ({ state: this.state, inbox: [] }),
    }
    const links = { allows: () => true, publish: () => undefined }
    const composed = { store, bot: { accept, waits: this.#waits } } as unknown as Composed
    const bot: BotHandle = { composed, standDown: () => undefined, restart: () => undefined, links }
    return AGENT_ROUTES['POST /agent/tool']?.(
      { directory: '/p', token: 't', session, call: 'call_1', tool: 'question', args },
      bot,
    )
  }

  /** A call waits for a person. */
  async waits(): Promise<void> {
    await this.#held.promise
  }

  /** The time for which a call is held is over. */
  async later(call: Promise<unknown>): Promise<unknown> {
    await this.waits()
    this.#clock.advance(25_000)
    return call
  }
}

const answered = { output: 'ada answered:\n"Which colour?" = ["Blue"]' }

test('its card is that of any question, and its call waits until somebody has answered', async () => {
  const record = new Record()
  const call = record.call()
  await record.waits()
  expect(view(record.state).map(({ text }) => text)).toContainEqual(expect.stringContaining('Which colour?'))
  record.press('Blue')
  expect(await call).toEqual(answered)
  expect(record.effects).toEqual([])
})

test('it is asked once: called again by the next bot, after a kill, it gets the answer of the card that stands', async () => {
  const record = new Record()
  void record.call()
  await record.waits()
  record.restart()
  expect(await record.later(record.call())).toEqual({ pending: true })
  record.press('Blue')
  expect(asks.of(record.state).asks).toHaveLength(1)
  record.restart()
  expect(await record.call()).toEqual(answered)
  expect(record.keys.size).toBe(1)
})

test.each<readonly [string, (record: Record) => void, RegExp]>([
  [
    'a message instead is told, and does not stop the run, which goes on with the tool',
    (record) => record.take({ kind: 'message', at: 2, order: 3, message: message('wait', { channelId: '1', inThread: true }) }),
    /a new message of the user follows/,
  ],
  ['the end of the run ends the question', (record) => record.take({ kind: 'agent', at: 2, event: idle }), /nobody can any more/],
])('%s', async (_what, happens, words) => {
  const record = new Record()
  const call = record.call()
  await record.waits()
  happens(record)
  expect(await call).toEqual({ output: expect.stringMatching(words) as string })
  expect(record.effects.filter((kind) => kind.endsWith('-ask'))).toEqual([])
})

test('a question whose turn is over is not waited for', async () => {
  const record = new Record()
  record.keys.add(`question:${SESSION}:call_1`)
  expect(await record.call()).toEqual({ output: expect.stringContaining('Nobody answered') as string })
})

test('a session without a thread gets a sentence', async () => {
  expect(String(await new Record().call(undefined, 'ses_child'))).toContain('no thread in Discord')
})

describe('what the model may ask', () => {
  const state = conversation()
  const prepared = (args: unknown) => prepareQuestion({ state, session: SESSION, call: 'c', args }, 1)
  const one = (facts: object) => ({ questions: [{ ...QUESTIONS[0], ...facts }] })
  const many = (count: number) => Array.from({ length: count }, (_, n) => ({ label: `o${n}` }))

  test.each<readonly [string, unknown, RegExp]>([
    ['nothing', undefined, /0 questions/],
    ['no list', { questions: 'x' }, /0 questions/],
    ['too many questions', { questions: Array.from({ length: 9 }, () => QUESTIONS[0]) }, /9 questions/],
    ['a question without words', one({ question: '\u001b \n' }), /no words/],
    ['a question that is no object', { questions: [null] }, /no words/],
    ['too many options', one({ options: many(101) }), /101 options/],
    ['two options that look the same', one({ options: [{ label: 'a' }, { label: ' a\n' }] }), /same label/],
    ['only options, and none', one({ options: [], custom: false }), /has none/],
  ])('%s is refused with a sentence', (_what, args, why) => {
    const acceptance = prepared(args)
    expect(acceptance instanceof Error ? acceptance.message : 'accepted').toMatch(why)
  })

  test('what is no text is left out, long texts are cut, and control characters go', () => {
    const acceptance = prepared(
      one({
        header: 7,
        question: `a\u0000${'b'.repeat(3000)}`,
        options: [{ label: 'x\u001b[31m' }, { label: 1 }, 'y'],
        multiple: 'yes',
      }),
    )
    if (acceptance instanceof Error || acceptance.request.kind !== 'tool-question') throw new Error('refused')
    const [read] = acceptance.request.ask.questions ?? []
    expect(read).toMatchObject({ header: 'Question', multiple: false })
    expect(read?.options).toHaveLength(1)
    expect(read?.options[0]?.label).not.toContain('\u001b')
    expect(read?.text.length).toBeLessThanOrEqual(2000)
  })
})
