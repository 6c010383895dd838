/**
 * Between the gateway and the caller. After `fresh` everything is held until the caller has caught up over REST, in order, positions
 * included: a position that overtook a held message would let a RESUME skip it. A second `fresh` in the held part holds again.
 */
import type { ChatEvent } from '../ports/chat.ts'

export interface Gate {
  push(event: ChatEvent): void
  /** The caller has caught up with the latest `fresh`. */
  open(): void
}

export function createGate(deliver: (event: ChatEvent) => void): Gate {
  let holding = false
  let held: ChatEvent[] = []

  function hand(event: ChatEvent): void {
    holding = event.kind === 'fresh'
    deliver(event)
  }

  return {
    push(event) {
      if (!holding) return hand(event)
      // Bare positions are worth only their last.
      const last = held.at(-1)
      if (last && isBare(last) && isBare(event)) held.pop()
      held.push(event)
    },
    open() {
      holding = false
      const waiting = held
      held = []
      for (const [index, event] of waiting.entries()) {
        hand(event)
        if (!holding) continue
        held = [...waiting.slice(index + 1), ...held]
        return
      }
    },
  }
}

const isBare = (event: ChatEvent): boolean =>
  event.kind === 'passed' && event.messageId === undefined && event.channelId === undefined
