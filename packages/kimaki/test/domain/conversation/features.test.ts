/** What holds for every feature, whichever it is: order has no meaning, no news is no commit, a closed turn leaves nothing, a slice survives. */
import { isDeepStrictEqual } from 'node:util'
import { assert, property, sample, shuffledSubarray } from 'fast-check'
import { describe, expect, test } from 'vitest'
import { changedRows } from '../../../src/app/conversation/changed-rows.ts'
import type { Snapshot } from '../../../src/domain/agent.ts'
import { blockKey } from '../../../src/domain/conversation/posts/block-key.ts'
import { closeTurn } from '../../../src/domain/conversation/close-turn.ts'
import { defineFeature, keep, sliceOf, type Feature } from '../../../src/domain/conversation/feature.ts'
import type { BtwQuestion } from '../../../src/domain/conversation/features/btw.ts'
import { FEATURES } from '../../../src/domain/conversation/features/index.ts'
import type { Launch } from '../../../src/domain/conversation/features/launch.ts'
import type { QueuedMessage } from '../../../src/domain/conversation/features/queue.ts'
import type { ShellCommand } from '../../../src/domain/conversation/features/shell.ts'
import { title } from '../../../src/domain/conversation/features/title.ts'
import type { Input } from '../../../src/domain/conversation/input.ts'
import { CACHED, NEW_TURN, type Conversation } from '../../../src/domain/conversation/state.ts'
import { DEFAULT_RULES, step } from '../../../src/domain/conversation/step.ts'
import { CACHE_VERSION, fromCache, toCache } from '../../../src/store/cache.ts'
import { answer, conversation, GUILD, message, part, SESSION, text, user } from '../../support/conversation.ts'
import { commands, type Command } from './commands.ts'
import { Model } from './model.ts'
import { runs } from '../../support/runs.ts'
import { asks, isWaiting } from '../../../src/domain/conversation/features/asks/asks.ts'
import { EMPTY_FORM } from '../../../src/domain/conversation/features/asks/question-form.ts'
import { permission, questions, VOICE_NOTES } from './people.ts'
import { PLACED } from './placed.ts'

const BEGIN = { kind: 'message', n: 1 } as const

/** The first command after which two models are not the same; undefined: they are to the end. */
function parting(list: readonly Command[], one: Model, other: Model): string | undefined {
  for (const [index, command] of [BEGIN, ...list].entries()) {
    one.play(command)
    other.play(command)
    const isSame = isDeepStrictEqual(one.state, other.state) && isDeepStrictEqual(one.openEffects, other.openEffects)
    if (!isSame) return `${index}: ${command.kind} ${command.n}`
  }
  return undefined
}

describe('the order of the features', () => {
  const everyOne = { minLength: FEATURES.length, maxLength: FEATURES.length }

  test('has no meaning: shuffled, they come to the same state and the same effects after every input', () => {
    assert(
      property(commands, shuffledSubarray([...FEATURES], everyOne), (list, shuffled) => {
        expect(parting(list, new Model(), new Model(shuffled))).toBeUndefined()
      }),
      { numRuns: runs(200) },
    )
  })

  test('red control: with one feature less the difference is seen', () => {
    const without = FEATURES.filter(({ name }) => name !== 'title')
    const partings = sample(commands, { numRuns: 20, seed: 1 }).map((list) => parting(list, new Model(), new Model(without)))
    expect(partings.filter((where) => where !== undefined)).not.toEqual([])
  })
})

/** States that random commands come to, each once: every kind of thing may be under way. */
function* reached(lists: number): Generator<Conversation> {
  for (const list of sample(commands, { numRuns: lists, seed: 2 })) {
    const model = new Model()
    for (const command of [BEGIN, ...list]) {
      model.play(command)
      yield model.state
    }
  }
}

const PRESS = { id: '9', guildId: GUILD, channelId: '1', messageId: '8', userId: '7', userName: 'ada' }

