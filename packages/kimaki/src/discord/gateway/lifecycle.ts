/**
 * From `start` to the one end: ready, or fatal, or stopped. It owns the gateway client, and knows who we are before nothing is handed up.
 *
 * L1. `start` answers once: ready when the guilds are there, fatal when there is no use in waiting; it rejects when `stop` comes first.
 * L2. Fatal is told once: as the answer of `start` until the bot is ready, to the listener from then on, and never after `stop`.
 * L3. A 401 is believed only when Discord repeats it: the first one may come from a proxy in between.
 * L4. `stop` resolves when the socket is gone and no timer is left.
 */
import { isAbortError } from '../../base/errors.ts'
import type { ChatFatal, ChatReady, GatewayPosition, Line } from '../../ports/chat.ts'
import type { Log } from '../../ports/host.ts'
import { statusOf } from '../rest/failure.ts'
import type { Rest } from '../rest/rest.ts'
import type { Arrival } from '../wire/dispatch.ts'
import { nothing } from '../wire/shape.ts'
import { gatewayOf } from './address.ts'
import { GatewayClient, type GatewayClientOptions } from './client.ts'
import { DeliveryWatch, type DeliveryWatchOptions } from './delivery-watch.ts'
import { wrongToken } from './fatal.ts'
import type { IdentifyBudget } from './identify-budget.ts'
import type { Identity } from './identity.ts'
import type { ReadyBarrier } from './ready-barrier.ts'
import type { Peer } from './peer.ts'
import { createRetryForever, type RetryForever } from './retry-forever.ts'

export interface LifecycleOptions {
  readonly token: string
  readonly apiUrl: string
  readonly log: Log
  readonly rest: Rest
  readonly identity: Identity
  readonly barrier: ReadyBarrier
  readonly budget: IdentifyBudget
  readonly onDispatch: (dispatch: Arrival, position: GatewayPosition, replayed: boolean) => void
  readonly onFatal: (fatal: ChatFatal) => void
  readonly peer?: Peer | undefined
  readonly isProjectChannel: (channelId: string) => boolean
  readonly watch?: Pick<DeliveryWatchOptions, 'lookMs' | 'confirmMs'>
  readonly client?: Pick<GatewayClientOptions, 'resumeTimeoutMs' | 'pauseAfter' | 'connect'>
  readonly createRetryForever?: typeof createRetryForever
  /** Is a 401 true? Default: Discord is asked who we are. */
  readonly isRefused?: () => Promise<boolean>
}

export class Lifecycle {
  readonly #options: LifecycleOptions
  readonly #retryForever: RetryForever
  readonly #started = Promise.withResolvers<ChatReady | ChatFatal>()
  #phase: 'starting' | 'ready' | 'fatal' = 'starting'
  readonly #bornAt = performance.now()
  #client: GatewayClient | undefined
  #isCheckingToken = false

  constructor(options: LifecycleOptions) {
    this.#options = options
    const { rest, apiUrl, log } = options
    const isReady = (): boolean => this.#phase === 'ready'
    this.#retryForever = (options.createRetryForever ?? createRetryForever)(rest, { apiUrl, log, isReady })
    rest.onUnauthorized(() => void this.#checkToken())
    // Where nobody has started, nobody hears that it was stopped.
    this.#started.promise.catch(() => undefined)
  }

  start(position: GatewayPosition | undefined): Promise<ChatReady | ChatFatal> {
    this.#connect(position).catch((error: unknown) => this.#started.reject(error))
    return this.#started.promise
  }

  line(): Line {
    return (
      this.#client?.line() ?? {
        kind: 'down',
        reason: 'Discord has not told who the bot is',
        forMs: performance.now() - this.#bornAt,
      }
    )
  }

  async stop(): Promise<void> {
    const { rest, barrier } = this.#options
    rest.stop()
    barrier.stop()
    this.#started.reject(rest.stopping.reason)
    await this.#client?.stop()
  }

  /** The gateway tells who we are in READY alone, so that is asked first where a session is to be resumed. */
  async #connect(position: GatewayPosition | undefined): Promise<void> {
    const { identity, barrier, token, apiUrl, log, budget, peer, client } = this.#options
    const known = position && (await identity.fetch(this.#retryForever))
    if (known?.kind === 'fatal') return this.#end(known)
    if (this.#isOver()) return
    this.#client = new GatewayClient({
      token,
      log,
      budget,
      peer,
      isGateway: peer?.isGateway ?? gatewayOf(apiUrl),
      position,
      retryForever: this.#retryForever,
      onDispatch: (...dispatched) => this.#onDispatch(...dispatched),
      onFatal: (fatal) => this.#end(fatal),
      watch: this.#watch(),
      ...client,
    })
    this.#client.start()
    await barrier.opened()
    const { self } = identity
    if (self instanceof Error || this.#isOver()) return
    this.#phase = 'ready'
    this.#started.resolve(self)
  }

  #watch(): DeliveryWatch {
    const { identity, rest, log, isProjectChannel, watch } = this.#options
    return new DeliveryWatch({
      rest,
      log,
      guildIds: () => (identity.self instanceof Error ? [] : identity.self.guildIds),
      isProjectChannel,
      onDeaf: () => this.#client?.renew('the gateway delivers nothing'),
      ...watch,
    })
  }

  #onDispatch(...[dispatch, position, replayed]: Parameters<LifecycleOptions['onDispatch']>): void {
    const { identity, barrier, onDispatch } = this.#options
    identity.onDispatch(dispatch)
    onDispatch(dispatch, position, replayed)
    barrier.onDispatch(dispatch)
  }

  async #checkToken(): Promise<void> {
    if (this.#isCheckingToken || this.#phase === 'fatal') return
    this.#isCheckingToken = true
    try {
      if (await (this.#options.isRefused ?? this.#isRefused)()) this.#end(this.#options.peer?.wrongToken ?? wrongToken)
    } catch (error) {
      if (!isAbortError(error)) throw error
    } finally {
      this.#isCheckingToken = false
    }
  }

  readonly #isRefused = async (): Promise<boolean> => {
    const user = await this.#options.rest.call({ method: 'GET', route: '/users/@me' }, nothing)
    return user instanceof Error && statusOf(user) === 401
  }

  #end(fatal: ChatFatal): void {
    if (this.#isOver()) return
    const wasReady = this.#phase === 'ready'
    this.#phase = 'fatal'
    void this.#client?.stop()
    if (wasReady) this.#options.onFatal(fatal)
    else this.#started.resolve(fatal)
  }

  #isOver(): boolean {
    return this.#phase === 'fatal' || this.#options.rest.stopping.aborted
  }
}
