/** Messages that are deleted and edited when they are with the session already: what is asked of it, and what follows from its answer. */
import { describe, expect, test } from 'vitest'
import type { AgentMessage } from '../../../src/domain/agent.ts'
import { lateEdits } from '../../../src/domain/conversation/features/told/late-edits.ts'
import type { Input } from '../../../src/domain/conversation/input.ts'
import { interrupt } from '../../../src/app/effects/unread/interrupt.ts'
import type { Prompt, PromptPhase } from '../../../src/domain/conversation/prompt.ts'
import type { RecallMessage } from '../../../src/domain/conversation/run/effects.ts'
import { inTurn, type Conversation } from '../../../src/domain/conversation/state.ts'
import { step } from '../../../src/domain/conversation/step.ts'
import { view } from '../../../src/view/index.ts'
import { answer, conversation, message, prompt, SESSION, text } from '../../support/conversation.ts'

const first = { kind: 'user', id: 'msg_1', created: 10 } as const
const second = { kind: 'user', id: 'msg_2', created: 20 } as const
const third = { kind: 'user', id: 'msg_3', created: 30 } as const
const begun = answer('msg_a', first, [text('prt_a', 'Well', false)], { created: 11, completed: undefined, finish: undefined })
const done = answer('msg_a', first, [text('prt_a', 'Well.')], { created: 11, completed: 40 })

const submitted = (kind: 'sending' | 'delivered' | 'resend', n: number): PromptPhase => {
  const known = { messageId: `msg_${n}`, parts: [{ type: 'text', id: `prt_${n}01`, text: `m${n}` }], resends: 0 } as const
  return kind === 'delivered' ? { kind, created: n * 10, ...known } : { kind, ...known }
}
const delivered = (n: number, facts: Partial<Prompt> = {}): Prompt => prompt(n, submitted('delivered', n), facts)

/** The first is being answered; the second and the third wait behind the step. */
const working = conversation({
  status: { kind: 'busy' },
  messages: [first, begun, second, third],
  prompts: [delivered(1), delivered(2), delivered(3)],
})

const after = (
  state: Conversation,
  ...inputs: readonly (Input extends infer I ? (I extends unknown ? Omit<I, 'at'> : never) : never)[]
) =>
  inputs.reduce<Pick<ReturnType<typeof step>, 'state' | 'effects' | 'actions'>>(
    (change, input) => step(change.state, { ...input, at: 100 }),
    { state, effects: [], actions: [] },
  )
const deletion = (n: number) => ({ kind: 'deleted-message', messageId: String(n) }) as const
const edit = (n: number, words: string) => ({ kind: 'edited-message', message: message(words, { id: String(n) }) }) as const
const recallOf = ({ effects }: Pick<ReturnType<typeof step>, 'effects'>): RecallMessage | undefined =>
  effects.find((effect): effect is RecallMessage => effect.kind === 'recall')
const must = (effect: RecallMessage | undefined): RecallMessage => {
  if (!effect) throw new Error('nothing is asked of the session')
  return effect
}
const outcome = (change: Pick<ReturnType<typeof step>, 'effects'>, kind: string) =>
  ({ kind: 'outcome', effect: must(recallOf(change)), outcome: { kind } }) as const
const ends = (state: Conversation) =>
  state.turn.prompts.map(({ phase }) => (phase.kind === 'ended' ? phase.end.kind : phase.kind))
const told = (state: Conversation) => lateEdits.of(state).map(({ promptId, what }) => `${promptId} ${what}`)

describe('what no step may have read is asked for in the session, and nothing is told yet', () => {
  const resend = inTurn(working, { status: { kind: 'idle' }, prompts: [delivered(1), prompt(2, submitted('resend', 2))] })
  test.each<[string, Conversation]>([
    ['behind a running step', working],
    ['before the session is read, after a start', inTurn(working, { isSynced: false, messages: [] })],
    ['not told by the stream yet', inTurn(working, { messages: [first, begun] })],
    ['to be posted again', resend],
  ])('%s', (_where, state) => {
    const deleted = after(state, deletion(2))
    expect(recallOf(deleted)).toMatchObject({ session: SESSION, messageId: 'msg_2' })
    expect(recallOf(deleted)?.reworded).toBeUndefined()
    expect(recallOf(after(state, edit(2, 'other')))?.reworded?.parts).toMatchObject([{ id: 'prt_201', text: 'other' }])
    expect(told(deleted.state)).toEqual([])
  })

  test('one whose POST is on record is asked for when it is seen in the session', () => {
    const sending = inTurn(working, { prompts: [delivered(1), prompt(2, submitted('sending', 2))] })
    const deleted = after(sending, deletion(2))
    expect(recallOf(deleted)).toBeUndefined()
    const effect = { key: 'prompt/msg_2/0', kind: 'prompt', owner: 'run', promptId: 'discord:2', messageId: 'msg_2' }
    const seen = after(deleted.state, { kind: 'outcome', effect, outcome: { kind: 'delivered', created: 20 } })
    expect(recallOf(seen)?.messageId).toBe('msg_2')
  })
})

