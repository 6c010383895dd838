/** What OpenCode offers in a project: models of connected providers, and agents. Pure. */
import { deriveId } from '../../base/ids.ts'
import type { ModelChoice } from './preferences.ts'

export interface Offer {
  /** Connected ones only. */
  readonly providers: readonly OfferedProvider[]
  readonly agents: readonly OfferedAgent[]
  /** Named by the configuration. */
  readonly configured: ModelChoice | undefined
  /** Chosen in OpenCode's terminal, the last one first. */
  readonly recent: readonly ModelChoice[]
  /** Who answers where no agent is named. */
  readonly defaultAgent: string | undefined
}

export interface OfferedProvider {
  readonly id: string
  readonly name: string
  readonly models: readonly OfferedModel[]
  /** The model that OpenCode would take. */
  readonly fallback: string | undefined
}

export interface OfferedModel {
  readonly provider: string
  readonly id: string
  readonly name: string
  /** ISO date, or empty. */
  readonly released: string
  /** How much it may think, as its provider calls it. */
  readonly variants: readonly string[]
}

export interface OfferedAgent {
  readonly name: string
  readonly description: string
  /** People can speak with it; others are only called by agents. */
  readonly isPrimary: boolean
  readonly isHidden: boolean
  readonly model: ModelChoice | undefined
}

/** `provider/model`. */
export const modelName = ({ provider, id }: Pick<OfferedModel, 'provider' | 'id'>): string => `${provider}/${id}`

/** By their names. */
export const providersOf = ({ providers }: Offer): readonly OfferedProvider[] =>
  providers.toSorted((one, other) => compare(one.name.toLowerCase(), other.name.toLowerCase()))

/** The newest first. */
export const modelsOf = (offer: Offer): readonly OfferedModel[] => newestFirst(offer.providers.flatMap(({ models }) => models))

export const newestFirst = (models: readonly OfferedModel[]): readonly OfferedModel[] =>
  models.toSorted((one, other) => compare(other.released, one.released) || compare(modelName(one), modelName(other)))

export const modelOf = ({ providers }: Offer, { provider, model }: ModelChoice): OfferedModel | undefined =>
  providers.find(({ id }) => id === provider)?.models.find(({ id }) => id === model)

/** Those people can speak with. */
export const agentsOf = ({ agents }: Offer): readonly OfferedAgent[] =>
  agents.filter(({ isPrimary, isHidden }) => isPrimary && !isHidden)

/**
 * A name as it stands in the id of a button, where a whole name may have no room: the same name always has the same key, so the thing is
 * found in a list that has changed since, or is seen to be gone.
 */
export const keyOf = (name: string): string => deriveId('', name).slice(0, 10)

const compare = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0)
