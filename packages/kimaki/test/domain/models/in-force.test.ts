/** The order in which a model and an agent are looked for: each row is a level, with all levels above it empty. */
import { describe, expect, test } from 'vitest'
import { inForce, isNothingChosen, namedBy, type Chosen } from '../../../src/domain/models/in-force.ts'
import { keyOf } from '../../../src/domain/models/choices.ts'
import {
  changed,
  NO_PREFERENCES,
  preferenceChanges,
  type ModelChoice,
  type Preference,
} from '../../../src/domain/models/preferences.ts'
import { knownAgent, knownModel, choicesOf } from '../../support/choices.ts'

const choice = (model: string, variant?: string): ModelChoice => ({ provider: 'p', model, variant })
const NAMES = ['session', 'kept', 'agents', 'channel', 'global', 'sessions', 'configured', 'recent', 'first', 'other']
const choices = choicesOf({
  models: NAMES.map((name) => knownModel(name, { variants: ['high'] })),
  agents: [knownAgent('build'), knownAgent('plan', { model: choice('agents') }), knownAgent('helper', { isPrimary: false })],
})
const chosen = (facts: Partial<Chosen> = {}): Chosen => ({ ...NO_PREFERENCES, session: {}, ...facts })
const on = (model: string): Preference => ({ model: choice(model) })
const whole = { ...choices, configured: choice('configured'), recent: [choice('gone'), choice('recent')] }

describe('the model', () => {
  const plan = { agent: 'plan' }
  test.each<[string, Chosen, typeof choices, ModelChoice | undefined, string]>([
    [
      'of the thread',
      chosen({ session: { ...plan, ...on('session') }, channel: on('channel'), global: on('global') }),
      whole,
      choice('sessions'),
      'session',
    ],
    [
      'of the agent, before the channel',
      chosen({ session: plan, channel: on('channel'), global: on('global') }),
      whole,
      choice('sessions'),
      'agent',
    ],
    ['of the channel', chosen({ channel: on('channel'), global: on('global') }), whole, choice('sessions'), 'channel'],
    ['of all channels', chosen({ global: on('global') }), whole, choice('sessions'), 'global'],
    ['that the session has', chosen(), whole, choice('sessions'), 'opencode-session'],
    ["of OpenCode's configuration", chosen(), whole, undefined, 'config'],
    [
      'that was chosen last in the terminal, of those that are there',
      chosen(),
      { ...whole, configured: undefined },
      undefined,
      'recent',
    ],
    ['of the first provider', chosen(), { ...choices, recent: [] }, undefined, 'first-provider'],
    ['of nobody', chosen(), { ...choices, providers: [] }, undefined, 'none'],
  ])('%s', (...[, what, offered, sessions, by]) => {
    const found = inForce(what, offered, sessions)
    const models: Record<string, string | undefined> = {
      agent: 'agents',
      'opencode-session': 'sessions',
      config: 'configured',
      'first-provider': 'session',
      none: undefined,
    }
    expect([found.by, found.model?.model]).toEqual([by, by in models ? models[by] : by])
  })

  test('that was in force at the first message stays, whatever is chosen for the channel and for all since', () => {
    const kept = { by: 'channel', ...on('kept') } as const
    const found = inForce(chosen({ kept, channel: on('channel'), global: on('global') }), whole)
    expect(found).toMatchObject({ by: 'channel', isKept: true, model: choice('kept') })
  })

  test('where nothing was chosen at the first message, neither channel nor all count', () => {
    const what = chosen({ kept: { by: 'config' }, channel: on('channel'), global: on('global') })
    expect([inForce(what, whole, choice('sessions')).by, isNothingChosen(what)]).toEqual(['opencode-session', true])
  })

  test('that OpenCode does not choices any more is passed over, and told', () => {
    const found = inForce(chosen({ channel: on('lost'), global: on('global') }), whole)
    expect([found.by, found.missing]).toEqual(['global', [{ level: 'channel', name: 'p/lost' }]])
  })

  test.each([
    ['high', 'high'],
    ['lost', undefined],
  ])('with the variant %s goes on with %s', (variant, expected) => {
    expect(inForce(chosen({ session: { model: choice('session', variant) } }), whole).model?.variant).toBe(expected)
  })
})

describe('the agent', () => {
  test.each<[string, Partial<Chosen>, string, string]>([
    ['of the thread', { session: { agent: 'plan' }, channel: { agent: 'build' } }, 'plan', 'session'],
    ['of the channel', { channel: { agent: 'plan' }, global: { agent: 'build' } }, 'plan', 'channel'],
    ['of all channels', { global: { agent: 'plan' } }, 'plan', 'global'],
    ['of the configuration', {}, 'build', 'config'],
    ['that is gone is passed over', { session: { agent: 'gone' }, channel: { agent: 'plan' } }, 'plan', 'channel'],
    ['with whom nobody can speak is passed over', { session: { agent: 'helper' } }, 'build', 'config'],
  ])('%s', (_name, facts, agent, by) => {
    expect(inForce(chosen(facts), choices)).toMatchObject({ agent, agentBy: by })
  })
})

describe('a prompt names', () => {
  test.each<[string, Partial<Chosen>, ReturnType<typeof namedBy>]>([
    ['nothing, where nobody has chosen', {}, undefined],
    ['the model alone', { channel: on('channel') }, { agent: undefined, model: choice('channel') }],
    ['the agent alone, where it has no model', { session: { agent: 'build' } }, { agent: 'build', model: undefined }],
    ['the agent and its model', { session: { agent: 'plan' } }, { agent: 'plan', model: choice('agents') }],
    ['what was kept', { kept: { by: 'agent', agent: 'plan', ...on('kept') } }, { agent: 'plan', model: choice('kept') }],
  ])('%s', (_name, facts, named) => {
    expect(namedBy(inForce(chosen(facts), whole))).toEqual(named)
  })
})

describe('what is chosen', () => {
  test('is written where it has changed, and nothing else: another thread may just be choosing', () => {
    const before = { channel: { agent: 'plan', mention: true }, global: on('global') }
    const after = {
      channel: changed(before.channel, { name: 'mention', value: undefined }),
      global: changed(before.global, { name: 'agent', value: 'build' }),
    }
    expect(preferenceChanges('7', before, after)).toEqual([
      { place: '7', name: 'mention', value: undefined },
      { place: undefined, name: 'agent', value: 'build' },
    ])
  })

  test('has a key by its name, which never changes and differs from others', () => {
    const keys = new Set(Array.from({ length: 2000 }, (_, n) => keyOf(`provider/${'model'.repeat(40)}-${n}`)))
    expect([keys.size, keyOf('p/m')]).toEqual([2000, keyOf('p/m')])
  })
})
