/** A model that hangs is stopped; a tool that takes long is not. */
import { expect, test } from 'vitest'
import type { AgentPart } from '../../../src/domain/conversation/agent.ts'
import { beginConversation, type Conversation } from '../../../src/domain/conversation/state.ts'
import { step } from '../../../src/domain/conversation/step.ts'
import { DEFAULT_SETTINGS } from '../../../src/domain/settings.ts'
import { CHANNEL, GUILD, SESSION, answer, message, text, tool } from '../../support/conversation.ts'

const SETTINGS = { ...DEFAULT_SETTINGS, modelStallMs: 8000 }
const user = { kind: 'user', id: 'msg_u', created: 10 } as const

function busy(...parts: readonly AgentPart[]): Conversation {
  const begun = beginConversation({
    id: '1',
    install: 'i',
    guildId: GUILD,
    channelId: CHANNEL,
    directory: '/p',
    verbosity: 'text_and_essential_tools',
    inThread: true,
  })
  const phase = { kind: 'seen', created: 10, messageId: 'msg_u', parts: [], resends: 0 } as const
  return {
    ...begun,
    session: { kind: 'open', id: SESSION },
    status: { kind: 'busy' },
    prompts: [{ id: 'discord:1', order: 1, message: message('x'), acceptedAt: 1, phase }],
    messages: [user, answer('msg_a', user, parts, { completed: undefined, finish: undefined })],
  }
}

const look = (state: Conversation): ReturnType<typeof step> => step(state, { kind: 'wake', why: 'silence', at: 1 }, SETTINGS)
function lookTimes(state: Conversation, times: number): Conversation {
  return times === 0 ? state : lookTimes(look(state).state, times - 1)
}

test('going busy arms a look after a quarter of the limit', () => {
  const status = { kind: 'status', session: SESSION, status: { kind: 'busy' } } as const
  const { hints } = step(busy(), { kind: 'agent', at: 1, event: status }, SETTINGS)
  expect(hints).toEqual([{ kind: 'wake', why: 'silence', delayMs: 2000 }])
})

test('the fifth look without a byte stops the run and says why', () => {
  const almost = lookTimes(busy(text('t', 'Half', false)), 4)
  expect(almost.prompts[0]?.phase.kind).toBe('seen')
  const { state, effects } = look(almost)
  expect(state.prompts[0]?.phase).toEqual({ kind: 'ended', end: { kind: 'failed', reason: { kind: 'silent', afterMs: 8000 } } })
  expect(effects.map(({ kind }) => kind)).toEqual(['abort'])
})

test('one byte begins the count anew', () => {
  const almost = lookTimes(busy(text('t', 'Half', false)), 4)
  const delta = { kind: 'delta', session: SESSION, messageId: 'msg_a', partId: 't', text: '.' } as const
  const spoken = step(almost, { kind: 'agent', at: 1, event: delta }, SETTINGS).state
  expect(lookTimes(spoken, 4).prompts[0]?.phase.kind).toBe('seen')
})

test('a tool may take as long as it likes, and is looked at all the while', () => {
  const running = busy(tool('x', 'running'))
  expect(lookTimes(running, 50).prompts[0]?.phase.kind).toBe('seen')
  expect(look(running).hints).toEqual([{ kind: 'wake', why: 'silence', delayMs: 2000 }])
})

test('an idle session is not looked at', () => {
  expect(look({ ...busy(), status: { kind: 'idle' } }).hints).not.toContainEqual(expect.objectContaining({ why: 'silence' }))
})
