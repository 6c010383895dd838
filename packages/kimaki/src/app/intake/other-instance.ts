/**
 * Notices another process that answers in our threads with the same bot token: on another machine, since one data folder has one bot.
 * Discord tells both of everything, and gives neither a sign of the other but its messages. So a message of our own user in a thread of
 * ours that is on no record of ours, when every post of that thread is, was written by somebody else. Two machines with channels of their
 * own are fine: neither has the other's threads.
 */
import type { Clock } from '../../base/clock.ts'
import type { Log } from '../../ports/host.ts'
import type { StorePort } from '../../ports/store.ts'
import { ONE_OF_TWO } from '../../view/text/notice.ts'

/** Discord may tell a message before it answers the post: so long has the answer to come, and to be put on record. */
const CHECK_AFTER_MS = 15_000
/** Three checks come within a minute. A post that has no answer even then says nothing about who wrote it. */
const CHECKS = 3

export interface OwnMessage {
  readonly threadId: string
  readonly messageId: string
}

interface OtherInstanceDeps {
  readonly store: Pick<StorePort, 'hasConversation' | 'isOwnMessage'>
  /** Is a post of this thread on its way? */
  readonly isPosting: (threadId: string) => boolean
  readonly clock: Pick<Clock, 'after'>
  readonly log: Log
}

export class OtherInstance {
  readonly #deps: OtherInstanceDeps
  readonly #cancels = new Set<() => void>()
  /** Told once, or the bot stops. */
  #isOver = false

  constructor(deps: OtherInstanceDeps) {
    this.#deps = deps
  }

  seen(message: OwnMessage): void {
    this.#checkLater(message, CHECKS)
  }

  /** Leaves no timer. */
  stop(): void {
    this.#isOver = true
    for (const cancel of this.#cancels) cancel()
    this.#cancels.clear()
  }

  #checkLater(message: OwnMessage, checks: number): void {
    if (this.#isOver || checks === 0) return
    const cancel = this.#deps.clock.after(CHECK_AFTER_MS, () => {
      this.#cancels.delete(cancel)
      void this.#check(message, checks - 1)
    })
    this.#cancels.add(cancel)
  }

  async #check(message: OwnMessage, checksLeft: number): Promise<void> {
    const isForeign = await this.#isOnNoRecord(message).catch(() => undefined)
    if (isForeign === false) return
    if (isForeign === undefined || this.#deps.isPosting(message.threadId)) return this.#checkLater(message, checksLeft)
    if (this.#isOver) return
    this.stop()
    this.#deps.log.error(
      `another Kimaki answers in our threads with the same bot token, so people get every answer twice. ${ONE_OF_TWO}`,
      { thread: message.threadId, message: message.messageId },
    )
  }

  async #isOnNoRecord({ threadId, messageId }: OwnMessage): Promise<boolean> {
    const { store } = this.#deps
    return (await store.hasConversation(threadId)) && !(await store.isOwnMessage(messageId))
  }
}
