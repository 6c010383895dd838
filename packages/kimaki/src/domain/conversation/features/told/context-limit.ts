/** How many tokens the models of the open turn take in: asked for once each, so that the thread can say how full the context is. */
import type { AssistantMessage } from '../../../agent.ts'
import type { Action } from '../../effect.ts'
import { defineFeature, keep, type FeatureChange } from '../../feature.ts'
import type { Conversation } from '../../state.ts'

/** By `provider/model`; 0: nobody knows. */
type LimitSlice = Readonly<Record<string, number>>

export interface CollectLimit extends Action {
  readonly kind: 'collect-limit'
  readonly model: AssistantMessage['model']
}

export interface LimitReport {
  readonly model: AssistantMessage['model']
  readonly limit: number
}

export const contextLimit = defineFeature<LimitSlice>({
  name: 'context-limit',
  version: 1,
  initial: {},
  // A configuration may have changed by the next start.
  save: () => ({}),
  on: { agent: (limits, { event }, state) => (event.kind === 'message' ? collect(limits, state) : keep(limits)) },
  report(limits, report) {
    const { model, limit } = report as LimitReport
    return keep({ ...limits, [nameOf(model)]: limit })
  },
  closeTurn: (limits) => (Object.keys(limits).length === 0 ? limits : {}),
})

/** A step that has used tokens and is not the last: nothing else needs the limit while the run goes on. */
function collect(limits: LimitSlice, { turn: { messages } }: Conversation): FeatureChange<LimitSlice> {
  const step = messages.findLast((message) => message.kind === 'assistant')
  if (step?.kind !== 'assistant' || step.finish !== 'tool-calls' || step.tokens === 0) return keep(limits)
  if (limits[nameOf(step.model)] !== undefined) return keep(limits)
  const action: CollectLimit = { kind: 'collect-limit', model: step.model }
  return { slice: limits, actions: [action] }
}

const nameOf = ({ provider, model }: AssistantMessage['model']): string => `${provider}/${model}`