describe('what the agent has read stays, and the thread says so', () => {
  test('as far as the replica tells: at once', () => {
    const { state, effects } = after(working, deletion(1), edit(1, 'other'))
    expect(effects).toEqual([])
    expect(told(state)).toEqual(['discord:1 deleted', 'discord:1 edited'])
  })

  test.each(['read', 'failed'])('as the session tells: with its answer (%s)', (kind) => {
    const deleted = after(working, deletion(2))
    const { state } = after(deleted.state, outcome(deleted, kind))
    expect(told(state)).toEqual(['discord:2 deleted'])
    const edited = after(working, edit(2, 'other'))
    const late = after(edited.state, outcome(edited, kind)).state
    expect([told(late), late.turn.prompts[1]?.message.text]).toEqual([['discord:2 edited'], 'm2'])
  })

  test('also a deletion that comes while an edit is being made, and the agent reads the message meanwhile', () => {
    const edited = after(working, edit(2, 'other'))
    const read = inTurn(edited.state, { messages: [first, done, second, third, answer('msg_b', third, [])] })
    const deleted = after(read, deletion(2))
    expect(told(after(deleted.state, outcome(edited, 'read')).state)).toEqual(['discord:2 deleted'])
  })

  test('the words of a command are OpenCode’s', () => {
    const command = inTurn(working, { prompts: [delivered(1), delivered(2, { command: { name: 'review', args: '' } })] })
    expect(told(after(command, edit(2, 'other')).state)).toEqual(['discord:2 edited'])
    expect(told(after(working, edit(2, '/review')).state)).toEqual(['discord:2 edited'])
  })
})

