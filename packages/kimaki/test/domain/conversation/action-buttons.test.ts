/** Buttons that the agent offers: shown once, pressed once, and over when something else comes. */
import { describe, expect, test } from 'vitest'
import { prepareButtons, readButtons } from '../../../src/app/control/offer-buttons.ts'
import { inputOf } from '../../../src/app/conversation/dead-letter.ts'
import {
  actionButtons,
  BUTTONS_LAST_MS,
  buttonsKey,
  isOpen,
} from '../../../src/domain/conversation/features/asks/action-buttons.ts'
import type { Input } from '../../../src/domain/conversation/input.ts'
import { NO_POSTS, type Conversation } from '../../../src/domain/conversation/state.ts'
import { step } from '../../../src/domain/conversation/step.ts'
import { fromCache, CACHE_VERSION, toCache } from '../../../src/store/cache.ts'
import { view } from '../../../src/view/index.ts'
import { conversation, idle, message } from '../../support/conversation.ts'

const BUTTONS = [
  { label: 'Go', color: 'green' },
  { label: 'Stop', color: 'white' },
] as const
const offered = (call = 'ses_1/call_1', at = 0): Input => ({ kind: 'action-buttons', at, call, buttons: BUTTONS })
const after = (...inputs: readonly Input[]): Conversation =>
  inputs.reduce((state, input) => step(state, input).state, conversation({ isSynced: true }))
const asShown = (state: Conversation): Conversation => ({
  ...state,
  posts: { ...NO_POSTS, posted: new Set(actionButtons.of(state).map(buttonsKey)) },
})
const blocks = (state: Conversation) => view(asShown(state)).filter(({ key }) => key.startsWith('buttons/'))
const ids = (state: Conversation): readonly string[] => blocks(state).flatMap(({ buttons = [] }) => buttons.map(({ id }) => id))
const pressed = (customId: string, { by = 'ada', order = 7, at = 10 } = {}): Input => ({
  kind: 'pressed',
  at,
  order,
  press: { id: `p-${by}`, guildId: '2', channelId: '1', messageId: '9', customId, userId: `u-${by}`, userName: by },
})
const prompts = (state: Conversation) =>
  state.turn.prompts.map(({ id, order, message: { text, author } }) => ({ id, order, text, author }))

