/**
 * Which sessions work. Owns one run per session at most, and tells its status; what a run does is the loop's.
 *
 * I1  A session has one run at a time: who asks for one while it goes on joins it.
 * I2  From the loop's last look at the messages to the end of the run nothing else happens: a message that is stored
 *     before it is read by it, one that is stored later starts another.
 * I3  A run that is stopped is over, and told as idle, when `stop` resolves.
 */
import type { Json } from '../base/json.ts'
import type { SessionStatus } from '../store/shapes.ts'

interface Run {
  readonly stop: AbortController
  readonly over: Promise<void>
  status: SessionStatus
}

type Tell = (session: string, type: string, facts: Json) => void

export class Runs {
  readonly #loop: (session: string, signal: AbortSignal) => Promise<void>
  readonly #tell: Tell
  readonly #runs = new Map<string, Run>()

  constructor(loop: (session: string, signal: AbortSignal) => Promise<void>, tell: Tell) {
    this.#loop = loop
    this.#tell = tell
  }

  /** Resolves with the end of the run. */
  async ensure(session: string): Promise<void> {
    const running = this.#runs.get(session)
    if (running?.stop.signal.aborted) await running.over
    return (this.#runs.get(session) ?? this.#start(session)).over
  }

  /** Stops the run, if there is one; told as idle either way. */
  async stop(session: string): Promise<void> {
    const run = this.#runs.get(session)
    if (!run) return this.tellIdle(session)
    run.stop.abort(new DOMException('Aborted', 'AbortError'))
    await run.over
  }

  isBusy = (session: string): boolean => this.#runs.has(session)

  /** Those that work, with what they do. */
  statuses = (): readonly (readonly [string, SessionStatus])[] =>
    [...this.#runs].map(([session, { status }]) => [session, status])

  /** Of a run that goes on. */
  setStatus(session: string, status: SessionStatus): void {
    const run = this.#runs.get(session)
    if (run) run.status = status
    this.#tell(session, 'session.status', { status })
  }

  tellIdle(session: string): void {
    this.#tell(session, 'session.status', { status: { type: 'idle' } })
    this.#tell(session, 'session.idle', {})
  }

  #start(session: string): Run {
    const stop = new AbortController()
    const { promise: over, resolve } = Promise.withResolvers<void>()
    const run: Run = { stop, over, status: { type: 'busy' } }
    this.#runs.set(session, run)
    void this.#loop(session, stop.signal)
      .catch((cause: unknown) => console.error(cause))
      .finally(() => {
        this.#runs.delete(session)
        this.tellIdle(session)
        resolve()
      })
    return run
  }
}
