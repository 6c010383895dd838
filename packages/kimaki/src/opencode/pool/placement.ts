/**
 * Decides which server serves a project. Pure.
 *
 *     a server serves it already ─────────▶ that one, whatever else is true: never two for one project
 *     fewer servers than the limit ───────▶ one of its own
 *     limit 1 ────────────────────────────▶ the one for all
 *     a server is idle ───────────────────▶ the least recently used idle one is evicted
 *     all are busy ───────────────────────▶ it shares the least busy one
 */

export interface Serving {
  readonly projects: readonly string[]
  /** Sessions that run and calls under way; a session that waits for a person's answer runs. */
  readonly busy: number
  /** Unix ms of the last call. */
  readonly usedAt: number
}

export type Placement<Server extends Serving> =
  | { readonly kind: 'new' }
  | { readonly kind: 'serves' | 'replace' | 'share'; readonly server: Server }

export function place<Server extends Serving>(project: string, servers: readonly Server[], limit: number): Placement<Server> {
  const own = servers.find(({ projects }) => projects.includes(project))
  if (own) return { kind: 'serves', server: own }
  const leastBusy = servers.toSorted((a, b) => a.busy - b.busy || a.usedAt - b.usedAt)[0]
  if (!leastBusy || servers.length < limit) return { kind: 'new' }
  return { kind: leastBusy.busy === 0 && limit > 1 ? 'replace' : 'share', server: leastBusy }
}

/** Servers beyond the limit that can be evicted: idle ones, the least recently used first. */
export function evictable<Server extends Serving>(servers: readonly Server[], limit: number): readonly Server[] {
  const idle = servers.filter(({ busy }) => busy === 0).toSorted((a, b) => a.usedAt - b.usedAt)
  return idle.slice(0, Math.max(0, servers.length - limit))
}