/** Inputs that tell no feature anything new. */
function withoutNews(state: Conversation): readonly Input[] {
  const { messages, status } = state.turn
  const last = messages.at(-1)?.id ?? 'msg_0'
  const snapshot: Snapshot = { status, messages, title: undefined }
  const at = 1
  const isNews = status.kind === 'retry' || (status.kind === 'idle' && asks.of(state).asks.some(isWaiting))
  const delta = { kind: 'delta', session: SESSION, messageId: last, partId: 'prt_0', text: 'word' } as const
  const effect = { key: 'x/1', kind: 'x', owner: 'nobody' }
  const pressed = (customId: string): Input => ({ kind: 'pressed', order: 9, at, press: { ...PRESS, customId } })
  return [
    { kind: 'agent', at, event: delta },
    { kind: 'agent', at, event: part(last, text('prt_0', 'words')) },
    // A retry is told once for each prompt that comes to be under way; an idle session asks nothing any more.
    ...(isNews ? [] : [{ kind: 'agent', at, event: { kind: 'status', session: SESSION, status } } as const]),
    ...(state.turn.isSynced && !isNews ? [{ kind: 'snapshot', at, snapshot, meanwhile: [] } as const] : []),
    { kind: 'alarm', at, owner: 'run', name: 'nobody knows it' },
    { kind: 'alarm', at, owner: 'a feature that is gone', name: 'x' },
    { kind: 'report', at, owner: 'a feature that is gone', report: {} },
    { kind: 'outcome', at, effect, outcome: { kind: 'done' } },
    { kind: 'outcome', at, effect: { ...effect, owner: 'queue', kind: 'constructor' }, outcome: { kind: 'done' } },
    ...[
      'nothing',
      'constructor:x',
      'unqueue:discord:0',
      'give-up:discord:0',
      'send-now:discord:0',
      'stop:msg_0',
      'stop-all:msg_0',
      'stop-shell:discord:0',
    ].map(pressed),
    { kind: 'deleted-message', at, messageId: '1' },
    { kind: 'edited-message', at, message: message('words', { id: '1' }) },
    { kind: 'thread-renamed', at, name: title.of(state).given ?? '' },
    { kind: 'posted', at, postId: 'k0', messageId: '1' },
    { kind: 'turn-closed', at },
    { kind: 'room-freed', at },
  ]
}

describe('an input that is no news', () => {
  test('leaves every slice the identical object, so that nothing is written', () => {
    for (const state of reached(40)) {
      // Another name of a thread that has none yet is news.
      const inputs = withoutNews(state).filter(({ kind }) => kind !== 'thread-renamed' || title.of(state).given !== undefined)
      for (const input of inputs) {
        const { state: after } = step(state, input)
        const changed = FEATURES.filter((feature) => sliceOf(after, feature) !== sliceOf(state, feature)).map(({ name }) => name)
        expect([input, changed]).toEqual([input, []])
        expect(after.features).toBe(state.features)
      }
    }
  })

  test('red control: a feature that copies its slice is found', () => {
    const copying = defineFeature<readonly string[]>({
      name: 'copying',
      version: 1,
      initial: [],
      due: (slice) => keep([...slice]),
    })
    const state = conversation()
    const rules = { ...DEFAULT_RULES, features: [...FEATURES, copying] }
    expect(step(state, { kind: 'turn-closed', at: 1 }, rules).state.features).not.toBe(state.features)
  })

  test('a piece of a text, and a part that grows, commit nothing; a question that is asked does', () => {
    const first = user('msg_1', 10)
    const messages = [first, answer('msg_a', first, [text('prt_1', 'Well', false)], { completed: undefined, finish: undefined })]
    const before = conversation({ status: { kind: 'busy' }, messages })
    const rows = (event: Extract<Input, { kind: 'agent' }>['event']) => {
      const input: Input = { kind: 'agent', at: 1, event }
      const change = step(before, input)
      return changedRows({ input, before, change, planned: change.state, after: change.state })
    }
    expect(rows({ kind: 'delta', session: SESSION, messageId: 'msg_a', partId: 'prt_1', text: '.' })).toBeUndefined()
    expect(rows(part('msg_a', text('prt_1', 'Well, yes', false)))).toBeUndefined()
    expect(rows({ kind: 'status', session: SESSION, status: { kind: 'busy' } })).toBeUndefined()
    const ask = { id: 'per_1', kind: 'permission', session: SESSION, title: 'rm' } as const
    expect(rows({ kind: 'asked', session: SESSION, ask })).toBeDefined()
  })
})

