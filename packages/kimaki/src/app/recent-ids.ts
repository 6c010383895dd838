/**
 * Messages that came to this process a moment ago: who wrote them need not be asked for again, and a shell command among them may still
 * be run. Kept by timers, not by comparing times: a wall clock that is set back would make an old message young, and keep a right alive
 * that was taken away.
 */
import type { Clock } from '../base/clock.ts'

export interface JustAccepted {
  add(promptId: string): void
  has(promptId: string): boolean
  stop(): void
}

export function createJustAccepted(clock: Clock, keptMs: number): JustAccepted {
  const fresh = new Map<string, () => void>()
  return {
    add(promptId) {
      fresh.get(promptId)?.()
      fresh.set(
        promptId,
        clock.after(keptMs, () => fresh.delete(promptId)),
      )
    },
    has: (promptId) => fresh.has(promptId),
    stop() {
      for (const cancel of fresh.values()) cancel()
      fresh.clear()
    },
  }
}
