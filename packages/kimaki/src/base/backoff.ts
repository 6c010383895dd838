/** How long to wait before the next try. */

export interface BackoffLimits {
  readonly firstMs: number
  readonly longestMs: number
}

/** Milliseconds after so many failures in a row (at least one): the first pause, doubled with each further failure up to the longest. */
export const backoffMs = ({ firstMs, longestMs }: BackoffLimits, failures: number): number =>
  Math.min(firstMs * 2 ** Math.max(failures - 1, 0), longestMs)
