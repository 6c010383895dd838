/**
 * Hands rows that are on record to their conversations, in the order of the record. Whoever commits rows for a conversation hands them
 * on here: a command may have to wait for Discord, and what stands behind it in its conversation waits with it; other conversations
 * do not.
 */
import { isAbortError } from '../../base/errors.ts'
import { KeyedSerialQueue } from '../../base/serial.ts'
import type { Log } from '../../ports/host.ts'
import type { InboxRow } from '../../ports/store.ts'

/** What has to happen before the conversation gets the row; undefined: it does not get it. */
type Prepare = (row: InboxRow) => Promise<InboxRow | undefined>

export class Delivery {
  readonly #accept: (row: InboxRow) => void
  readonly #log: Log
  readonly #queues = new KeyedSerialQueue()

  constructor(accept: (row: InboxRow) => void, log: Log) {
    this.#accept = accept
    this.#log = log
  }

  /** Rows of one commit in their order. A row that is not delivered before the bot ends is found on record by the next process. */
  deliver(row: InboxRow, prepare?: Prepare): void {
    const delivery = this.#queues.run(row.conversation.id, async () => {
      const prepared = prepare ? await prepare(row) : row
      if (prepared) this.#accept(prepared)
    })
    delivery.catch((error: unknown) => {
      if (isAbortError(error)) return
      this.#log.error('a row did not reach its conversation', { order: row.order, error: String(error) })
    })
  }

  /** Resolves when every row that was handed in until now is delivered, or is not going to be. */
  async drained(): Promise<void> {
    await this.#queues.drained()
  }
}
