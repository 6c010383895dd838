/** What nobody may guess, and comparisons that tell nothing by the time they take. */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

/** 256 bits, for addresses and cookies. */
export const secretOf256Bits = (): string => randomBytes(32).toString('base64url')

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

/** Of two texts of any length. */
export function isSame(a: string, b: string): boolean {
  return timingSafeEqual(createHash('sha256').update(a).digest(), createHash('sha256').update(b).digest())
}

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** Like ABCD-2345: 40 bits, for people to compare. */
export function codeForPeople(): string {
  const letters = [...randomBytes(8)].map((byte) => LETTERS[byte % LETTERS.length]).join('')
  return `${letters.slice(0, 4)}-${letters.slice(4)}`
}
