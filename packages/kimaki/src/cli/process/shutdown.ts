/** Why the bot ends: the first reason counts, and what comes after it must not cut short what it has begun. */
import { EXIT_AGAIN, EXIT_OK, EXIT_USAGE } from './exit-codes.ts'
import type { Wrapper } from './wrapped.ts'

export type Ending =
  | { readonly kind: 'signal'; readonly signal: string }
  /** SIGUSR2: the wrapper starts it anew. */
  | { readonly kind: 'again' }
  | { readonly kind: 'taken over' }
  /** `damaged`: the database, which is to stay as it is. */
  | { readonly kind: 'failed' | 'damaged'; readonly code: number }

export interface Endings {
  readonly first: Promise<Ending>
  readonly came: boolean
  end(ending: Ending): void
}

/** From the beginning: a launcher or a wrapper passes Ctrl-C on, so that it comes twice. */
export function listenForEnding(wrapper: Wrapper | undefined, say: (words: string) => void): Endings {
  const first = Promise.withResolvers<Ending>()
  let came = false
  const end = (ending: Ending): void => {
    came = true
    first.resolve(ending)
  }
  const onSignal = (signal: string): void => end({ kind: 'signal', signal })
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal)
  process.on('SIGUSR2', () => {
    if (wrapper?.alive) end({ kind: 'again' })
    else say('SIGUSR2 asks for a new start, but there is no wrapper that would start kimaki again: it goes on.')
  })
  // Whoever read along may have gone: that is no reason to end.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)
  return {
    first: first.promise,
    get came() {
      return came
    },
    end,
  }
}

/** Whoever starts again soon finds OpenCode where it was left, and its runs go on. */
export function wayOf(ending: Ending): { readonly code: number; readonly opencode: 'end' | 'leave' } {
  switch (ending.kind) {
    case 'signal':
      return { code: EXIT_OK, opencode: 'end' }
    case 'again':
      return { code: EXIT_AGAIN, opencode: 'leave' }
    case 'taken over':
      return { code: EXIT_OK, opencode: 'leave' }
    case 'failed':
    case 'damaged':
      return { code: ending.code, opencode: ending.code === EXIT_USAGE ? 'end' : 'leave' }
  }
}