const question = (order: number, phase: BtwQuestion['phase']): BtwQuestion => ({
  id: `discord:${order}`,
  message: message('why', { id: String(order) }),
  phase,
  late: ['edited'],
})
const launched = (order: number, phase: Launch['phase']): Launch => ({
  id: `discord:${order}`,
  message: message('go', { id: String(order) }),
  begins: { name: 'go' },
  phase,
})
const queued = (order: number, phase: QueuedMessage['phase']): QueuedMessage => ({
  id: `discord:${order}`,
  order,
  message: message('next', { id: String(order) }),
  acceptedAt: 1,
  phase,
})
const command = (order: number, phase: ShellCommand['phase'], more: Partial<ShellCommand> = {}): ShellCommand => ({
  id: `discord:${order}`,
  message: { id: String(order), author: { kind: 'person', id: '7', name: 'ada' }, titleText: '!date' },
  command: 'date',
  output: 'one',
  phase,
  ...more,
})

const underWay = {
  btw: [question(10, { kind: 'waiting' }), question(11, { kind: 'forking' }), question(12, { kind: 'opening' })],
  launch: [launched(20, { kind: 'accepted' }), launched(21, { kind: 'opening' })],
  queue: [queued(30, { kind: 'waiting' })],
  shell: [command(40, { kind: 'waiting' }), command(41, { kind: 'running' }, { stoppedBy: 'bo' })],
} as const
const ended = { kind: 'ended', end: { kind: 'timed-out' }, tookMs: 7 } as const
const GUEST = message('may I?', { id: '7' })

