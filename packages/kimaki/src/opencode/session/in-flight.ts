/**
 * Runs that a prompt has begun on one server and that nothing shows yet. OpenCode stores a prompt up to 0.4 s before its session shows as
 * busy; until then only this record says that something runs in the folder.
 */

const SHOWS_WITHIN_MS = 2_000

type Run = { readonly directory: string } & (
  | { readonly kind: 'submitting' }
  /** `at`: `performance.now()`. */
  | { readonly kind: 'submitted'; readonly at: number }
)

export class RunsInFlight {
  readonly #runs = new Map<string, Run>()

  /** A prompt for the session is being submitted. */
  begin(session: string, directory: string): void {
    this.#runs.set(session, { kind: 'submitting', directory })
  }

  /** The submitting has ended; its run shows as busy within 2 s, unless it has finished already. */
  submitted(session: string): void {
    const run = this.#runs.get(session)
    if (run) this.#runs.set(session, { kind: 'submitted', directory: run.directory, at: performance.now() })
  }

  /** The event stream has reported the end of the session's run. */
  finish(session: string): void {
    this.#runs.delete(session)
  }

  /** In this folder, or in any. */
  has(directory?: string): boolean {
    const isInFlight = (run: Run): boolean => run.kind === 'submitting' || performance.now() - run.at < SHOWS_WITHIN_MS
    return [...this.#runs.values()].some((run) => (directory === undefined || run.directory === directory) && isInFlight(run))
  }
}
