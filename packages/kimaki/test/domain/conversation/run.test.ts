/** When a run is over: what ends it, what only looks as if it did, and what comes after its end. */
import { expect, test } from 'vitest'
import type { AgentEvent, AgentMessage, AgentPart } from '../../../src/domain/conversation/agent.ts'
import type { Change } from '../../../src/domain/conversation/change.ts'
import { beginConversation, type Conversation } from '../../../src/domain/conversation/state.ts'
import { step } from '../../../src/domain/conversation/step.ts'
import { view } from '../../../src/view/view.ts'
import { CHANNEL, GUILD, SESSION, answer, idle, message, part, says, text } from '../../support/conversation.ts'

const user = { kind: 'user', id: 'msg_u', created: 10 } as const

function busy(...messages: readonly AgentMessage[]): Conversation {
  const begun = beginConversation({
    id: '1',
    install: 'i',
    guildId: GUILD,
    channelId: CHANNEL,
    directory: '/p',
    verbosity: 'text_and_essential_tools',
    inThread: true,
  })
  const phase = { kind: 'seen', created: user.created, messageId: user.id, parts: [], resends: 0 } as const
  return {
    ...begun,
    session: { kind: 'open', id: SESSION },
    mirrored: true,
    status: { kind: 'busy' },
    prompts: [{ id: 'discord:1', order: 1, message: message('x'), acceptedAt: 1, phase }],
    messages,
  }
}

const hear = (state: Conversation, ...events: readonly AgentEvent[]): Change =>
  events.reduce<Change>((change, event) => step(change.state, { kind: 'agent', at: 1, event }), {
    state,
    effects: [],
    hints: [],
  })

const wants = ({ hints }: Change): readonly string[] => hints.map(({ kind }) => kind)
const done = answer('msg_a', user, [text('prt_1', 'Done.')])

test('idle with a last word to the newest message ends it', () => {
  expect(wants(hear(busy(user, done), idle))).toContain('describe')
})

test('an idle that belongs to the run before ends nothing (P-013)', () => {
  const before = { kind: 'user', id: 'msg_before', created: 1 } as const
  const state = busy(before, answer('msg_b', before, [text('prt_0', 'Before.')]), user)
  const change = hear(state, idle)
  expect(wants(change)).toEqual(['read-session'])
  expect(change.state.prompts[0]?.phase.kind).toBe('seen')
})

test('an answer that called tools is not the last one, complete as it is (P-014)', () => {
  const change = hear(busy(user, { ...done, finish: 'tool-calls' }), idle)
  expect(wants(change)).toEqual(['read-session'])
})

test('a last word whose note of completion never came ends it all the same (P-015)', () => {
  expect(wants(hear(busy(user, { ...done, completed: undefined }), idle))).toContain('describe')
})

test('a complete answer that is told again has one footer (P-016)', () => {
  const first = hear(busy(user, done), idle).state
  const described = step(first, {
    kind: 'described',
    at: 1,
    answerId: 'msg_a',
    facts: { folder: 'p', branch: undefined, durationMs: 1, contextPercent: undefined, model: 'm', agent: 'build' },
  }).state
  const again = hear(described, says(done), idle)
  expect(wants(again)).not.toContain('describe')
  expect(view(again.state).filter(({ key }) => key.startsWith('footer/'))).toHaveLength(1)
})

test('a part of an answer to an earlier turn, told late, is not shown in this one (P-017)', () => {
  const state: Conversation = { ...busy(user), settledAt: 5 }
  const earlier: AgentMessage = answer('msg_old', { kind: 'user', id: 'msg_before', created: 1 }, [])
  const late: AgentPart = text('prt_old', 'From before.')
  const { state: after } = hear(state, says(earlier), part('msg_old', late))
  expect(view(after).map((block) => block.text)).not.toContain('⬥ From before.')
  expect(after.messages.map(({ id }) => id)).toEqual(['msg_u'])
})