/** Of each feature a slice that holds everything it may hold, what is left of it when the turn is closed, and the blocks that stay. */
const FULL: Readonly<Record<string, { readonly slice: unknown; readonly left: unknown; readonly outlives?: readonly string[] }>> =
  {
    // A press may come a day later.
    'action-buttons': {
      slice: [
        { id: 'b1', buttons: [{ label: 'Go', color: 'white' }], offeredAt: 1, phase: { kind: 'open' } },
        { id: 'b2', buttons: [], offeredAt: 1, phase: { kind: 'over', why: 'message' } },
      ],
      left: [{ id: 'b1', buttons: [{ label: 'Go', color: 'white' }], offeredAt: 1, phase: { kind: 'open' } }],
      outlives: ['buttons/b1'],
    },
    'agent-files': { slice: { prt_1: [{ kind: 'missing', name: 'a.png', reason: 'it is gone' }] }, left: {} },
    asks: {
      slice: {
        asks: [
          { ...permission('per_1', 1), during: 'msg_1', form: EMPTY_FORM, phase: { kind: 'open' } },
          { ...questions('que_1'), during: 'msg_1', form: EMPTY_FORM, phase: { kind: 'ended', end: { kind: 'expired' } } },
        ],
        allowed: [{ permission: 'bash', patterns: ['rm *'] }],
      },
      left: { asks: [], allowed: [{ permission: 'bash', patterns: ['rm *'] }] },
    },
    btw: {
      slice: [...underWay.btw, question(13, { kind: 'asked', threadId: '9' }), question(14, { kind: 'failed', text: '✗ no' })],
      left: underWay.btw,
    },
    commands: {
      slice: [
        { id: '1', meanwhile: 'prompts-wait', isOver: false },
        { id: '2', meanwhile: 'sums-up', isOver: true },
      ],
      left: [{ id: '1', meanwhile: 'prompts-wait', isOver: false }],
    },
    // Each is said once, however many turns lie between.
    collisions: { slice: [{ file: 'a.ts', other: '9' }], left: [{ file: 'a.ts', other: '9', isTold: true }] },
    // Waits for the next prompt, however many turns that takes.
    context: {
      slice: [{ id: '9', author: 'Bo', text: '@Ann look', files: ['a.png'] }],
      left: [{ id: '9', author: 'Bo', text: '@Ann look', files: ['a.png'] }],
    },
    // Belongs to the session, not to a turn.
    bots: {
      slice: { inARow: 20, lastAt: 7, held: { messageId: '9', of: 'messages' } },
      left: { inARow: 20, lastAt: 7, held: { messageId: '9', of: 'messages', isTold: true } },
    },
    'copied-from': { slice: ['9'], left: ['9'] },
    parent: { slice: 'ses_0', left: 'ses_0' },
    'context-limit': { slice: { 'p/m': 200_000 }, left: {} },
    'file-upload': { slice: [{ id: 'u1', prompt: 'Logs', atMost: 5, phase: { kind: 'saving', by: 'ada' } }], left: [] },
    flush: { slice: { prt_1: 4 }, left: {} },
    footer: {
      slice: { msg_a: { folder: 'p', branch: 'main', durationMs: 1, contextPercent: 3, model: 'm', agent: 'build' } },
      left: {},
    },
    // A press may come a day later; how many cards a person got counts for an hour.
    guests: {
      slice: {
        cards: [
          { id: '7', message: GUEST, openedAt: 1, phase: { kind: 'open' } },
          { id: '8', message: GUEST, openedAt: 1, phase: { kind: 'over', end: { kind: 'deleted' } } },
        ],
        recent: [{ userId: '6', at: 1 }],
      },
      left: {
        cards: [{ id: '7', message: GUEST, openedAt: 1, phase: { kind: 'open' } }],
        recent: [{ userId: '6', at: 1 }],
      },
      outlives: ['guest/7'],
    },
    verbosity: { slice: { prt_1: 'text_only' }, left: {} },
    voice: VOICE_NOTES,
    'goes-on': { slice: { kind: 'here', from: 'prt_1', leftOut: 3, copyOf: '9', isRead: true }, left: null },
    hold: { slice: { postId: 'k1', code: 50_013, missing: ['Attach Files'], state: 'over' }, left: undefined },
    // Belongs to the thread; what a run is told of goes with the run.
    models: {
      slice: {
        own: { agent: 'plan' },
        kept: { by: 'channel', agent: 'plan' },
        isNews: true,
        switching: { messageId: 'msg_1', created: 4 },
        count: 1,
      },
      left: { own: { agent: 'plan' }, kept: { by: 'channel', agent: 'plan' }, count: 1 },
    },
    interrupts: { slice: [{ by: 'msg_2', step: 'msg_a' }], left: [] },
    'late-edits': {
      slice: [
        { promptId: 'discord:1', what: 'edited' },
        { promptId: 'discord:1', what: 'deleted' },
      ],
      left: [],
    },
    launch: {
      slice: [...underWay.launch, launched(22, { kind: 'begun', threadId: '9' }), launched(23, { kind: 'failed', text: '✗ no' })],
      left: underWay.launch,
    },
    mirror: { slice: { run: { signs: 'msg_1', checks: 2 }, wait: { during: 'd:1', state: 'begun' }, passed: 'msg_1' }, left: {} },
    'missed-commands': { slice: [{ id: '77', name: 'abort' }], left: [] },
    notices: { slice: [{ id: 'ended:t1', text: 'it has run' }], left: [] },
    toasts: { slice: [{ id: 'evt_1', variant: 'info', title: undefined, message: 'words' }], left: [] },
    'new-session': { slice: ['ses_gone'], left: [] },
    programs: { slice: [{ during: 'discord:1', programs: ['plugin a.ts'] }], left: [] },
    queue: {
      slice: [
        ...underWay.queue,
        queued(31, { kind: 'released' }),
        queued(32, { kind: 'removed', by: 'bo' }),
        queued(33, { kind: 'dropped', text: '✗ no' }),
        queued(34, { kind: 'refused', atMost: 50 }),
      ],
      left: underWay.queue,
      outlives: [blockKey('queue', 'discord:30')],
    },
    retry: { slice: { during: 'msg_1', times: 2, attempt: 3, message: 'busy' }, left: undefined },
    room: { slice: { during: 'discord:1', atMost: 10, state: 'begun' }, left: undefined },
    shell: {
      slice: [...underWay.shell, command(42, ended, { wholeOutput: { text: 'one', overflow: undefined } })],
      left: underWay.shell,
      outlives: [blockKey('shell', 'discord:40'), blockKey('shell', 'discord:41')],
    },
    silence: { slice: { during: 'discord:1', forMs: 30_000, endsAtMs: 60_000, state: 'silent' }, left: undefined },
    stop: { slice: ['discord:1'], left: [] },
    'turn-limit': { slice: { during: 'discord:1', minutes: 3, warnedOf: 4 }, left: undefined },
    'unread-files': { slice: [{ promptId: 'discord:1', name: 'a.png', reason: 'is empty' }], left: [] },
    ...PLACED,
  }

