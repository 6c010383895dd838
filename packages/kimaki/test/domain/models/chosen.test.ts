/** What a thread remembers of who answers in it, and what it forgets when somebody chooses anew. */
import { describe, expect, test } from 'vitest'
import { chosenIn, models } from '../../../src/domain/conversation/features/commands/models.ts'
import { reactionTo } from '../../../src/domain/conversation/feature.ts'
import type { RunEvent } from '../../../src/domain/conversation/event.ts'
import { isNothingChosen } from '../../../src/domain/models/in-force.ts'
import type { PreferenceChange, Scope } from '../../../src/domain/models/preferences.ts'
import { conversation } from '../../support/conversation.ts'

const model = { provider: 'p', model: 'm', variant: undefined }
const set = (scope: Scope, change: PreferenceChange): RunEvent => ({ kind: 'preference-set', scope, change })
const setModel = (scope: Scope): RunEvent => set(scope, { name: 'model', value: model })
const clearModel = (scope: Scope): RunEvent => set(scope, { name: 'model', value: undefined })
const setAgent = (scope: Scope, value: string | undefined): RunEvent => set(scope, { name: 'agent', value })
const delivered: Extract<RunEvent, { kind: 'delivered' }> = {
  kind: 'delivered',
  answeredBy: { agent: 'plan', model },
  by: 'channel',
}

/** After these events, one after the other. */
function after(...events: readonly RunEvent[]) {
  const slice = events.reduce<unknown>(
    (before, event) => reactionTo(models, event.kind)?.(before, event, conversation()).slice,
    models.initial,
  )
  const { session, kept } = chosenIn(conversation({}, { features: { models: slice } }))
  return { session, kept }
}

describe('a thread', () => {
  test.each<[string, readonly RunEvent[], ReturnType<typeof after>]>([
    ['that has begun keeps what answered first', [delivered], { session: {}, kept: { by: 'channel', agent: 'plan', model } }],
    ['keeps it, whatever answers later', [delivered, { ...delivered, by: 'global' }], after(delivered)],
    ['for which somebody chooses looks anew', [delivered, setModel('session')], { session: { model }, kept: undefined }],
    [
      'in which somebody chooses for the channel follows',
      [setModel('session'), setModel('channel')],
      { session: {}, kept: undefined },
    ],
    [
      'keeps its own when the channel is cleared',
      [setModel('session'), clearModel('channel')],
      { session: { model }, kept: undefined },
    ],
    [
      'takes the model of the agent that is chosen',
      [setModel('session'), setAgent('session', 'plan')],
      { session: { agent: 'plan' }, kept: undefined },
    ],
    [
      'keeps its model when no agent is chosen any more',
      [setModel('session'), setAgent('session', undefined)],
      { session: { model }, kept: undefined },
    ],
    ['does not care for mentions', [delivered, set('channel', { name: 'mention', value: true })], after(delivered)],
    [
      'that was begun with an agent has it',
      [{ kind: 'begun', beginning: { name: 'n', agent: 'plan' } }],
      { session: { agent: 'plan' }, kept: undefined },
    ],
  ])('%s', (_name, events, expected) => {
    expect(after(...events)).toEqual(expected)
  })

  test('without any choice names nobody', () => {
    expect(isNothingChosen(chosenIn(conversation()))).toBe(true)
  })
})
