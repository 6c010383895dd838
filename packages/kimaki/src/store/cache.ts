/** The small, versioned cache of a conversation: what neither the tables nor a snapshot of the session can tell. */
import { FEATURES } from '../domain/conversation/features/index.ts'
import { sliceOf } from '../domain/conversation/feature.ts'
import { CACHED, type Conversation } from '../domain/conversation/state.ts'

/** Raised when a field of the conversation itself changes its shape: another version is rebuilt from tables. Features have versions of their own. */
export const CACHE_VERSION = 2

/** Fields of the conversation as they are; of each feature its slice, with the version of its shape. */
export type Cache = Readonly<Record<string, unknown>> & { readonly features: Readonly<Record<string, SavedSlice>> }

export interface SavedSlice {
  readonly version: number
  readonly slice: unknown
}

export function toCache(state: Conversation): string {
  const saved = FEATURES.flatMap((feature): readonly (readonly [string, SavedSlice])[] => {
    const slice = sliceOf(state, feature)
    if (slice === feature.initial) return []
    return [[feature.name, { version: feature.version, slice: feature.save ? feature.save(slice) : slice }]]
  })
  const fields = CACHED.map((field) => [field, state[field]] as const)
  return JSON.stringify({ ...Object.fromEntries(fields), features: Object.fromEntries(saved) })
}

/** Undefined: the cache is of another version, or unreadable. A single slice that is unreadable begins anew. */
export function fromCache(version: number, text: string): Partial<Conversation> | undefined {
  if (version !== CACHE_VERSION) return undefined
  try {
    const cache = JSON.parse(text) as Cache | null
    if (!cache?.['thread'] || !cache['session']) return undefined
    // A field that is missing is as in a conversation that begins.
    const fields = CACHED.filter((field) => cache[field] !== undefined).map((field) => [field, cache[field]] as const)
    return { ...Object.fromEntries(fields), features: readSlices(cache.features ?? {}) }
  } catch {
    return undefined
  }
}

function readSlices(saved: Cache['features']): Conversation['features'] {
  const slices = FEATURES.flatMap((feature): readonly (readonly [string, unknown])[] => {
    const known = saved[feature.name]
    if (!known) return []
    const isSame = known.version === feature.version
    const slice = feature.read ? feature.read(known.slice, known.version) : isSame ? known.slice : undefined
    return slice === undefined ? [] : [[feature.name, slice]]
  })
  return Object.fromEntries(slices)
}
