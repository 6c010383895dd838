/** Between a session and its socket: writes what is due, disturbed by the fault it met. */
import type { Clock } from '../world/base/clock.ts'
import type { EventEffect } from '../rest/faults.ts'
import type { Sent } from './replay-log.ts'
import type { Session } from './session.ts'

export type MeetEvent = (botId: string, event: string) => EventEffect | undefined

export interface Wire {
  deliver(session: Session, sent: Sent, effect: EventEffect | undefined): void
}

export function createWire(write: (session: Session, sent: Sent) => void, clock: Clock): Wire {
  /** What waits for the next dispatch to go first. */
  const held = new WeakMap<Session, Sent>()
  const release = (session: Session) => {
    const waiting = held.get(session)
    held.delete(session)
    if (waiting !== undefined) write(session, waiting)
  }
  return {
    deliver(session, sent, effect) {
      if (effect?.kind === 'swap' && !held.has(session)) return void held.set(session, sent)
      if (effect?.kind === 'late') {
        const { link } = session
        // Only the connection it was meant for: a RESUME has replayed it to the next one.
        clock.after(effect.ms, () => session.link === link && write(session, sent))
      } else if (effect?.kind !== 'skip') {
        write(session, sent)
      }
      if (effect?.kind === 'duplicate') write(session, sent)
      release(session)
      if (effect?.kind === 'cut') session.link?.cut()
    },
  }
}
