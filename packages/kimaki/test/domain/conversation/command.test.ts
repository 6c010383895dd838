/** `/name args` at the start of a message: the agent's command, if it knows one of that name. */
import { describe, expect, test } from 'vitest'
import type { Effect } from '../../../src/domain/conversation/effect.ts'
import { isWaiting, queue } from '../../../src/domain/conversation/features/queue.ts'
import type { SubmitPrompt } from '../../../src/domain/conversation/run/effects.ts'
import { inTurn, type Conversation } from '../../../src/domain/conversation/state.ts'
import { step } from '../../../src/domain/conversation/step.ts'
import { conversation, message } from '../../support/conversation.ts'

const open = conversation({}, { id: '900', thread: { kind: 'open', id: '900' } })
const commands = ['greet', 'review']
let order = 0
const written = (text: string, id: string) => message(text, { id, channelId: '900', inThread: true })
const take = (state: Conversation, text: string, id = String(100 + order)) =>
  step(state, { kind: 'message', at: 1, order: (order += 1), message: written(text, id) })
const prepared = (state: Conversation, effect: Effect | undefined) => {
  if (!effect) throw new Error('nothing was prepared')
  return step(state, { kind: 'outcome', at: 2, effect, outcome: { kind: 'prepared', prepared: [], commands } })
}
const submitted = (text: string) => {
  const asked = take(open, text)
  const [effect] = asked.effects
  const { effects } = effect?.kind === 'prepare' ? prepared(asked.state, effect) : asked
  return effects.find(({ kind }) => kind === 'prompt') as SubmitPrompt | undefined
}
const words = (effect: SubmitPrompt | undefined): readonly string[] =>
  effect?.parts.flatMap((part) => (part.type === 'text' && !part.synthetic ? part.text : [])) ?? []

describe('the names are asked for before it is submitted', () => {
  test('only for what begins with a slash', () => {
    expect(take(open, '/greet ada').effects.map(({ kind }) => kind)).toEqual(['prepare'])
    expect(take(open, 'greet /ada').effects.map(({ kind }) => kind)).toEqual(['prompt'])
  })

  test('a known one is a command with all that follows; its words are no part of the prompt', () => {
    const effect = submitted('/greet ada\nand bob')
    expect(effect?.command).toEqual({ name: 'greet', args: 'ada\nand bob' })
    expect(words(effect)).toEqual([])
    expect(effect?.parts).toEqual([expect.objectContaining({ synthetic: true })])
  })

  test('by the name that Discord shows, too', () => {
    expect(submitted('/greet-cmd ada')?.command).toEqual({ name: 'greet', args: 'ada' })
  })

  test('an unknown one is text', () => {
    expect(submitted('/tmp is full')?.command).toBeUndefined()
    expect(words(submitted('/tmp is full'))).toEqual(['/tmp is full'])
  })
})

test('it waits in the queue like anything else, and is a command when its turn comes', () => {
  const busy = inTurn(open, { status: { kind: 'busy' } })
  const queued = take(busy, '/greet ada. queue')
  expect(queue.of(queued.state).map(isWaiting)).toEqual([true])
  const next = step(queued.state, { kind: 'agent', at: 3, event: { kind: 'status', session: 'ses_1', status: { kind: 'idle' } } })
  const { effects } = prepared(next.state, next.effects[0])
  expect(effects).toEqual([expect.objectContaining({ kind: 'prompt', command: { name: 'greet', args: 'ada' } })])
})

test('what it says when it is submitted counts: an edit before that makes another of it', () => {
  const behind = { ...take(open, 'first', '50').state }
  const asked = take(behind, '/greet ada', '51')
  const ready = prepared(asked.state, asked.effects[0])
  const edited = step(ready.state, { kind: 'edited-message', at: 3, message: written('/review it', '51') })
  const seen = step(edited.state, {
    kind: 'outcome',
    at: 4,
    effect: take(open, 'first', '50').effects[0] as Effect,
    outcome: { kind: 'delivered', created: 4 },
  })
  expect(seen.effects).toEqual([expect.objectContaining({ kind: 'prompt', command: { name: 'review', args: 'it' } })])
})

test('words that become a command by an edit are asked about then', () => {
  const behind = take(open, 'first', '52').state
  const asked = take(behind, 'greet ada', '53')
  const edited = step(asked.state, { kind: 'edited-message', at: 3, message: written('/greet ada', '53') })
  expect(edited.effects.map(({ kind }) => kind)).toEqual(['prepare'])
})

test('posted again it is still that command, and never one of several that are read together', () => {
  const asked = take(open, '/greet ada', '54')
  const both = take(asked.state, 'and this', '55')
  const { state, effects } = prepared(both.state, asked.effects[0])
  expect(effects).toEqual([expect.not.objectContaining({ noReply: true })])
  expect(state.turn.prompts[0]?.command).toEqual({ name: 'greet', args: 'ada' })
  const cut = inTurn(state, {
    prompts: state.turn.prompts.map((prompt) =>
      prompt.phase.kind === 'sending' ? { ...prompt, phase: { ...prompt.phase, kind: 'resend', resends: 1 } } : prompt,
    ),
  })
  const again = step(cut, { kind: 'turn-closed', at: 5 })
  expect(again.effects).toEqual([expect.objectContaining({ resend: true, command: { name: 'greet', args: 'ada' } })])
})