const full = (feature: Feature): unknown => FULL[feature.name]?.slice
const filled = conversation(
  { messages: [user('msg_1', 10)] },
  { features: Object.fromEntries(FEATURES.map((feature) => [feature.name, full(feature)])) },
)

test('every feature is in the table', () => {
  expect(FEATURES.map(({ name }) => name).toSorted()).toEqual(Object.keys(FULL).toSorted())
})

describe('closing the turn', () => {
  const closed = closeTurn(filled, true)

  test.each(FEATURES.map((feature) => [feature.name, feature] as const))(
    '%s: only what is under way is left',
    (name, feature) => {
      expect(sliceOf(closed, feature)).toEqual(FULL[name]?.left)
      expect(feature.outlives?.(full(feature)) ?? []).toEqual(FULL[name]?.outlives ?? [])
    },
  )

  test.each(FEATURES.map((feature) => [feature.name, feature] as const))(
    '%s: with nothing but what is under way the slice stays the identical object',
    (_name, feature) => {
      const left = sliceOf(closed, feature)
      expect(feature.closeTurn?.(left) ?? left).toBe(left)
      expect(feature.closeTurn?.(feature.initial) ?? feature.initial).toBe(feature.initial)
    },
  )

  test('the turn is the empty one, and closing again changes nothing', () => {
    expect(closed.turn).toBe(NEW_TURN)
    expect(closed.closedUpTo).toBe(10)
    expect(closeTurn(closed, true)).toBe(closed)
  })

  test('whatever happened before, a closed turn closes only once', () => {
    for (const state of reached(40)) {
      const once = closeTurn(state, true)
      expect(closeTurn(once, true)).toBe(once)
    }
  })
})

describe('the cache', () => {
  const back = fromCache(CACHE_VERSION, toCache(filled)) as Conversation

  test.each(FEATURES.map((feature) => [feature.name, feature] as const))(
    '%s: what is saved of the slice comes back',
    (_name, feature) => {
      const slice = full(feature)
      expect(sliceOf(back, feature)).toEqual(feature.save ? feature.save(slice) : slice)
    },
  )

  test('of facts of footers, sizes of contexts and copies of files nothing is saved, and of a command’s whole output; all else is', () => {
    const json = (slice: unknown): string => JSON.stringify(slice ?? null)
    const lost = FEATURES.filter((feature) => json(sliceOf(back, feature)) !== json(full(feature))).map(({ name }) => name)
    expect(lost).toEqual(['agent-files', 'context-limit', 'footer', 'shell'])
  })

  test('a feature of which nothing happened takes no room', () => {
    const empty = JSON.parse(toCache(conversation())) as { readonly features: object }
    expect(empty.features).toEqual({})
  })

  test('a slice of a version nobody knows begins anew, one that its feature reads is read', () => {
    const saved = JSON.parse(toCache(filled)) as { features: Record<string, { version: number }> }
    for (const slice of Object.values(saved.features)) slice.version = 99
    const read = fromCache(CACHE_VERSION, JSON.stringify(saved)) as Conversation
    expect(read.features).toEqual({})
  })

  test('it holds every field that is neither a column nor in rows', () => {
    const fields = Object.keys(JSON.parse(toCache(filled)) as object)
    expect(fields.toSorted()).toEqual([...CACHED].toSorted())
  })
})
