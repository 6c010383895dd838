/**
 * Keeps one slot's server: it starts, adopts, replaces and ends the process, and opens and closes what is kept beside it (`Link`).
 *
 *     absent ──live()──▶ starting ──healthy──▶ live ──process gone──▶ absent (reported as lost)
 *        ▲                  │ fails                ──restart()──────▶ absent (reported as lost)
 *        └──────────────────┘                      ──retire()───────▶ absent (nothing ran: not reported)
 *
 * V1 There is never more than one process in a slot.
 * V2 The server of an earlier bot is adopted, or ended, before another is started.
 * V3 Starts that fail, and servers that crash at once, are repeated ever more slowly (`restart-limiter.ts`).
 * V4 Nothing is started that nobody has asked for, and nothing once the agent stops.
 * V5 What the tools of a server left running when it died is ended before another is started (`left-running.ts`).
 */
import { AgentUnavailable, ConfigBroken, isAbortError } from '../../base/errors.ts'
import { withDeadline } from '../../base/sleep.ts'
import type { RememberedServer } from '../../ports/agent.ts'
import { adoptServer, endRecorded } from './adopt.ts'
import { RestartLimiter } from './restart-limiter.ts'
import type { LiveServer } from './server.ts'
import { startServer } from './start.ts'
import type { ServerOptions, StartError } from './start.ts'

const FORGET_MS = 2_000
const NEVER = new AbortController().signal

/** `Link`: what is kept open with a live server; it is the caller's. */
export interface Supervisor<Link> {
  /** The running server, or a new one; ends within back-off plus start. Rejects when the agent stops. */
  live(): Promise<Link | StartError>
  current(): Link | undefined
  /** Resolves once the server of an earlier bot is adopted or ended. */
  adopted(): Promise<void>
  /** Ends the server; the next `live()` starts another. */
  restart(reason: string): Promise<void>
  /** Ends the server for good: no other is started. */
  retire(): Promise<void>
  /** Called once the agent has stopped, so that nothing starts any more. */
  stop(mode: 'end' | 'leave'): Promise<void>
}

export interface SupervisorOptions<Link> extends ServerOptions {
  /** The server that an earlier bot left. */
  readonly remembered?: RememberedServer | undefined
  readonly forget: () => Promise<void>
  readonly findBinary: () => Promise<string | AgentUnavailable>
  readonly open: (server: LiveServer) => Link
  readonly close: (link: Link) => Promise<void>
  readonly onLost: (reason: string) => void
}

export function createSupervisor<Link>(options: SupervisorOptions<Link>): Supervisor<Link> {
  const supervisor = new ServerSupervisor(options)
  supervisor.begin()
  return supervisor
}

interface Live<Link> {
  readonly server: LiveServer
  readonly link: Link
}

class ServerSupervisor<Link> implements Supervisor<Link> {
  readonly #options: SupervisorOptions<Link>
  readonly #restarts = new RestartLimiter()
  #live: Live<Link> | undefined
  #adopting: Promise<void> = Promise.resolve()
  #starting: Promise<Link | StartError> | undefined
  #ending: Promise<void> = Promise.resolve()
  #isRetired = false

  constructor(options: SupervisorOptions<Link>) {
    this.#options = options
  }

  begin(): void {
    const { remembered } = this.#options
    if (remembered) this.#adopting = this.#adopt(remembered)
  }

