/** Why the bot ends, and how: the first reason counts, and later ones must not cut short what it has begun. */
import { EXIT_OK, EXIT_RESTART, EXIT_USAGE, logError, surviveBrokenPipes } from '../status.ts'
import type { Wrapper } from '../wrapped.ts'

export type ShutdownReason =
  | { readonly kind: 'signal'; readonly signal: string }
  /** SIGUSR2: the wrapper starts the bot anew. */
  | { readonly kind: 'again' }
  /** Another kimaki starts on the same data folder. */
  | { readonly kind: 'taken over' }
  /** The bot cannot go on, and has said why. `damaged`: the database is, and its file must stay as it is. */
  | { readonly kind: 'failed' | 'damaged'; readonly code: number }

export class Shutdown {
  readonly #first = Promise.withResolvers<ShutdownReason>()
  readonly #controller = new AbortController()

  /** Aborts with the first request. */
  get signal(): AbortSignal {
    return this.#controller.signal
  }

  /** Resolves with the reason of the first request. */
  get reason(): Promise<ShutdownReason> {
    return this.#first.promise
  }

  request(reason: ShutdownReason): void {
    this.#first.resolve(reason)
    this.#controller.abort()
  }
}

/** To be called before anything else is begun: a launcher or a wrapper passes Ctrl-C on, so that it comes twice. */
export function listenForSignals(shutdown: Shutdown, wrapper: Wrapper | undefined): void {
  const onSignal = (signal: string): void => shutdown.request({ kind: 'signal', signal })
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal)
  process.on('SIGUSR2', () => {
    if (wrapper?.isAlive) shutdown.request({ kind: 'again' })
    else logError('SIGUSR2 asks for a new start, but there is no wrapper that would start kimaki again: it goes on.')
  })
  surviveBrokenPipes(process.stdout, process.stderr)
}

/** The exit code, and whether OpenCode ends too: a bot that starts soon finds OpenCode where this one left it, and its runs go on. */
export function exitPlan(reason: ShutdownReason): { readonly code: number; readonly opencode: 'end' | 'leave' } {
  switch (reason.kind) {
    case 'signal':
      return { code: EXIT_OK, opencode: 'end' }
    case 'again':
      return { code: EXIT_RESTART, opencode: 'leave' }
    case 'taken over':
      return { code: EXIT_OK, opencode: 'leave' }
    case 'failed':
    case 'damaged':
      return { code: reason.code, opencode: reason.code === EXIT_USAGE ? 'end' : 'leave' }
  }
}
