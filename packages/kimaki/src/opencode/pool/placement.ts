/**
 * Decides which server serves a project. Pure.
 *
 *     a server serves it already ─────────▶ that one, whatever else is true: never two for one project
 *     fewer servers than the limit ───────▶ one of its own
 *     limit 1 ────────────────────────────▶ the one for all
 *     a server is idle ───────────────────▶ the least recently used idle one is evicted
 *     all are busy ───────────────────────▶ it shares the least busy one
 *
 * Projects that are trusted share no server with those that are not. Where only such servers are left, it gets one beyond the limit.
 */

export interface Serving {
  readonly projects: readonly string[]
  /** It runs nothing that projects bring, as no project on it is trusted. */
  readonly isBare: boolean
  /** Sessions that run and calls under way; a session that waits for a person's answer runs. */
  readonly busy: number
  /** Unix ms of the last call. */
  readonly usedAt: number
}

export type Placement<Server extends Serving> =
  | { readonly kind: 'new' }
  | { readonly kind: 'serves' | 'replace' | 'share'; readonly server: Server }

export interface Wanted {
  readonly project: string
  readonly isBare: boolean
}

export function place<Server extends Serving>(
  { project, isBare }: Wanted,
  servers: readonly Server[],
  limit: number,
): Placement<Server> {
  const own = servers.find(({ projects }) => projects.includes(project))
  if (own) return { kind: 'serves', server: own }
  if (servers.length < limit) return { kind: 'new' }
  const byUse = servers.toSorted((a, b) => a.busy - b.busy || a.usedAt - b.usedAt)
  const [leastBusy] = byUse
  if (leastBusy?.busy === 0 && limit > 1) return { kind: 'replace', server: leastBusy }
  const alike = byUse.find((server) => server.isBare === isBare)
  return alike ? { kind: 'share', server: alike } : { kind: 'new' }
}

/** Servers beyond the limit that can be evicted: idle ones, the least recently used first. */
export function evictable<Server extends Serving>(servers: readonly Server[], limit: number): readonly Server[] {
  const idle = servers.filter(({ busy }) => busy === 0).toSorted((a, b) => a.usedAt - b.usedAt)
  return idle.slice(0, Math.max(0, servers.length - limit))
}
