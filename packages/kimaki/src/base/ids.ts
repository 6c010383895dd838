/** Identifiers: derived ones are a hash of what they name, so that the same thing always gets the same id. */
import { createHash } from 'node:crypto'

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

/** `prefix` followed by 24 base-62 characters of a SHA-256 over the keys (about 143 bits). */
export function deriveId(prefix: string, ...keys: readonly string[]): string {
  const digest = createHash('sha256')
    .update(keys.map((key) => `${key.length}:${key}`).join('|'))
    .digest()
  let number = BigInt(`0x${digest.toString('hex')}`)
  let text = ''
  while (text.length < 24) {
    text += BASE62[Number(number % 62n)]
    number /= 62n
  }
  return prefix + text
}

/** Discord snowflakes compare as numbers: by length, then as text. Negative when `a` is older. */
export function compareSnowflakes(a: string, b: string): number {
  if (a.length !== b.length) return a.length - b.length
  return a < b ? -1 : a > b ? 1 : 0
}

/** The smallest snowflake of a moment (Unix ms): everything Discord created later has a greater one (Discord docs: Snowflakes). */
export const snowflakeAt = (ms: number): string => String(BigInt(Math.max(Math.round(ms) - DISCORD_EPOCH, 0)) << 22n)

/** When Discord made it, Unix ms. */
export const timeOfSnowflake = (id: string): number => Number(BigInt(id) >> 22n) + DISCORD_EPOCH

const DISCORD_EPOCH = 1_420_070_400_000
