/** A run that lasts gets one quiet post with a button that stops it. */
import { expect, test } from 'vitest'
import { stop } from '../../../src/domain/conversation/features/stop.ts'
import { inTurn, NO_POSTS, type Conversation } from '../../../src/domain/conversation/state.ts'
import { DEFAULT_RULES, step } from '../../../src/domain/conversation/step.ts'
import { DEFAULT_SETTINGS } from '../../../src/domain/settings.ts'
import { view } from '../../../src/view/index.ts'
import { answer, conversation, delivered, GUILD, prompt, SESSION } from '../../support/conversation.ts'

const RULES = { ...DEFAULT_RULES, settings: { ...DEFAULT_SETTINGS, stopButtonAfterMs: 15_000 } }
const BEGAN = 100_000
const user = { kind: 'user', id: 'msg_u', created: BEGAN } as const
const open = answer('msg_a', user, [], { completed: undefined, finish: undefined })
const busy = conversation({
  status: { kind: 'busy' },
  prompts: [prompt(1, delivered('msg_u', BEGAN))],
  messages: [user, open],
})
const over = { kind: 'ended', end: { kind: 'answered', by: 'msg_a' } } as const

const rung = (state: Conversation, at: number): ReturnType<typeof step> =>
  step(state, { kind: 'alarm', owner: 'run', name: 'run-lasts', at }, RULES)
const long = rung(busy, BEGAN + 15_000).state
const shown = (state: Conversation) => view(state).filter(({ key }) => key.startsWith('long-run/'))
const posted = (state: Conversation): Conversation => ({
  ...state,
  posts: { ...NO_POSTS, posted: new Set(shown(state).map(({ key }) => key)) },
})
const alarm = (delayMs: number) => ({ kind: 'set-alarm', owner: 'run', name: 'run-lasts', delayMs })
const press = (state: Conversation, customId: string): ReturnType<typeof step> =>
  step(state, {
    kind: 'pressed',
    order: 9,
    at: 1,
    press: { id: '9', guildId: GUILD, channelId: '1', messageId: '8', customId, userId: '7', userName: 'ada' },
  })

test('the time begins with the first prompt: when it is delivered, told, or read after a restart', () => {
  const told = step(busy, { kind: 'agent', at: BEGAN + 10, event: { kind: 'message', session: SESSION, message: user } }, RULES)
  expect(told.actions).toContainEqual(alarm(14_990))
  const snapshot = { messages: [user, open], status: { kind: 'busy' }, title: undefined } as const
  const read = (at: number) => step(inTurn(busy, { isSynced: false }), { kind: 'snapshot', at, snapshot, meanwhile: [] }, RULES)
  expect(read(BEGAN + 9000).actions).toContainEqual(alarm(6000))
  expect(read(BEGAN + 90_000).actions, 'long ago').toContainEqual(alarm(1000))
  expect(read(BEGAN - 90_000).actions, 'the clock was set back').toContainEqual(alarm(15_000))
})

test('a short run gets none, and an alarm of the run before is no hurry', () => {
  expect(shown(busy)).toEqual([])
  const early = rung(busy, BEGAN + 4000)
  expect(shown(early.state)).toEqual([])
  expect(early.actions).toEqual([alarm(11_000)])
})

test('after 15 s there is one quiet post with Stop, however often it is looked', () => {
  const block = { text: '⬦ working', notify: false, editable: true, buttons: [{ id: 'stop-run:discord:1', label: 'Stop' }] }
  expect(shown(long)).toMatchObject([block])
  expect(rung(long, BEGAN + 30_000).state).toBe(long)
})

test.each([
  ['is idle: it is looked again', inTurn(busy, { status: { kind: 'idle' } }), [alarm(1000)]],
  ['is unread: what was read is looked at', inTurn(busy, { isSynced: false }), []],
  ['has nothing of ours', inTurn(busy, { prompts: [] }), []],
])('no post while the session %s', (_, state, actions) => {
  const looked = rung(state, BEGAN + 15_000)
  expect([shown(looked.state), looked.actions.filter(({ kind }) => kind === 'set-alarm')]).toEqual([[], actions])
})

test('it keeps its words and button while newer messages are read, so that it is edited once', () => {
  const newer = { kind: 'user', id: 'msg_v', created: BEGAN + 20_000 } as const
  const both = inTurn(long, {
    prompts: [...long.turn.prompts, prompt(2, delivered('msg_v', BEGAN + 20_000))],
    messages: [...long.turn.messages, newer],
  })
  expect(shown(both)).toEqual(shown(long))
  expect(shown(inTurn(both, { status: { kind: 'idle' } })), 'between two steps').toEqual(shown(long))
})

test('when the run is over it says so, without a button; one that was never posted is not posted then', () => {
  const ended = inTurn(posted(long), { prompts: [prompt(1, over)], status: { kind: 'idle' } })
  expect(shown(ended)).toMatchObject([{ text: '⬦ the run is over', editable: true }])
  expect(shown(ended)[0]?.buttons).toBeUndefined()
  expect(shown({ ...ended, posts: NO_POSTS })).toEqual([])
})

test('Stop ends the run and keeps what the agent has not read', () => {
  const waiting = inTurn(posted(long), { prompts: [...long.turn.prompts, prompt(2, { kind: 'preparing' })] })
  const stopped = press(waiting, 'stop-run:discord:1')
  expect(stopped.effects.map(({ kind }) => kind)).toEqual(['abort'])
  expect(stopped.state.turn.prompts.map(({ phase }) => phase.kind)).toEqual(['ended', 'preparing'])
  expect(shown(stopped.state)).toMatchObject([{ text: '⬦ the run is over' }])
})

test.each([
  ['its run is over', inTurn(long, { prompts: [prompt(1, over)] }), 'stop-run:discord:1'],
  ['the session is idle', inTurn(long, { status: { kind: 'idle' } }), 'stop-run:discord:1'],
  ['it is of another run', long, 'stop-run:discord:2'],
])('a press is void when %s', (_, state, customId) => {
  expect(press(state, customId).effects.filter(({ kind }) => kind === 'abort')).toEqual([])
})

test('the next run of the turn gets a post of its own', () => {
  const next = { kind: 'user', id: 'msg_v', created: BEGAN + 50_000 } as const
  const second = inTurn(posted(long), {
    prompts: [prompt(1, over), prompt(2, delivered('msg_v', next.created))],
    messages: [...long.turn.messages, next],
  })
  expect(stop.of(rung(second, BEGAN + 60_000).state)).toEqual(['discord:1'])
  expect(shown(rung(second, BEGAN + 65_000).state).map(({ text }) => text)).toEqual(['⬦ the run is over', '⬦ working'])
})
