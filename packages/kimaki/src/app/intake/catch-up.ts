/**
 * Reads over REST what was written while no gateway session heard it. After READY (not RESUMED) Discord does not tell it again: a run of
 * catch-up reads every project channel and its threads, each by a `ChannelCatchUp`. A channel that Discord does not answer for is tried
 * again after pauses that grow, and holds up nothing but itself. Channels and threads where a live message waits are read before the
 * others. A run ends early when its signal aborts: the bot stops, or a newer session has begun, whose run begins when this one has ended.
 */
import type { Clock } from '../../base/clock.ts'
import { mapConcurrently, wantedFirst } from '../../base/concurrent.ts'
import { isAbortError } from '../../base/errors.ts'
import { SerialQueue } from '../../base/serial.ts'
import type { ChatPort, Place } from '../../ports/chat.ts'
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
  /** Channels and threads where a live message waits for its past. */
  readonly #awaited = new Set<string>()

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

  /** A live message waits in this place: it is read before the others. */
  hurry({ channelId, projectChannelId }: Place): void {
    this.#awaited.add(channelId).add(projectChannelId)
  }

  /** Resolves when no run is under way; those that are must have been aborted. */
  async drained(): Promise<void> {
    await this.#runs.drained()
  }

  async #run(channelIds: readonly string[], reports: CatchUpReports, signal: AbortSignal): Promise<void> {
    const { chat, commits, log } = this.#deps
    const retry = new Retry(this.#deps.clock, signal)
    const positions = await retry.until(() => this.#positions())
    const isAwaited = (id: string): boolean => this.#awaited.has(id)
    const channels = channelIds.map(
      (id) => new ChannelCatchUp(id, { chat, commits, log, reports, signal, isAwaited, ...positions }),
    )
    try {
      await this.#readAll(channels, retry)
    } finally {
      const messages = channels.reduce((sum, { found }) => sum + found, 0)
      if (messages > 0) log.info('read what was written meanwhile', { messages })
      if (!signal.aborted) this.#awaited.clear()
    }
  }

  async #readAll(channels: readonly ChannelCatchUp[], retry: Retry): Promise<void> {
    let left = channels
    await retry.until(async () => {
      const next = wantedFirst(left, ({ channelId }) => this.#awaited.has(channelId))
      const read = await mapConcurrently(left, CHANNELS_AT_ONCE, async () => {
        const channel = next()
        return (await this.#isRead(channel)) ? channel : undefined
      })
      left = left.filter((channel) => !read.includes(channel))
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
