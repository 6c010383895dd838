/** What people have chosen for channels, as it stands in the table. A row that cannot be read counts as not chosen. */
import type { DatabaseSync } from 'node:sqlite'
import type { ModelChoice, StoredPreference } from '../domain/models/preferences.ts'

/** The place of what counts in all channels. */
export const EVERYWHERE = ''

export function preparePreferences(db: DatabaseSync): () => Promise<readonly StoredPreference[]> {
  const all = db.prepare(`SELECT place, name, value FROM preference`)
  return async () =>
    all.all().flatMap(({ place, name, value }): readonly StoredPreference[] => {
      const change = changeOf(String(name), parsed(String(value)))
      return change ? [{ ...change, place: place === EVERYWHERE ? undefined : String(place) } as StoredPreference] : []
    })
}

function changeOf(name: string, value: unknown) {
  if (name === 'agent' && typeof value === 'string') return { name, value }
  if ((name === 'mention' || name === 'worktrees') && typeof value === 'boolean') return { name, value }
  return name === 'model' && isModel(value) ? { name, value: { ...value, variant: value.variant } } : undefined
}

function isModel(value: unknown): value is ModelChoice {
  const { provider, model, variant } = Object(value) as Partial<Record<keyof ModelChoice, unknown>>
  return typeof provider === 'string' && typeof model === 'string' && (variant === undefined || typeof variant === 'string')
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}
