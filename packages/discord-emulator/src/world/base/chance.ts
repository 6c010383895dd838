/** Chance that can be repeated: the same seed, the same bytes and numbers (mulberry32). */
import { randomBytes } from 'node:crypto'

export interface Chance {
  /** From 0 to below 1. */
  next(): number
  bytes(count: number): Buffer
}

export function createChance(seed: number | undefined): Chance {
  if (seed === undefined) return { next: Math.random, bytes: randomBytes }
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d_2b_79_f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  return { next, bytes: (count) => Buffer.from(Array.from({ length: count }, () => Math.floor(next() * 256))) }
}
