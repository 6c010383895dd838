/** What OpenCode offers, as a test says. */
import type { Offer, OfferedAgent, OfferedModel } from '../../src/domain/models/offer.ts'

export const modelOffered = (id: string, facts: Partial<OfferedModel> = {}): OfferedModel => ({
  provider: 'p',
  id,
  name: id,
  released: '',
  variants: [],
  ...facts,
})

export const agentOffered = (name: string, facts: Partial<OfferedAgent> = {}): OfferedAgent => ({
  name,
  description: '',
  isPrimary: true,
  isHidden: false,
  model: undefined,
  ...facts,
})

/** A provider for each that a model names; the first agent answers where none is named. */
export function offerOf({
  models = [],
  agents = [],
  ...facts
}: Partial<Offer> & { readonly models?: readonly OfferedModel[] }): Offer {
  const providers = [...Map.groupBy(models, ({ provider }) => provider)].map(([id, own]) => ({
    id,
    name: id,
    models: own,
    fallback: own[0]?.id,
  }))
  return { providers, agents, configured: undefined, recent: [], defaultAgent: agents[0]?.name, ...facts }
}
