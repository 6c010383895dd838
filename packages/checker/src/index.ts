export { check } from './check.ts'
export type { CheckInput, JournalEntry, JournalMessage, ModelEntry } from './input.ts'
export { summarise } from './verdict.ts'
export type { Finding, Verdict } from './verdict.ts'
