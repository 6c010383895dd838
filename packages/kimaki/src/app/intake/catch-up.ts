/**
 * Reads over REST what was written while no gateway session heard it. After READY (not RESUMED) Discord does not tell it again: a run of
 * catch-up reads every project channel and its threads, each by a `ChannelCatchUp`. A channel that Discord does not answer for is tried
 * again after pauses that grow, and holds up nothing but itself. A run ends early when its signal aborts: the bot stops, or a newer
 * session has begun, whose run begins when this one has ended.
 */
import type { Clock } from '../../base/clock.ts'
import { mapConcurrently } from '../../base/concurrent.ts'
import { isAbortError } from '../../base/errors.ts'
import { SerialQueue } from '../../base/serial.ts'
import type { ChatPort } from '../../ports/chat.ts'
import type { Log } from '../../ports/host.ts'
import type { StorePort } from '../../ports/store.ts'
import type { CommitQueue } from '../commit-queue.ts'
import { Retry } from '../retry.ts'
import { ChannelCatchUp, type CatchUpReports } from './channel-catch-up.ts'

const CHANNELS_AT_ONCE = 8

interface CatchUpDeps {
  readonly chat: Pick<ChatPort, 'newestIn' | 'threadsSince' | 'readAfter'>
  readonly store: Pick<StorePort, 'cursors' | 'unread'>
  readonly commits: Pick<CommitQueue, 'commit'>
  readonly clock: Clock
  readonly log: Log
}

interface Positions {
  readonly cursors: ReadonlyMap<string, string>
  readonly marks: ReadonlyMap<string, string>
}

export class CatchUp {
  readonly #deps: CatchUpDeps
  readonly #runs = new SerialQueue()

  constructor(deps: CatchUpDeps) {
    this.#deps = deps
  }

  /** Reads these channels until everything is read or the signal aborts. */
  begin(channelIds: readonly string[], reports: CatchUpReports, signal: AbortSignal): void {
    this.#runs
      .run(() => this.#run(channelIds, reports, signal))
      .catch((error: unknown) => {
        if (!isAbortError(error)) this.#deps.log.error('catch-up ended', { error: String(error) })
      })
  }

  /** Resolves when no run is under way; those that are must have been aborted. */
  async drained(): Promise<void> {
    await this.#runs.drained()
  }

  async #run(channelIds: readonly string[], reports: CatchUpReports, signal: AbortSignal): Promise<void> {
    const { chat, commits, log } = this.#deps
    const retry = new Retry(this.#deps.clock, signal)
    const positions = await retry.until(() => this.#positions())
    const channels = channelIds.map((id) => new ChannelCatchUp(id, { chat, commits, log, reports, signal, ...positions }))
    try {
      await this.#readAll(channels, retry)
    } finally {
      const messages = channels.reduce((sum, { found }) => sum + found, 0)
      if (messages > 0) log.info('read what was written meanwhile', { messages })
    }
  }

  async #readAll(channels: readonly ChannelCatchUp[], retry: Retry): Promise<void> {
    let left = channels
    await retry.until(async () => {
      const isRead = await mapConcurrently(left, CHANNELS_AT_ONCE, (channel) => this.#isRead(channel))
      left = left.filter((_channel, index) => !isRead[index])
      if (left.length === 0) return true
      const names = left.map(({ channelId }) => channelId)
      this.#deps.log.warn('cannot be read yet: what is written there waits', { channels: names })
      return undefined
    })
  }

  /** A defect in the reading of one channel delays only that channel. */
  async #isRead(channel: ChannelCatchUp): Promise<boolean> {
    try {
      return (await channel.advance()) === undefined
    } catch (error) {
      if (isAbortError(error)) throw error
      const { channelId } = channel
      this.#deps.log.error('catch-up of a channel broke; tried again', { channel: channelId, error: String(error) })
      return false
    }
  }

  /** Undefined: the database could not be read. */
  async #positions(): Promise<Positions | undefined> {
    try {
      const { store } = this.#deps
      const [cursors, marks] = await Promise.all([store.cursors(), store.unread()])
      return { cursors, marks }
    } catch (error) {
      this.#deps.log.error('catch-up broke; begun again', { error: String(error) })
      return undefined
    }
  }
}
