/** A Discord that fits in memory. See the README for a ten-line example. */
export { startEmulator } from './emulator.ts'
export { createJournal } from './journal.ts'
export { DiscordError } from './world/base/discord-error.ts'
export type * from './api.ts'
export type { Journal, JournalEntry, JournalRecord } from './journal.ts'
export type { BucketRule, Quota, RateLimitRules } from './rules/rate-limits.ts'
