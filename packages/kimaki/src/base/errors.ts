/** Expected trouble as values: tagged errors that a function returns and its caller narrows with `instanceof`. Owner of `errore`. */
import { createTaggedError } from 'errore'

/** The database cannot be used, now or later; `reason` is the sentence for the operator. */
export class StoreError extends createTaggedError({ name: 'StoreError', message: '$reason' }) {}

/** The database cannot be used now, but may be later: a lock, a full disk. */
export class StoreUnavailable extends createTaggedError({ name: 'StoreUnavailable', message: '$reason' }) {}

/** Wrong use: `reason` says what to change; the program ends with 64 (do not start again as it is). */
export class UsageError extends createTaggedError({ name: 'UsageError', message: '$reason' }) {}

/** A person's command cannot be run; `reason` is the sentence for that person. */
export class CommandError extends createTaggedError({ name: 'CommandError', message: '$reason' }) {}
