/** Expected trouble as values: a function returns `T | SomeError`, its caller narrows with `instanceof`. */
import { createTaggedError } from 'errore'

/** The database cannot be read or written now; it may be later. */
export class StoreAway extends createTaggedError({ name: 'StoreAway', message: 'the database cannot be used: $reason' }) {}

/** Discord gave no answer, or one that cannot be read. */
export class NoAnswer extends createTaggedError({ name: 'NoAnswer', message: 'Discord gave no answer: $reason' }) {}

/** Wrong settings: `reason` says what to change. */
export class UsageError extends createTaggedError({ name: 'UsageError', message: '$reason' }) {}

export const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
