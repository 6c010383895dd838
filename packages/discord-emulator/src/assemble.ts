/** Puts an emulator together from its parts: one port of 127.0.0.1 for REST, CDN and gateway, over one realm. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Emulator, EmulatorOptions } from './api.ts'
import { createGateway } from './gateway/serve.ts'
import { createStartLimit } from './world/base/start-limit.ts'
import { createJournal } from './journal.ts'
import type { ReplayLog } from './gateway/replay-log.ts'
import { createFaults, type FaultBook } from './rest/faults.ts'
import { createRateLimiter, type RateLimiter } from './rest/serve/rate-limiter.ts'
import type { Route } from './rest/route.ts'
import { createServe } from './rest/serve/serve.ts'
import { RATE_LIMITS } from './rules/rate-limits.ts'
import { createChance } from './world/base/chance.ts'
import { createClock } from './world/base/clock.ts'
import { createChanges } from './world/base/changes.ts'
import { createRealm } from './world/realm/realm.ts'
import { createWorld } from './world/world.ts'

/** What a test may replace, to see whether anybody notices. */
export interface Parts {
  readonly routes: readonly Route[]
  readonly limiter: (limiter: RateLimiter) => RateLimiter
  readonly replayLog: (log: ReplayLog) => ReplayLog
  /** The data of each dispatch as it is about to be numbered. */
  readonly dispatched: (event: string, data: unknown) => unknown
}

/** Resolves once the port listens. Every option has a default; see `EmulatorOptions`. */
export async function assembleEmulator(options: EmulatorOptions, parts: Parts): Promise<Emulator> {
  // Idle connections stay: a server that closes them first races with the next request of its client.
  const server = createServer({ keepAliveTimeout: 600_000, requestTimeout: 0 })
  const port = await listen(server, options.port ?? 0)
  const origin = `http://127.0.0.1:${port}`

  const clock = createClock(options.now ?? (() => performance.timeOrigin + performance.now()))
  const { now } = clock
  const chance = createChance(options.seed)
  const rules = { ...RATE_LIMITS, ...(typeof options.rateLimits === 'object' ? options.rateLimits : {}) }
  const enforced = options.rateLimits !== false
  const journal = createJournal()
  const changes = createChanges()
  journal.onEntry(changes.changed)
  const realm = createRealm(
    {
      origin,
      now,
      clock,
      secret: chance.bytes,
      signingKey: chance.bytes(32),
      nonceWindow: options.nonceWindow ?? 180_000,
      attachmentLifetime: options.attachmentLifetime ?? 86_400_000,
      activeThreads: options.activeThreads ?? 1000,
      shards: options.shards ?? 1,
      olderMessage: options.olderMessage ?? 60_000,
    },
    journal,
    changes.changed,
  )
  const startLimit = createStartLimit(rules, enforced, now)
  const faults: FaultBook = createFaults(chance, (down) => gateway.setDown(down))
  const gateway = createGateway(realm, startLimit, {
    meetEvent: faults.meetEvent,
    replayLog: parts.replayLog,
    dispatched: parts.dispatched,
    heartbeatInterval: options.heartbeatInterval ?? 41_250,
    resumeWindow: options.resumeWindow ?? 90_000,
    replayBuffer: options.replayBuffer ?? 10_000,
    trimAcknowledged: options.trimAcknowledged ?? false,
    rules,
    enforced,
  })
  const stopping = new AbortController()
  const serve = createServe(realm, {
    routes: parts.routes,
    limiter: parts.limiter(createRateLimiter(rules, enforced, now)),
    faults,
    startLimit,
    onExchange: options.onExchange,
    stopping: stopping.signal,
  })
  server.on('request', (request, response) => void serve(request, response))
  server.on('upgrade', gateway.upgrade)

  let stopped: Promise<void> | undefined
  return {
    origin,
    apiUrl: `${origin}/api`,
    world: createWorld(realm, changes),
    journal,
    faults,
    gateway: gateway.control,
    clock: {
      now,
      advance(ms) {
        clock.advance(ms)
        changes.changed()
      },
    },
    stop() {
      stopped ??= new Promise((resolve) => {
        stopping.abort()
        clock.stop()
        changes.end()
        gateway.stop()
        server.close(() => resolve())
        server.closeAllConnections()
      })
      return stopped
    },
  }
}

function listen(server: ReturnType<typeof createServer>, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => {
      server.removeListener('error', reject)
      resolve((server.address() as AddressInfo).port)
    })
  })
}
