/** What people choose among in a project: models of connected providers, and agents. Pure. */
import { deriveId } from '../../base/ids.ts'
import type { ModelChoice } from './preferences.ts'

export interface Choices {
  /** Connected ones only. */
  readonly providers: readonly KnownProvider[]
  readonly agents: readonly KnownAgent[]
  /** Named by the configuration. */
  readonly configured: ModelChoice | undefined
  /** Chosen in OpenCode's terminal, the last one first. */
  readonly recent: readonly ModelChoice[]
  /** Who answers where no agent is named. */
  readonly defaultAgent: string | undefined
}

export interface KnownProvider {
  readonly id: string
  readonly name: string
  readonly models: readonly KnownModel[]
  /** The model that OpenCode would take. */
  readonly fallback: string | undefined
}

export interface KnownModel {
  readonly provider: string
  readonly id: string
  readonly name: string
  /** ISO date, or empty. */
  readonly released: string
  /** How much it may think, as its provider calls it. */
  readonly variants: readonly string[]
}

export interface KnownAgent {
  readonly name: string
  readonly description: string
  /** People can speak with it; others are only called by agents. */
  readonly isPrimary: boolean
  readonly isHidden: boolean
  readonly model: ModelChoice | undefined
}

/** `provider/model`. */
export const modelName = ({ provider, id }: Pick<KnownModel, 'provider' | 'id'>): string => `${provider}/${id}`

/** By their names. */
export const providersOf = ({ providers }: Choices): readonly KnownProvider[] =>
  providers.toSorted((one, other) => compare(one.name.toLowerCase(), other.name.toLowerCase()))

/** The newest first. */
export const modelsOf = (choices: Choices): readonly KnownModel[] =>
  newestFirst(choices.providers.flatMap(({ models }) => models))

export const newestFirst = (models: readonly KnownModel[]): readonly KnownModel[] =>
  models.toSorted((one, other) => compare(other.released, one.released) || compare(modelName(one), modelName(other)))

export const modelOf = ({ providers }: Choices, { provider, model }: ModelChoice): KnownModel | undefined =>
  providers.find(({ id }) => id === provider)?.models.find(({ id }) => id === model)

export const isForPeople = ({ isPrimary, isHidden }: KnownAgent): boolean => isPrimary && !isHidden

/** Those people can speak with. */
export const agentsOf = ({ agents }: Choices): readonly KnownAgent[] => agents.filter(isForPeople)

/**
 * A name as it stands in the id of a button, where a whole name may have no room: the same name always has the same key, so the thing is
 * found in a list that has changed since, or is seen to be gone.
 */
export const keyOf = (name: string): string => deriveId('', name).slice(0, 10)

const compare = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0)
