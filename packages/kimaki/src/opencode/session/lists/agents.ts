/** The agents of a project: the one reader of `GET /agent`. */
import type { KnownAgent } from '../../../domain/models/choices.ts'
import type * as api from '../../wire/api.ts'
import { readList, type Received } from '../../wire/read.ts'

export const agentsIn = (json: unknown): readonly KnownAgent[] => readList<api.Agent>(json).flatMap(agentOf)

function agentOf(agent: Received<api.Agent>): readonly KnownAgent[] {
  const name = agent.text('name')
  if (name === undefined) return []
  const model = agent.object('model')
  const [provider, id] = [model.text('providerID'), model.text('modelID')]
  return [
    {
      name,
      description: agent.text('description') ?? '',
      isPrimary: agent.choice('mode', ['primary', 'all']) !== undefined,
      isHidden: agent.isTrue('hidden'),
      model: provider !== undefined && id !== undefined ? { provider, model: id, variant: agent.text('variant') } : undefined,
    },
  ]
}
