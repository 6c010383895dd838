/** The last words of an orderly stop: the threads of shell commands are told that those were stopped, as long as that takes no time. */
import { isStale } from '../domain/conversation/state.ts'
import type { Clock } from '../base/clock.ts'
import type { Runner } from './conversation/runner.ts'

/** What is not told by then is told by the next start. */
const PATIENCE_MS = 1000

export interface Farewell {
  /** A conversation has changed. */
  look(): void
  /** Call it once the commands were asked to end. */
  told(runners: Iterable<Runner>): Promise<void>
}

export function createFarewell(clock: Clock): Farewell {
  let look = (): void => undefined
  return {
    look: () => look(),
    told(runners) {
      const left = [...runners]
      return new Promise((resolve) => {
        const cancel = clock.after(PATIENCE_MS, resolve)
        look = () => {
          if (left.some(hasMoreToSay)) return
          cancel()
          resolve()
        }
        look()
      })
    },
  }
}

function hasMoreToSay({ state }: Runner): boolean {
  if (!state || state.commands.length === 0) return false
  const { commands, outbox, cards } = state
  return commands.some(({ phase }) => phase.kind === 'running') || outbox.length > 0 || cards.some(isStale)
}
