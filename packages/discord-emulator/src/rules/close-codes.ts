/** Gateway close codes as data (docs: Opcodes and Status Codes > Gateway Close Event Codes). */
export interface CloseRule {
  readonly reason: string
  /** Whether a session closed by the server with this code can still be resumed. */
  readonly resumable: boolean
}

export const CLOSE = {
  unknownError: 4000,
  unknownOpcode: 4001,
  decodeError: 4002,
  notAuthenticated: 4003,
  authenticationFailed: 4004,
  alreadyAuthenticated: 4005,
  invalidSequence: 4007,
  rateLimited: 4008,
  sessionTimedOut: 4009,
  invalidShard: 4010,
  shardingRequired: 4011,
  invalidApiVersion: 4012,
  invalidIntents: 4013,
  disallowedIntents: 4014,
} as const

export const CLOSE_RULES: Readonly<Record<number, CloseRule>> = {
  4000: { reason: 'Unknown error.', resumable: true },
  4001: { reason: 'Unknown opcode.', resumable: true },
  4002: { reason: 'Error while decoding payload.', resumable: true },
  4003: { reason: 'Not authenticated.', resumable: true },
  4004: { reason: 'Authentication failed.', resumable: false },
  4005: { reason: 'Already authenticated.', resumable: true },
  4007: { reason: 'Invalid seq.', resumable: false },
  4008: { reason: 'Rate limited.', resumable: true },
  4009: { reason: 'Session timed out.', resumable: false },
  4010: { reason: 'Invalid shard.', resumable: false },
  4011: { reason: 'Sharding required.', resumable: false },
  4012: { reason: 'Invalid API version.', resumable: false },
  4013: { reason: 'Invalid intent(s).', resumable: false },
  4014: { reason: 'Disallowed intent(s).', resumable: false },
}

/** Codes a client sends to end its session for good (docs: Gateway > Disconnecting). */
export const ENDS_SESSION: ReadonlySet<number> = new Set([1000, 1001])
