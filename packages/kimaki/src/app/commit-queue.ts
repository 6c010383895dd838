/**
 * Commits that do not give up: a full disk or a locked database delays, it does not lose. Nothing is acknowledged, done or posted
 * meanwhile, and the operator is told.
 *
 * Once a batch has failed, it and all later ones stand in line and are written strictly in the order they came: a later gateway
 * position must never be on record before an earlier message. For the same reason nothing is written any more once a batch was given up.
 */
import type { Log } from '../ports/host.ts'
import type { Batch, InboxRow, StorePort } from '../ports/store.ts'
import type { Retrying } from './retry.ts'

const FIRST_PAUSE_MS = 250
const LONGEST_PAUSE_MS = 15_000

export interface Durable {
  /** The inbox rows that were new; throws for a batch that can never be written (a defect); undefined when the bot stops before the batch could be written. */
  commit(batch: Batch): Promise<readonly InboxRow[] | undefined>
}

interface Waiting {
  readonly ticket: number
  readonly batch: Batch
  readonly resolve: (rows: readonly InboxRow[] | undefined) => void
  readonly reject: (defect: Error) => void
}

/** `retry` gives the pauses, and ends them when the bot stops. */
export function durable(store: StorePort, retry: Pick<Retrying, 'pause' | 'stopped'>, log: Log): Durable {
  let tickets = 0
  let line: Waiting[] = []
  let draining = false
  let givenUp = false

  const wait = (ticket: number, batch: Batch): Promise<readonly InboxRow[] | undefined> =>
    new Promise((resolve, reject) => {
      line = [...line, { ticket, batch, resolve, reject }].sort((a, b) => a.ticket - b.ticket)
      void drain()
    })

  const drain = async (): Promise<void> => {
    if (draining) return
    draining = true
    for (let pause = FIRST_PAUSE_MS; line.length > 0;) {
      await retry.pause(pause)
      const [first] = line
      if (!first) break
      const result = givenUp ? ({ ok: false, message: 'given up' } as const) : await store.commit(first.batch)
      if (!result.ok && result.lasting) {
        line = line.filter((one) => one !== first)
        first.reject(defect(result.message))
        pause = 0
        continue
      }
      if (!result.ok && !retry.stopped) {
        pause = Math.min(pause * 2, LONGEST_PAUSE_MS)
        complain(log, result.message)
        continue
      }
      givenUp ||= !result.ok
      line = line.filter((one) => one !== first)
      first.resolve(result.ok ? result.accepted : undefined)
      pause = 0
    }
    draining = false
  }

  return {
    async commit(batch) {
      const ticket = (tickets += 1)
      if (givenUp) return undefined
      if (line.length > 0) return wait(ticket, batch)
      const result = await store.commit(batch)
      if (result.ok) return result.accepted
      if (result.lasting) throw defect(result.message)
      complain(log, result.message)
      return wait(ticket, batch)
    },
  }
}

const defect = (reason: string): Error => new Error(`a batch can never be written: ${reason}`)

const complain = (log: Log, reason: string): void =>
  log.error('cannot write to the database: nothing is accepted, done or posted until this is mended', { reason })
