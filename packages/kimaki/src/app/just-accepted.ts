/**
 * Messages that this process has accepted a moment ago: who wrote them was asked then, and need not be asked again. Kept by timers, not by
 * comparing times: a wall clock that is set back would make an old message young, and keep a right alive that was taken away.
 */
import type { Clock } from '../ports/host.ts'

/** Longer than this a right is not taken for granted. */
const KEPT_MS = 5000

export interface JustAccepted {
  add(promptId: string): void
  has(promptId: string): boolean
  stop(): void
}

export function createJustAccepted(clock: Clock): JustAccepted {
  const fresh = new Map<string, () => void>()
  return {
    add(promptId) {
      fresh.get(promptId)?.()
      fresh.set(
        promptId,
        clock.after(KEPT_MS, () => fresh.delete(promptId)),
      )
    },
    has: (promptId) => fresh.has(promptId),
    stop() {
      for (const cancel of fresh.values()) cancel()
      fresh.clear()
    },
  }
}
