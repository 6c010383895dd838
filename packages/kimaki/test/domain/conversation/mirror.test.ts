/** A terminal works in the session of a thread: what is shown of it, and how a prompt waits for it. */
import { describe, expect, test } from 'vitest'
import type { AgentMessage, Snapshot } from '../../../src/domain/agent.ts'
import { closeTurn } from '../../../src/domain/conversation/close-turn.ts'
import type { Change } from '../../../src/domain/conversation/change.ts'
import type { Input } from '../../../src/domain/conversation/input.ts'
import { messageIdOf } from '../../../src/domain/conversation/prompt.ts'
import { runsElsewhere } from '../../../src/domain/conversation/run/watch/elsewhere.ts'
import type { Conversation } from '../../../src/domain/conversation/state.ts'
import { DEFAULT_RULES, step } from '../../../src/domain/conversation/step.ts'
import { view } from '../../../src/view/index.ts'
import { answer, conversation, message, nextId, SESSION, text, tool } from '../../support/conversation.ts'

const asked = (id: string, created: number, words?: string): AgentMessage => ({
  kind: 'user',
  id,
  created,
  ...(words !== undefined && { words }),
})
const typed = asked('msg_t', 100, 'fix the *roof* @everyone')
const working = answer('msg_a', typed, [tool('prt_1', 'running')], { completed: undefined, finish: undefined })
const done = answer('msg_a', typed, [tool('prt_1', 'completed'), text('prt_2', 'Fixed.')])
const read = (...messages: readonly AgentMessage[]): Input => reading({ status: { kind: 'idle' }, messages, title: undefined })
const reading = (snapshot: Snapshot): Input => ({ kind: 'snapshot', at: 1000, snapshot, meanwhile: [] })
const said = (words: string): Input => ({
  kind: 'message',
  at: 1,
  order: 1,
  message: message(words, { id: nextId(), channelId: '1', inThread: true }),
})
const play = (state: Conversation, ...inputs: readonly Input[]): Change =>
  inputs.reduce<Change>((change, input) => step(change.state, input), step(state, { kind: 'turn-closed', at: 0 }))
const lines = ({ state }: Change): readonly string[] => view(state).flatMap(({ text: line, closed }) => (closed ? [line] : []))
const kinds = ({ effects }: Change): readonly string[] => effects.map(({ kind }) => kind)
const minute: Input = { kind: 'alarm', at: 1, owner: 'mirror', name: 'terminal-silent' }

describe('what is written and answered in a terminal', () => {
  test('is shown: the words of the person pinging nobody, then the agent as always', () => {
    const shown = lines(play(conversation(), read(typed, done)))
    expect(shown[0]).toMatch(/^» fix the \\\*roof\\\* @/)
    expect(shown.slice(1)).toEqual([expect.stringContaining('bash'), '⬥ Fixed.'])
  })

  test('is cut after 1000 characters, with a mark', () => {
    const [line = ''] = lines(play(conversation(), read(asked('msg_t', 100, 'x'.repeat(3000)))))
    expect([line.length, line.at(-1)]).toEqual([1002, '…'])
  })

  test('is not what we submitted ourselves, nor what OpenCode says to itself, nor history', () => {
    const change = play(conversation({}, { closedUpTo: 50 }), said('plant'))
    const ours = asked(messageIdOf('i', SESSION, change.state.turn.prompts[0]?.id ?? ''), 100, 'plant')
    const own = asked('msg_own', 101)
    const shown = lines(
      play(change.state, read(asked('msg_old', 50, 'earlier'), ours, own, answer('msg_b', own, [text('p', 'Ok')]))),
    )
    expect(shown).toEqual(['⬥ Ok'])
  })
})

