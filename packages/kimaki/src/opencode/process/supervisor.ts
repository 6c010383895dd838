/**
 * One slot for a server; there is never more than one process in it:
 *
 *     absent ──live()──▶ starting ──healthy──▶ live ──process gone──▶ absent (told as 'lost')
 *        ▲                  │ fails                ──restart()──────▶ absent (told as 'lost')
 *        └──────────────────┘                      ──retire()───────▶ absent (nothing ran: nobody is told)
 *
 * It may begin with the server of an earlier bot; nothing is started before that one was looked at. After a death or a failed
 * start the next start comes 1 s after the last one at the soonest, then 2 s, up to 30 s: what crashes at once is slowed down,
 * what has served for a while is there again without a wait. A server that lived for a minute forgets this. Nobody starts a
 * server that nobody needs.
 */
import type { AgentResult, RememberedServer } from '../../ports/agent.ts'
import { adoptServer, endRecorded } from './adopt.ts'
import { STOPPED, done, unavailable } from '../wire/result.ts'
import { startServer } from './server.ts'
import type { LiveServer, ServerOptions } from './server.ts'
import { pause, within } from '../wire/wait.ts'

const STEADY_MS = 60_000
const FORGET_MS = 2_000
const NEVER = new AbortController().signal

/** A live server and what we keep open with it; `Link` is the caller's. */
export interface Supervisor<Link> {
  /** The running one, or a new one; ends within back-off plus start. */
  live(): Promise<AgentResult<Link>>
  current(): Link | undefined
  /** Resolves once it is known what became of the server of an earlier bot. */
  settled(): Promise<void>
  /** Ends the server; the next `live()` starts another. */
  restart(reason: string): Promise<void>
  /** Ends the server for good. */
  retire(): Promise<void>
  stop(mode: 'end' | 'leave'): Promise<void>
}

export interface SupervisorOptions<Link> extends ServerOptions {
  /** What an earlier bot left. */
  readonly remembered?: RememberedServer | undefined
  readonly forget: () => Promise<void>
  readonly findBinary: () => AgentResult<string>
  readonly open: (server: LiveServer) => Link
  readonly close: (link: Link) => Promise<void>
  readonly lost: (reason: string) => void
}

export function createSupervisor<Link>(options: SupervisorOptions<Link>): Supervisor<Link> {
  const { log, remembered, stopped } = options
  let live: { readonly server: LiveServer; readonly link: Link } | undefined
  let starting: Promise<AgentResult<Link>> | undefined
  let ending: Promise<void> | undefined
  let failures = 0
  let notBefore = 0
  const adopting = remembered && adopt(remembered)

  function failedAt(lived: number): void {
    failures = lived >= STEADY_MS ? 1 : failures + 1
    notBefore = performance.now() - lived + restartDelay(failures)
  }

  function detach(): LiveServer | undefined {
    if (!live) return undefined
    const { server, link } = live
    live = undefined
    void options.close(link)
    return server
  }

  function attach(server: LiveServer): Link {
    const link = options.open(server)
    live = { server, link }
    const died = () => {
      if (live?.server !== server || stopped.aborted) return
      log.warn('the OpenCode server has died', { pid: server.record.pid })
      failedAt(performance.now() - server.startedAt)
      detach()
      options.lost('the OpenCode server has died')
    }
    if (server.gone.aborted) died()
    else server.gone.addEventListener('abort', died, { once: true })
    return link
  }

  async function adopt(left: RememberedServer): Promise<void> {
    try {
      const server = await adoptServer(left, options)
      if (!server) return
      log.info('took over the OpenCode server of an earlier run', { pid: server.record.pid, port: server.record.port })
      attach(server)
    } catch (cause) {
      log.error('the OpenCode server of an earlier run could not be taken over', { cause: String(cause) })
    }
  }

  async function start(): Promise<AgentResult<Link>> {
    await adopting
    if (live) return done(live.link)
    const binary = options.findBinary()
    if (!binary.ok) return binary
    await ending
    await pause(notBefore - performance.now(), stopped)
    if (stopped.aborted) return STOPPED
    const began = performance.now()
    const started = await startServer(binary.value, options)
    if (!started.ok) {
      // A broken configuration is not tried again before it has changed.
      if (started.failure.kind !== 'config') failedAt(0)
      if (!stopped.aborted) log.error('OpenCode could not be started', { failure: started.failure })
      return started
    }
    const { pid, port } = started.value.record
    log.info('started an OpenCode server', { pid, port, ms: Math.round(performance.now() - began) })
    return done(attach(started.value))
  }

  /** No folder to write the log to, a store that cannot be read: told like any start that fails. */
  function broke(cause: unknown): AgentResult<Link> {
    failedAt(0)
    log.error('OpenCode could not be started', { cause: String(cause) })
    return unavailable(`OpenCode could not be started: ${String(cause)}`)
  }

  return {
    async live() {
      if (stopped.aborted) return STOPPED
      if (live) return done(live.link)
      starting ??= start()
        .catch(broke)
        .finally(() => (starting = undefined))
      return starting
    },

    current: () => live?.link,

    settled: async () => adopting,

    async restart(reason) {
      const server = detach()
      if (server) {
        options.lost(reason)
        ending = server.end()
      }
      await ending
    },

    async retire() {
      await adopting
      await starting
      await detach()?.end()
      await ending
      await forget()
    },

    /** Called once `stopped` has aborted, so that nothing starts any more. */
    async stop(mode) {
      await adopting
      await starting
      await ending
      if (live) {
        const { server, link } = live
        await options.close(link)
        await (mode === 'end' ? server.end() : server.leave())
        live = undefined
      } else if (mode === 'end' && remembered) await endRecorded(remembered, options)
      if (mode === 'end') await forget()
    },
  }

  /** A record that stays does no harm: its process is gone. */
  async function forget(): Promise<void> {
    const failed = (cause: unknown) =>
      log.warn('the record of the OpenCode server could not be cleared', { cause: String(cause) })
    await within(options.forget().catch(failed), FORGET_MS, NEVER)
  }
}

export const restartDelay = (failures: number): number => Math.min(30_000, 1_000 * 2 ** (failures - 1))