describe('buttons of the agent', () => {
  test('P-094: stand on one card with their colors, and wait for what the agent said', () => {
    expect(blocks(after(offered()))).toMatchObject([
      { inOrder: true, notify: true, buttons: [{ label: 'Go', color: 'green' }, { label: 'Stop' }] },
    ])
  })

  test.each<readonly [string, readonly Input[]]>([
    ['before the run is over', [offered(), { kind: 'agent', at: 1, event: idle }]],
    ['when its call has ended, and so has the run', [{ kind: 'agent', at: 1, event: idle }, offered()]],
  ])('P-100: are shown, whether the bot hears of them %s', (_, inputs) => {
    expect(blocks(after(...inputs))).toMatchObject([{ buttons: [{ label: 'Go' }, { label: 'Stop' }] }])
  })

  test('that are offered again under the same call are the same', () => {
    const state = after(offered())
    expect(step(state, offered()).state).toBe(state)
  })

  test('are pressed once: a prompt of whoever was first, in order of arrival', () => {
    const state = after(offered())
    const [go = '', stop = ''] = ids(state)
    const won = step(state, pressed(go)).state
    const late = step(won, pressed(stop, { by: 'bob', order: 8 })).state
    expect(prompts(late)).toEqual([
      {
        id: 'press:p-ada',
        order: 7,
        text: 'I pressed the button "Go".',
        author: { kind: 'person', id: 'u-ada', name: 'ada' },
      },
    ])
    expect(blocks(late)).toMatchObject([{ text: '✓ **ada** pressed **Go**', buttons: [] }])
  })

  test.each(['act:nothing/0', 'act:', 'act:SET/9', 'act:SET/', 'act:SET/constructor'])('forged as %s press nothing', (id) => {
    const state = after(offered())
    const [set] = actionButtons.of(state)
    expect(prompts(step(state, pressed(id.replace('SET', set?.id ?? ''))).state)).toEqual([])
  })

  test.each<readonly [string, (state: Conversation) => Conversation, RegExp | undefined]>([
    [
      'a message to the agent',
      (s) => step(s, { kind: 'message', at: 1, order: 2, message: message('no') }).state,
      /a message came/,
    ],
    ['newer buttons', (s) => step(s, offered('ses_1/call_2')).state, /newer buttons/],
    [
      'P-098: 24 hours',
      (s) => step(s, { kind: 'alarm', at: 1, owner: 'action-buttons', name: actionButtons.of(s)[0]?.id ?? '' }).state,
      /24 hours/,
    ],
    ['a press after 24 hours', (s) => step(s, pressed(ids(s)[0] ?? '', { at: BUTTONS_LAST_MS })).state, /24 hours/],
    [
      'P-099: the end of their session',
      (s) => step(s, { kind: 'unreadable', at: 1, text: 'gone', final: true, isGone: true }).state,
      /session is over/,
    ],
    ['the end of the thread', (s) => step(s, { kind: 'thread-gone', at: 1, text: 'gone' }).state, undefined],
  ])('are over with %s, and a press does nothing then', (_, happen, text) => {
    const state = after(offered())
    const [go = ''] = ids(state)
    const over = happen(state)
    expect(actionButtons.of(over)[0]?.phase.kind).toBe('over')
    if (text) expect(blocks(over)[0]?.text).toMatch(text)
    const before = prompts(over).length
    expect(prompts(step(over, pressed(go)).state)).toHaveLength(before)
  })

  test.each<readonly [string, Input]>([
    ['OpenCode ends', { kind: 'server-ended', at: 1 }],
    ['the run is stopped', { kind: 'agent', at: 1, event: idle }],
    [
      'the thread is closed: the card cannot be edited for now',
      { kind: 'post-held', at: 1, postId: 'p', code: 50_083, missing: [] },
    ],
    ['a message waits in the queue', { kind: 'message', at: 1, order: 2, message: message('later. queue') }],
  ])('stay when %s: no run waits for them', (_, input) => {
    expect(actionButtons.of(step(after(offered()), input).state).map(({ phase }) => phase.kind)).toEqual(['open'])
  })

  test('survive a restart of the bot and the end of the turn', () => {
    const state = after(offered())
    const known = { ...state, ...fromCache(CACHE_VERSION, toCache(state)) }
    const sets = actionButtons.of(known)
    expect(sets.every(isOpen) && sets.length).toBe(1)
    expect(actionButtons.closeTurn?.(sets)).toBe(sets)
    expect(actionButtons.outlives?.(sets)).toEqual(sets.map(buttonsKey))
    expect(prompts(step(known, pressed(ids(known)[0] ?? '')).state)).toHaveLength(1)
  })
})

describe('what the tool is called with is checked again', () => {
  const long = 'x'.repeat(200)
  test.each([
    ['blanks and line breaks in a label', [{ label: '  a\nb ' }], [{ label: 'a b', color: 'white' }]],
    ['a long label', [{ label: long }], [{ label: `${'x'.repeat(79)}…`, color: 'white' }]],
    ['an unknown color', [{ label: 'a', color: 'pink' }], [{ label: 'a', color: 'white' }]],
    ['no labels among others', [{ label: '' }, 7, undefined, { label: 'a', color: 'red' }], [{ label: 'a', color: 'red' }]],
  ])('%s', (_, buttons, expected) => {
    expect(readButtons({ buttons })).toEqual(expected)
  })

  test.each([
    [undefined],
    [{}],
    [{ buttons: [] }],
    [{ buttons: 'a' }],
    [{ buttons: Array.from({ length: 4 }, () => ({ label: 'a' })) }],
  ])('nothing to show in %j', (args) => {
    expect(readButtons(args)).toBeInstanceOf(Error)
  })

  test('P-097: the call is the key of the row, so a call that is repeated is accepted once', () => {
    const call = { state: conversation(), session: 'ses_1', call: 'call_1', args: { buttons: [{ label: 'a' }] } }
    expect(prepareButtons(call, 5)).toMatchObject({
      key: 'buttons:ses_1:call_1',
      at: 5,
      conversation: { id: '1', inThread: true },
    })
  })
})

test('a press is given to the conversation with its place in the order of arrival', () => {
  const press = { id: '1', guildId: '', channelId: '', messageId: '', customId: '', userId: '', userName: '' }
  const row = { at: 3, order: 12, request: { kind: 'pressed', press }, tries: 0 }
  expect(inputOf(row as never)).toMatchObject({ kind: 'pressed', order: 12, at: 3 })
})
