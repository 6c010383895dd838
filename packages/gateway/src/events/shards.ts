/**
 * The lines to Discord, one for each shard that Discord asks for, and the feed of each. Discord says how many there are when the gateway
 * starts; a bot that has outgrown them is refused by Discord with 4011, and a new start asks again.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { StoreAway } from '../base/errors.ts'
import { fieldsOf, isSnowflake, textOf, type Fields } from '../base/shape.ts'
import type { EventStore } from '../ports/store.ts'
import { Line, type LineOptions } from '../upstream/line.ts'
import type { UpstreamRest } from '../upstream/rest.ts'
import { shardOf, type Shard } from '../upstream/shard.ts'
import { Feed, type FeedOptions } from './feed.ts'

export interface ShardsOptions {
  readonly upstream: UpstreamRest
  readonly store: EventStore
  readonly line: Pick<LineOptions, 'token' | 'intents' | 'log' | 'onFatal'>
  readonly feed: Omit<FeedOptions, 'store' | 'restart' | 'shard'>
  /** Between two IDENTIFYs: with `max_concurrency` 1, Discord takes one in five seconds. */
  readonly identifyEveryMs?: number
}

const IDENTIFY_EVERY_MS = 5000
const ASK_AGAIN_MS = 2000
const MOST_SHARDS = 64

interface One {
  readonly line: Line
  readonly feed: Feed
}

export class Shards {
  readonly #options: ShardsOptions
  readonly #stop = new AbortController()
  #all: readonly One[] = []
  #starting: Promise<void> | undefined
  #nextIdentify = 0

  constructor(options: ShardsOptions) {
    this.#options = options
  }

  /** All of them are: else somebody's guild hears nothing. */
  get isUp(): boolean {
    return this.#all.length > 0 && this.#all.every(({ line }) => line.isUp)
  }

  start(): void {
    this.#starting ??= this.#start()
  }

  /** On the line that carries the guild it is about. */
  send(op: number, data: Fields): void {
    if (!isSnowflake(data.guild_id) || this.#all.length === 0) return
    this.#all[shardOf(data.guild_id, this.#all.length)]?.line.send(op, data)
  }

  /** Resolves when all sockets are gone; what was heard is stored. */
  async stop(): Promise<void> {
    this.#stop.abort()
    await this.#starting
    await Promise.all(this.#all.map(async ({ line }) => line.stop()))
    for (const { feed } of this.#all) feed.flush()
  }

  async #start(): Promise<void> {
    const count = await this.#count()
    if (this.#stop.signal.aborted) return
    this.#all = Array.from({ length: count }, (_, index) => this.#one([index, count]))
    for (const { line } of this.#all) line.start()
  }

  async #count(): Promise<number> {
    for (;;) {
      const { url, shards } = await this.#recommended()
      if (url !== undefined) return Math.min(Math.max(1, Number(shards) || 1), MOST_SHARDS)
      const isOver = await sleep(ASK_AGAIN_MS, false, { signal: this.#stop.signal }).catch(() => true)
      if (isOver) return 1
    }
  }

  async #recommended(): Promise<{ readonly url: string | undefined; readonly shards: unknown }> {
    const { url, shards } = fieldsOf(await this.#options.upstream.get('/gateway/bot'))
    return { url: textOf(url) || undefined, shards }
  }

  #one(shard: Shard): One {
    const { store, line: around, feed: handing } = this.#options
    const stored = store.position(shard)
    const feed = new Feed(
      { ...handing, store, shard, restart: (reason) => line.restart(reason) },
      stored instanceof StoreAway ? undefined : stored,
    )
    const line = new Line({
      ...around,
      shard,
      address: async () => (await this.#recommended()).url,
      beforeIdentify: async () => this.#turn(),
      stored: () => feed.stored,
      onDispatch: (dispatch, position, isReplay) => feed.push(dispatch, position, isReplay),
    })
    return { line, feed }
  }

  /** One after the other. */
  async #turn(): Promise<void> {
    const now = performance.now()
    const at = Math.max(now, this.#nextIdentify)
    this.#nextIdentify = at + (this.#options.identifyEveryMs ?? IDENTIFY_EVERY_MS)
    if (at > now) await sleep(at - now, undefined, { signal: this.#stop.signal }).catch(() => undefined)
  }
}
