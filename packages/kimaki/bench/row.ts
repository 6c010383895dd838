/** One line of the table: a figure, how it spreads, and what it has to reach. */

export interface Row {
  readonly figure: string
  readonly unit: string
  readonly n: number
  readonly p50: number
  readonly p95: number
  /** Judged by the p50; a row without one is there to be compared with. */
  readonly target?: Target
}

export type Target = { readonly kind: 'at most' | 'at least'; readonly value: number }

export type Heading = Pick<Row, 'figure' | 'unit' | 'target'>

export function rowOf(heading: Heading, samples: readonly number[]): Row {
  return { ...heading, n: samples.length, p50: percentile(samples, 0.5), p95: percentile(samples, 0.95) }
}

/** How much longer `slower` is, percentile by percentile. */
export function differenceOf(heading: Heading, slower: Row, faster: Row): Row {
  return { ...heading, n: Math.min(slower.n, faster.n), p50: slower.p50 - faster.p50, p95: slower.p95 - faster.p95 }
}

export function isMissed({ p50, target }: Row): boolean {
  if (!target) return false
  return Number.isNaN(p50) || (target.kind === 'at most' ? p50 > target.value : p50 < target.value)
}

/** Interpolated between the two nearest samples, so that the p50 of an even number is their middle. */
export function percentile(samples: readonly number[], share: number): number {
  const sorted = samples.toSorted((a, b) => a - b)
  const place = (sorted.length - 1) * share
  const [below = Number.NaN, above = Number.NaN] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]]
  return below + (above - below) * (place - Math.floor(place))
}
