/**
 * The gateway put together from its parts: one HTTP server for pages, REST and sockets, the lines to Discord, one store between them.
 *
 *     Discord ─▶ lines ─▶ feed ─commit─▶ store ─▶ sessions ─▶ sockets of clients
 *        ▲                                 ▲
 *        └──────────── proxy ◀─ permit ────┴──── REST of clients
 */
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { StoreAway } from './base/errors.ts'
import type { Log } from './base/log.ts'
import type { Metrics } from './base/metrics.ts'
import type { Config } from './config.ts'
import { answerOffline, OFFLINE, WAKING } from './events/offline.ts'
import { Shards } from './events/shards.ts'
import { createAnnounce } from './onboarding/announce.ts'
import { createInstall } from './onboarding/install.ts'
import { createManage } from './onboarding/manage.ts'
import { createOAuth } from './onboarding/oauth.ts'
import { createRegistration } from './onboarding/registration.ts'
import { createWakeAddress } from './onboarding/wake-address.ts'
import type { Store } from './ports/store.ts'
import { Limits } from './rest/limits.ts'
import { createOwnAnswers } from './rest/own-answers.ts'
import { createOwnership } from './rest/ownership.ts'
import { createProxy } from './rest/proxy.ts'
import { createRoutes } from './serve/routes.ts'
import { createSockets } from './serve/sockets.ts'
import { Sessions } from './socket/sessions.ts'
import { createUpstreamRest } from './upstream/rest.ts'
import type { Knocker } from './wake/knock.ts'
import { Waker } from './wake/waker.ts'

export interface GatewayParts {
  readonly store: Store
  readonly log: Log
  readonly now: () => number
  readonly metrics: Metrics
  /** How machines are woken; the internet where it is left out. */
  readonly knocker?: Knocker | undefined
  /** Discord will not have the bot: there is nothing to go on with. */
  readonly onFatal: (reason: string) => void
}

export interface Gateway {
  readonly port: number
  /** Lets clients and Discord resume later; resolves when nothing is left running. */
  stop(): Promise<void>
}

const UPKEEP_MS = 60_000
/** How long clients have to take their leave. */
const DRAIN_MS = 1000

/** Resolves once the port listens. `publicUrl` may name port 0: then it is the port that was found. */
export async function startGateway(given: Config, parts: GatewayParts): Promise<Gateway> {
  const { store, log, now, metrics, onFatal } = parts
  const server = createServer({ keepAliveTimeout: 75_000 })
  const port = await listen(server, given)
  const config = { ...given, publicUrl: given.publicUrl.replace(/:0$/, `:${port}`) }
  const socketUrl = `${config.publicUrl.replace(/^http/, 'ws')}/gateway`
  const upstream = createUpstreamRest(config.apiUrl, config.botToken)
  const own = createOwnAnswers(store, upstream, socketUrl)
  const { applicationId } = config
  const sessions = new Sessions({
    store,
    log,
    metrics,
    applicationId,
    socketUrl,
    user: own.user,
    send: (op, data) => shards.send(op, data),
  })
  const { isConnected, deliver, gap, lost, answered } = sessions
  const announceAll = createAnnounce({ store, log, publicUrl: config.publicUrl }, upstream)
  const announce = (): void => void announceAll()
  const waker = new Waker({ store: store.clients, now, log, metrics, knocker: parts.knocker })
  const shards = new Shards({
    upstream,
    store: store.events,
    line: { log, onFatal, intents: config.intents, token: config.botToken },
    feed: {
      log,
      metrics,
      isConnected,
      deliver,
      gap,
      lost,
      answered,
      now,
      wanted: (clientId) => waker.wake(clientId),
      unheard({ interaction, clientIds }) {
        const isWaking = clientIds.some((clientId) => waker.wake(clientId))
        void answerOffline(upstream, interaction, isWaking ? WAKING : OFFLINE)
      },
      created: announce,
    },
    identifyEveryMs: config.identifyEveryMs,
  })
  const settings = { ...config, store, log, metrics, now, deliver, lost, announce }
  const oauth = createOAuth(settings)
  const limits = new Limits({ perSecond: config.requestsPerSecond, invalid: config.invalidRequests }, now)
  const sockets = createSockets(sessions, { heartbeatMs: config.heartbeatMs, now })
  const routes = createRoutes({
    oauth,
    metrics,
    log,
    metricsToken: config.metricsToken,
    isBehindProxy: config.isBehindProxy,
    proxy: createProxy({ store, upstream, applicationId, limits, own, log, metrics }),
    ownership: createOwnership({ store, upstream, limits }),
    wakeAddress: createWakeAddress(store.clients),
    registration: createRegistration(settings),
    install: createInstall(settings, oauth),
    manage: createManage(settings, oauth),
    health: () => [
      ...(store.check() instanceof StoreAway ? ['the database cannot be used'] : []),
      ...(shards.isUp ? [] : ['Discord is not connected']),
    ],
  })
  server.on('request', routes)
  server.on('upgrade', sockets.upgrade)
  const upkeep = setInterval(() => {
    store.events.trim()
    announce()
  }, UPKEEP_MS)
  shards.start()
  log.info('the gateway listens', { port, publicUrl: config.publicUrl })
  let stopped: Promise<void> | undefined
  const stop = async (): Promise<void> => {
    clearInterval(upkeep)
    sockets.drain()
    const closed = new Promise<void>((resolve) => server.close(() => resolve()))
    server.closeIdleConnections()
    const cut = setTimeout(() => {
      sockets.terminate()
      server.closeAllConnections()
    }, DRAIN_MS)
    await shards.stop()
    await closed
    clearTimeout(cut)
    sockets.terminate()
    store.close()
  }
  return { port, stop: () => (stopped ??= stop()) }
}

function listen(server: Server, { port, host }: Config): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.removeListener('error', reject)
      resolve((server.address() as AddressInfo).port)
    })
  })
}