describe('a run in a terminal', () => {
  const ends: readonly (readonly [string, readonly AgentMessage[], boolean])[] = [
    ['nothing was answered yet', [typed], true],
    ['a step goes on', [typed, working], true],
    ['a step has ended with its tools', [typed, answer('msg_a', typed, [], { finish: 'tool-calls' })], true],
    ['it has answered', [typed, done], false],
    [
      'it was stopped',
      [typed, { ...working, failure: { name: 'MessageAbortedError', message: '', status: undefined, provider: undefined } }],
      false,
    ],
    ['a shell command was run', [typed, { ...done, finish: undefined }], false],
    ['a full context is summed up', [typed, working, asked('msg_c', 102)], true],
    ['nobody wrote', [asked('msg_c', 102)], false],
  ]
  test.each(ends)('%s', (_, messages, isBusy) => {
    const { state } = play(conversation(), read(...messages))
    expect(state.turn.status.kind).toBe(isBusy ? 'elsewhere' : 'idle')
    expect(closeTurn(state, true).turn.messages.length > 0).toBe(isBusy)
  })

  test('that began half an hour ago may have been left behind', () => {
    const at = 101 + 31 * 60_000
    const { state } = step(conversation(), {
      ...reading({ status: { kind: 'idle' }, messages: [typed, working], title: undefined }),
      at,
    })
    expect(state.turn.status.kind).toBe('idle')
  })

  test('of our own server it is none', () => {
    const { state } = play(conversation(), reading({ status: { kind: 'busy' }, messages: [typed, working], title: undefined }))
    expect(state.turn.status.kind).toBe('busy')
  })

  test('stays with the session that was copied, and not with the copy', () => {
    const copy = conversation({}, { session: { kind: 'open', id: SESSION, copiedUpTo: 100 } })
    expect(play(copy, read(typed, working)).state.turn.status.kind).toBe('idle')
    expect(play(copy, read(typed, asked('msg_n', 101, 'new'))).state.turn.status.kind).toBe('elsewhere')
  })

  test("is nobody's business, and its words are not shown, where the operator does not want that", () => {
    const settings = { ...DEFAULT_RULES.settings, mirrorsTerminals: false }
    const { state } = step(conversation(), read(typed, working), { ...DEFAULT_RULES, settings })
    expect([state.turn.status.kind, view(state).filter(({ key }) => key.startsWith('terminal/'))]).toEqual(['idle', []])
  })
})

describe('a prompt while a terminal works', () => {
  const waiting = play(conversation(), read(typed, working), said('plant'))

  test('waits, says why, and is submitted after the end', () => {
    expect([kinds(waiting), lines(waiting)]).toEqual([
      [],
      expect.arrayContaining([expect.stringMatching(/^⬦ waits for a terminal/)]),
    ])
    const after = step(waiting.state, read(typed, done))
    expect([kinds(after), lines(play(after.state))]).toEqual([
      ['prompt'],
      expect.arrayContaining(['⬦ waited for a terminal: it has begun']),
    ])
  })

  test('of the queue says why in its card', () => {
    const queued = lines(play(conversation(), read(typed, working), said('plant. queue')))
    expect(queued).toEqual(expect.arrayContaining([expect.stringContaining('it runs when the agent in a terminal is done')]))
  })

  test('is sent at once when a person does not want to wait', () => {
    const about = waiting.state.turn.prompts[0]?.id
    const press = {
      id: '9',
      guildId: '2',
      channelId: '1',
      messageId: '8',
      userId: '7',
      userName: 'ada',
      customId: `send-now:${about}`,
    }
    const pressed = step(waiting.state, { kind: 'pressed', at: 1, order: 2, press })
    expect(pressed.actions).toEqual([{ kind: 'read-session', delayMs: 0 }])
    expect(kinds(step(pressed.state, read(typed, working)))).toEqual(['prompt'])
  })

  test('waits no longer than ten minutes without a sign of life', () => {
    const again = (state: Conversation): Conversation => play(state, minute, read(typed, working)).state
    const nine = Array.from({ length: 9 }).reduce<Conversation>(again, waiting.state)
    expect(nine.turn.status.kind).toBe('elsewhere')
    const alive = play(nine, read(typed, { ...working, parts: [tool('prt_1', 'completed')] })).state
    expect(again(alive).turn.status.kind).toBe('elsewhere')
    expect(again(nine).turn.status.kind).toBe('idle')
  })

  test('that was submitted a moment too early comes back, and waits', () => {
    const sending = play(conversation(), said('plant'))
    const [effect] = sending.effects
    if (!effect) throw new Error('Nothing was submitted')
    const back = step(sending.state, { kind: 'outcome', at: 2, effect, outcome: { kind: 'busy-elsewhere' } })
    expect([kinds(back), back.actions]).toEqual([[], [{ kind: 'read-session', delayMs: 0 }]])
    const held = step(back.state, read(typed, working))
    expect(kinds(held)).toEqual([])
    expect(kinds(step(held.state, read(typed, done)))).toEqual(['prompt'])
  })
})

test.each([
  ['new words of a terminal', 'msg_t', 100, true],
  ['what is history', 'msg_t', 40, false],
])('%s are read or not: %s', (_, id, created, isRead) => {
  const last = { id, created, words: 'w', isAnswered: false, updated: 5000 }
  const { actions } = step(conversation({}, { closedUpTo: 50 }), {
    kind: 'session-written',
    at: 1,
    session: SESSION,
    title: 'Roof',
    last,
  })
  expect(actions).toEqual(isRead ? [{ kind: 'read-session', delayMs: 0 }] : [])
  expect(runsElsewhere(conversation({}, { closedUpTo: 50 }), last, 5000)).toBe(isRead)
  expect(runsElsewhere(conversation(), last, 5000 + 10 * 60_000)).toBe(false)
})