  async live(): Promise<Link | StartError> {
    this.#options.stopped.throwIfAborted()
    if (this.#isRetired) return new AgentUnavailable({ reason: 'its OpenCode server was given up' })
    if (this.#live) return this.#live.link
    this.#starting ??= this.#start()
      .catch((cause: unknown) => this.#startBroke(cause))
      .finally(() => (this.#starting = undefined))
    return this.#starting
  }

  current(): Link | undefined {
    return this.#live?.link
  }

  adopted(): Promise<void> {
    return this.#adopting
  }

  async restart(reason: string): Promise<void> {
    const server = this.#detach()
    if (server) {
      this.#options.onLost(reason)
      this.#ending = server.end()
    }
    await this.#ending
  }

  async retire(): Promise<void> {
    this.#isRetired = true
    await this.#settled()
    await this.#detach()?.end()
    await this.#forget()
  }

  async stop(mode: 'end' | 'leave'): Promise<void> {
    const { close, remembered } = this.#options
    await this.#settled()
    if (this.#live) {
      const { server, link } = this.#live
      await close(link)
      await (mode === 'end' ? server.end() : server.leave())
      this.#live = undefined
    } else if (mode === 'end' && remembered) {
      await endRecorded(remembered, this.#options)
    }
    if (mode === 'end') await this.#forget()
  }

  /** Whatever was under way has ended, however it ended. */
  async #settled(): Promise<void> {
    await this.#adopting
    // Whoever asked for the start hears of its failure, or of the stop.
    await this.#starting?.catch(() => undefined)
    await this.#ending
  }

  async #start(): Promise<Link | StartError> {
    const { log, stopped, findBinary } = this.#options
    await this.#adopting
    if (this.#live) return this.#live.link
    const binary = await findBinary()
    if (binary instanceof Error) return binary
    await this.#ending
    await this.#restarts.wait(stopped)
    stopped.throwIfAborted()
    const began = performance.now()
    const started = await startServer(binary, this.#options)
    if (started instanceof Error) {
      // A broken configuration is not tried again before it has changed.
      if (!(started instanceof ConfigBroken)) this.#restarts.failed(0)
      log.error('OpenCode could not be started', { failure: started.message })
      return started
    }
    const { pid, port } = started.record
    log.info('started an OpenCode server', { pid, port, ms: Math.round(performance.now() - began) })
    return this.#attach(started)
  }

  /** No folder for the log, a store that cannot be read: reported like any start that fails. */
  #startBroke(cause: unknown): AgentUnavailable {
    if (isAbortError(cause)) throw cause
    this.#restarts.failed(0)
    this.#options.log.error('OpenCode could not be started', { cause: String(cause) })
    return new AgentUnavailable({ reason: `OpenCode could not be started: ${String(cause)}` })
  }

  async #adopt(remembered: RememberedServer): Promise<void> {
    const { log } = this.#options
    try {
      const server = await adoptServer(remembered, this.#options)
      if (!server) return
      const { pid, port } = server.record
      log.info('took over the OpenCode server of an earlier run', { pid, port })
      this.#attach(server)
    } catch (cause) {
      if (isAbortError(cause)) return
      log.error('the OpenCode server of an earlier run could not be taken over', { cause: String(cause) })
    }
  }

  #attach(server: LiveServer): Link {
    const link = this.#options.open(server)
    this.#live = { server, link }
    if (server.gone.aborted) this.#onGone(server)
    else server.gone.addEventListener('abort', () => this.#onGone(server), { once: true })
    return link
  }

  #onGone(server: LiveServer): void {
    const { log, onLost, stopped } = this.#options
    if (this.#live?.server !== server || stopped.aborted) return
    log.warn('the OpenCode server has died', { pid: server.record.pid })
    this.#restarts.failed(performance.now() - server.startedAt)
    this.#detach()
    this.#ending = server.end()
    onLost('the OpenCode server has died')
  }

  /** The server of the slot, which is empty now. */
  #detach(): LiveServer | undefined {
    if (!this.#live) return undefined
    const { server, link } = this.#live
    this.#live = undefined
    void this.#options.close(link)
    return server
  }

  /** A record that stays does no harm: its process is gone. */
  async #forget(): Promise<void> {
    const { forget, log } = this.#options
    const onFailure = (cause: unknown): void =>
      log.warn('the record of the OpenCode server could not be cleared', { cause: String(cause) })
    await withDeadline(forget().catch(onFailure), FORGET_MS, NEVER)
  }
}