describe('a message that was taken back', () => {
  test('is not run, and what waits behind it goes on', () => {
    const deleted = after(working, deletion(2))
    const { state } = after(deleted.state, outcome(deleted, 'emptied'))
    expect(ends(state)).toEqual(['delivered', 'withdrawn', 'delivered'])
    expect(view(state).map((block) => block.text)).toContain('⬦ deleted before the agent saw it: not run')
  })

  test('nothing is submitted, interrupted or ended until that is known', () => {
    const waiting = inTurn(working, { prompts: [...working.turn.prompts, prompt(4, { kind: 'ready', prepared: [] })] })
    const deleted = after(waiting, deletion(3))
    expect(deleted.effects.map(({ kind }) => kind)).toEqual(['recall'])
    const due = after(deleted.state, { kind: 'alarm', owner: 'run', name: 'interrupt-due' })
    expect(due.effects).toEqual([])
    const over = answer('msg_b', third, [text('prt_b', 'Both.')], { created: 41 })
    const idle = inTurn(deleted.state, { status: { kind: 'idle' }, messages: [first, done, second, third, over] })
    expect(ends(after(idle, { kind: 'turn-closed' }).state)).toEqual(['delivered', 'delivered', 'delivered', 'ready'])
    expect(after(deleted.state, outcome(deleted, 'emptied')).effects.map(({ kind }) => kind)).toEqual(['prompt'])
  })

  const last = inTurn(working, { messages: [first, begun, second], prompts: [delivered(1), delivered(2)] })
  const emptied = (() => {
    const deleted = after(last, deletion(2))
    return after(deleted.state, outcome(deleted, 'emptied')).state
  })()

  test('behind the last answer: its step is stopped once the answer is complete, once, and leaves the session with it', () => {
    expect(after(emptied, { kind: 'turn-closed' }).effects).toEqual([])
    const ended = inTurn(emptied, { messages: [first, done, second] })
    const stopped = after(ended, { kind: 'turn-closed' })
    expect(stopped.effects).toMatchObject([{ kind: 'abort', drop: ['msg_2'] }])
    expect(after(stopped.state, { kind: 'turn-closed' }).effects).toEqual([])
  })

  test('what is said to it is nobody’s to read, and the answer before it is the answer', () => {
    const vain = answer('msg_v', second, [text('prt_v', 'Anything else?')], { created: 50, completed: 60 })
    const state = inTurn(emptied, { status: { kind: 'idle' }, messages: [first, done, second, vain] })
    expect(view(state).some((block) => block.text.includes('Anything else?'))).toBe(false)
    expect(after(state, { kind: 'turn-closed' }).actions).toMatchObject([{ kind: 'collect-footer', answer: { id: 'msg_a' } }])
  })

  test('a step that goes on with the work before it is the answer', () => {
    const tools = answer('msg_a', first, [], { created: 11, completed: 30, finish: 'tool-calls' })
    const rest = answer('msg_b', second, [text('prt_b', 'Done.')], { created: 50, completed: 60 })
    const state = inTurn(emptied, { status: { kind: 'idle' }, messages: [first, tools, second, rest] })
    expect(view(state).some((block) => block.text.includes('Done.'))).toBe(true)
    expect(after(state, { kind: 'turn-closed' }).actions).toMatchObject([{ kind: 'collect-footer', answer: { id: 'msg_b' } }])
  })

  test('is not posted again when its run was cut off: the message before it is, without it', () => {
    const messages: readonly AgentMessage[] = [first, second]
    const cut = inTurn(emptied, { status: { kind: 'idle' }, messages })
    const snapshot = {
      kind: 'snapshot',
      snapshot: { status: { kind: 'idle' }, messages, title: undefined },
      meanwhile: [],
    } as const
    const suspected = step(cut, { ...snapshot, at: 1000 })
    const again = step(suspected.state, { ...snapshot, at: 4000 })
    expect(again.effects).toMatchObject([{ kind: 'prompt', messageId: 'msg_1', resend: true }])
  })

  test('stops no step for itself, when that was about to happen', async () => {
    const deleted = after(last, deletion(2))
    const calls: string[] = []
    const agent = { snapshot: async () => ({ messages: [first, begun, second] }), abort: async () => void calls.push('abort') }
    const effect = { kind: 'interrupt', key: 'i', owner: 'run', directory: '/p', session: SESSION, promptId: 'discord:2' }
    const deps = { agent, clock: { now: () => 0 }, retry: { signal: new AbortController().signal } }
    const handle = { conversation: { state: deleted.state }, isRetry: false }
    const ended = await interrupt.run(
      deps as never,
      { ...effect, messageId: 'msg_2', stepId: 'msg_a', due: 0 } as never,
      handle as never,
    )
    expect([ended, calls]).toEqual([{ kind: 'done' }, []])
  })
})

describe('a message that was edited', () => {
  test('has its new words, also when it is posted again', () => {
    const edited = after(working, edit(3, 'other'))
    const { state } = after(edited.state, outcome(edited, 'reworded'))
    expect(state.turn.prompts[2]).toMatchObject({
      message: { text: 'other' },
      phase: { kind: 'delivered', parts: [{ text: 'other' }] },
    })
    expect(told(state)).toEqual([])
  })

  test('twice at once: the second edit follows the first, under a key of its own', () => {
    const edited = after(working, edit(2, 'other'))
    const again = after(edited.state, edit(2, 'another'))
    expect(again.effects).toEqual([])
    const next = after(again.state, outcome(edited, 'reworded'))
    expect(recallOf(next)).toMatchObject({ reworded: { parts: [{ text: 'another' }] } })
    expect(recallOf(next)?.key).not.toBe(recallOf(edited)?.key)
  })

  test('and then deleted: it goes; the same words are no edit', () => {
    const edited = after(working, edit(2, 'other'))
    expect(after(edited.state, edit(2, 'other')).state).toBe(edited.state)
    const deleted = after(edited.state, deletion(2))
    const next = after(deleted.state, outcome(edited, 'reworded'))
    expect(recallOf(next)?.reworded).toBeUndefined()
    expect(ends(after(next.state, outcome(next, 'emptied')).state)).toEqual(['delivered', 'withdrawn', 'delivered'])
    expect(recallOf(after(working, edit(2, 'm2')))).toBeUndefined()
  })
})
