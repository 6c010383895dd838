/** What OpenCode offers, as a test says. */
import type { Choices, KnownAgent, KnownModel } from '../../src/domain/models/choices.ts'

export const knownModel = (id: string, facts: Partial<KnownModel> = {}): KnownModel => ({
  provider: 'p',
  id,
  name: id,
  released: '',
  variants: [],
  ...facts,
})

export const knownAgent = (name: string, facts: Partial<KnownAgent> = {}): KnownAgent => ({
  name,
  description: '',
  isPrimary: true,
  isHidden: false,
  model: undefined,
  ...facts,
})

/** A provider for each that a model names; the first agent answers where none is named. */
export function choicesOf({
  models = [],
  agents = [],
  ...facts
}: Partial<Choices> & { readonly models?: readonly KnownModel[] }): Choices {
  const providers = [...Map.groupBy(models, ({ provider }) => provider)].map(([id, own]) => ({
    id,
    name: id,
    models: own,
    fallback: own[0]?.id,
  }))
  return { providers, agents, configured: undefined, recent: [], defaultAgent: agents[0]?.name, ...facts }
}
