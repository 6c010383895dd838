/**
 * Keeps one gateway session alive, one connection at a time:
 *
 *     address ─▶ connecting ─hello─▶ resuming | identifying ─RESUMED | READY─▶ live ─end─▶ pause ─▶ address ...
 *
 * An end leads to a RESUME whenever the session may have survived, else to an IDENTIFY; a fatal close code leads out. Pauses grow from
 * 0.5 s to 30 s and start over only after a connection that was live for a minute, so a gateway that closes at once is not hammered.
 * The position is kept in memory here; the durable one is the caller's, who commits it with what the dispatch carried.
 */
import { GatewayDispatchEvents, type APIGatewayBotInfo, type GatewayDispatchPayload } from 'discord-api-types/v10'
import type { ChatFatal, GatewayPosition } from '../../ports/chat.ts'
import type { Log } from '../../ports/host.ts'
import { openConnection, type Connection, type ConnectionEnd } from './connection.ts'
import { fatalClose } from './fatal.ts'
import type { IdentifyBudget } from './identify-budget.ts'
import type { Persist } from './retry-forever.ts'
import { sleep } from '../rest/sleep.ts'
import { createWatchdog } from './watchdog.ts'

export interface ClientOptions {
  readonly token: string
  readonly log: Log
  readonly persist: Persist
  readonly budget: IdentifyBudget
  /** Where to resume; undefined: a new session. */
  readonly position: GatewayPosition | undefined
  /** `replayed`: it comes before the answer to a RESUME, which ends what was missed (Discord docs: Gateway > Resumed). */
  readonly onDispatch: (dispatch: GatewayDispatchPayload, position: GatewayPosition, replayed: boolean) => void
  readonly onFatal: (fatal: ChatFatal) => void
  /** How long a RESUME may stay without answer, ms. */
  readonly resumePatience?: number
  /** Milliseconds before the next connection, after so many failures in a row. */
  readonly pauseAfter?: (failures: number) => number
  readonly connect?: typeof openConnection
}

export interface Client {
  /** Closes so that the session can be resumed; resolves when the socket is gone. */
  stop(): Promise<void>
}

const FIRST_PAUSE_MS = 500
const LONGEST_PAUSE_MS = 30_000
const LIVED_MS = 60_000
/** A resume address that fails this often is left for the general one; a RESUME that stays unanswered this often is given up. */
const TRIES = 2

export function startClient(options: ClientOptions): Client {
  const { log, persist, budget, pauseAfter = pause, connect: open = openConnection } = options
  const stop = new AbortController()
  let session = options.position
  let connection: Connection | undefined
  let failures = 0
  let silent = 0

  async function run(): Promise<ChatFatal | undefined> {
    while (!stop.signal.aborted) {
      // Before the line is opened: Discord does not keep one for long that says nothing.
      if (!session) await budget.ready(stop.signal)
      const url = await address()
      if (typeof url !== 'string' || stop.signal.aborted) return typeof url === 'string' ? undefined : url
      const openedAt = performance.now()
      const end = await connect(url)
      await connection?.end('closed')
      if (stop.signal.aborted) return undefined
      const fatal = fatalClose(end.code)
      if (fatal) return fatal
      if (!end.resumable || silent >= TRIES) session = undefined
      failures = performance.now() - openedAt > LIVED_MS ? 0 : failures + 1
      log.info('gateway connection ended', { reason: end.reason, code: end.code, next: session ? 'resume' : 'identify' })
      await sleep(pauseAfter(failures), stop.signal)
    }
    return undefined
  }

  async function address(): Promise<string | ChatFatal | undefined> {
    if (session && failures < TRIES && isSocketUrl(session.resumeUrl)) return session.resumeUrl
    const info = await persist<APIGatewayBotInfo>('/gateway/bot', ({ url = '' }) => isSocketUrl(url))
    if (info === undefined || 'kind' in info) return info
    return info.url
  }

  function connect(url: string): Promise<ConnectionEnd> {
    const over = new AbortController()
    const resume = session
    let replaying = resume !== undefined
    const watchdog = createWatchdog(() => {
      silent += 1
      void connection?.end('the RESUME was not answered')
    }, options.resumePatience)
    return new Promise((resolve) => {
      connection = open({
        url,
        token: options.token,
        resume,
        mayIdentify: () => budget.take(over.signal),
        onHello: () => resume && watchdog.watch(),
        onDispatch(dispatch, position) {
          watchdog.alive()
          if (dispatch.t === GatewayDispatchEvents.Ready || dispatch.t === GatewayDispatchEvents.Resumed) {
            watchdog.rest()
            silent = 0
            replaying = false
            log.info(dispatch.t === GatewayDispatchEvents.Ready ? 'new gateway session' : 'gateway session resumed')
          }
          session = position
          options.onDispatch(dispatch, position, replaying)
        },
        onEnd(end) {
          watchdog.rest()
          over.abort()
          resolve(end)
        },
      })
    })
  }

  const running = (async () => {
    const fatal = await run()
    if (fatal && !stop.signal.aborted) options.onFatal(fatal)
  })()
  return {
    async stop() {
      stop.abort()
      await connection?.end('stopping')
      await running
    },
  }
}

/** Exponential, with a quarter of jitter either way so that many bots do not come back in one moment. */
function pause(failures: number): number {
  return Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (failures - 1)) * (0.75 + Math.random() * 0.5)
}

function isSocketUrl(text: string): boolean {
  return URL.canParse(text) && ['ws:', 'wss:'].includes(new URL(text).protocol)
}
