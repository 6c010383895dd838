/**
 * Rate limits as data. Discord documents the mechanism and the global 50 per second (docs: Rate Limits) but not the numbers of the
 * buckets: those below are community figures, defaults that `EmulatorOptions.rateLimits` can replace.
 */
export interface BucketRule {
  /** Routes with the same name share a bucket, per major parameter (channel, guild, application). */
  readonly bucket: string
  readonly limit: number
  readonly windowMs: number
}

export interface Quota {
  readonly limit: number
  readonly windowMs: number
}

export interface RateLimitRules {
  /** Requests of one bot over all routes. */
  readonly global: Quota
  /** By route, e.g. `POST /channels/:channel/messages`. */
  readonly routes: Readonly<Record<string, BucketRule>>
  /** Routes not listed: one bucket per route and major parameter. */
  readonly other: Quota
  /** PATCH of a channel's or thread's `name` or `topic`, besides the route's own bucket. */
  readonly rename: Quota
  /** Answers with 401, 403 or 429 (not `shared`) before every request is refused for the rest of the window. */
  readonly invalid: Quota
  /** IDENTIFYs a day, and how many per five seconds (`max_concurrency`). */
  readonly sessionStarts: Quota
  readonly identify: Quota
  /** Whole member lists (op 8) per session and guild. */
  readonly allMembers: Quota
  /** Payloads a client may send on one gateway connection. */
  readonly gatewaySends: Quota
}

const reactions: BucketRule = { bucket: 'reactions', limit: 1, windowMs: 250 }

export const RATE_LIMITS: RateLimitRules = {
  global: { limit: 50, windowMs: 1000 },
  routes: {
    'POST /channels/:channel/messages': { bucket: 'message-create', limit: 5, windowMs: 5000 },
    'PATCH /channels/:channel/messages/:message': { bucket: 'message-edit', limit: 5, windowMs: 5000 },
    'DELETE /channels/:channel/messages/:message': { bucket: 'message-delete', limit: 5, windowMs: 1000 },
    'PUT /channels/:channel/messages/:message/reactions/:emoji/@me': reactions,
    'DELETE /channels/:channel/messages/:message/reactions/:emoji/@me': reactions,
    'DELETE /channels/:channel/messages/:message/reactions/:emoji/:user': reactions,
    'DELETE /channels/:channel/messages/:message/reactions/:emoji': reactions,
    'DELETE /channels/:channel/messages/:message/reactions': reactions,
    'POST /channels/:channel/typing': { bucket: 'typing', limit: 5, windowMs: 5000 },
    'POST /channels/:channel/threads': { bucket: 'thread-create', limit: 10, windowMs: 10_000 },
    'POST /channels/:channel/messages/:message/threads': { bucket: 'thread-create', limit: 10, windowMs: 10_000 },
    'PATCH /channels/:channel': { bucket: 'channel-update', limit: 10, windowMs: 15_000 },
    'PUT /applications/:application/guilds/:guild/commands': { bucket: 'guild-commands', limit: 5, windowMs: 20_000 },
    'PUT /applications/:application/commands': { bucket: 'global-commands', limit: 5, windowMs: 20_000 },
  },
  other: { limit: 30, windowMs: 5000 },
  rename: { limit: 2, windowMs: 600_000 },
  invalid: { limit: 10_000, windowMs: 600_000 },
  sessionStarts: { limit: 1000, windowMs: 86_400_000 },
  identify: { limit: 1, windowMs: 5000 },
  allMembers: { limit: 1, windowMs: 30_000 },
  gatewaySends: { limit: 120, windowMs: 60_000 },
}
