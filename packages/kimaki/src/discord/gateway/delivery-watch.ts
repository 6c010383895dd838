/**
 * Notices a gateway that keeps the line, acknowledges heartbeats and delivers nothing.
 *
 *     quiet ──a look: Discord has no newer message──▶ quiet
 *       │
 *       └──Discord has a newer one──▶ suspected ──nothing heard for 15 s, and the message can be read──▶ deaf: a new session is asked for
 *
 * W1. It costs nothing while the gateway speaks: only a guild that nothing was heard of since the last look is asked about. That takes two
 *     requests for all its channels and active threads.
 * W2. What was heard is one number a guild: ids of messages grow with time, so a message that is newer than the newest heard one was missed.
 *     After a RESUME into an empty memory the first look says where this begins.
 * W3. A message that the bot may not read is no proof, and neither is one that has been deleted.
 * W4. New sessions that do not help are asked for ever more rarely, at most once an hour in the end: Discord counts them.
 */
import { Routes } from 'discord-api-types/v10'
import { backoffMs } from '../../base/backoff.ts'
import { isAbortError, Unreadable } from '../../base/errors.ts'
import { compareSnowflakes } from '../../base/ids.ts'
import { sleep } from '../../base/sleep.ts'
import type { Log } from '../../ports/host.ts'
import { messagesAfter } from '../outbound/post.ts'
import type { Rest } from '../rest/rest.ts'
import { activeThreads, newestInGuild, newestOfChannels } from '../wire/answer.ts'
import { subject, type Arrival } from '../wire/dispatch.ts'

export interface DeliveryWatchOptions {
  readonly rest: Pick<Rest, 'call' | 'read'>
  readonly log: Log
  readonly guildIds: () => readonly string[]
  readonly isProjectChannel: (channelId: string) => boolean
  readonly onDeaf: () => void
  /** From one look to the next, ms. */
  readonly lookMs?: number
  /** How long the dispatch of a message may take, ms. */
  readonly confirmMs?: number
}

const LOOK_MS = 180_000
const CONFIRM_MS = 15_000
const LONGEST_MS = 3_600_000

interface Newest {
  readonly placeId: string
  readonly messageId: string
}

export class DeliveryWatch {
  readonly #options: DeliveryWatchOptions
  /** By guild: the newest message that was heard of. */
  readonly #newest = new Map<string, string>()
  /** Guilds that something was heard of since the last look. */
  readonly #heard = new Set<string>()
  /** New sessions that were asked for, and no message was heard since. */
  #renewals = 0
  #connected = new AbortController()

  constructor(options: DeliveryWatchOptions) {
    this.#options = options
  }

  /** The session is begun, or goes on. */
  connected(): void {
    this.disconnected()
    this.#connected = new AbortController()
    this.#heard.clear()
    this.#run(this.#connected.signal).catch((error: unknown) => {
      if (!isAbortError(error)) this.#options.log.error('the gateway is not watched any more', { error: String(error) })
    })
  }

  /** Leaves no timer. */
  disconnected(): void {
    this.#connected.abort()
  }

  onDispatch({ t, d }: Arrival): void {
    const about = subject(d)
    if (about instanceof Unreadable) return
    const guildId = t === 'GUILD_CREATE' ? about.id : about.guild_id
    if (guildId === undefined) return
    this.#heard.add(guildId)
    if (t === 'GUILD_CREATE') this.#heardOf(guildId, newestInGuild(d))
    if (t !== 'MESSAGE_CREATE' || about.id === undefined) return
    this.#renewals = 0
    this.#heardOf(guildId, about.id)
  }

  #heardOf(guildId: string, messageId: string | undefined): void {
    if (messageId !== undefined && isNewer(messageId, this.#newest.get(guildId))) this.#newest.set(guildId, messageId)
  }

  async #run(signal: AbortSignal): Promise<void> {
    const { guildIds, lookMs = LOOK_MS } = this.#options
    for (;;) {
      await sleep(backoffMs({ firstMs: lookMs, longestMs: Math.max(lookMs, LONGEST_MS) }, this.#renewals + 1), signal)
      const quiet = guildIds().filter((guildId) => !this.#heard.has(guildId))
      this.#heard.clear()
      for (const guildId of quiet) {
        if (await this.#isDeaf(guildId, signal)) return this.#renew(guildId)
      }
    }
  }

  #renew(guildId: string): void {
    const { log, onDeaf } = this.#options
    this.#renewals += 1
    log.warn('the gateway delivers nothing, while Discord has new messages: a new session is begun', { guildId })
    onDeaf()
  }

  async #isDeaf(guildId: string, signal: AbortSignal): Promise<boolean> {
    const { rest, confirmMs = CONFIRM_MS } = this.#options
    const found = await this.#newestIn(guildId)
    signal.throwIfAborted()
    const known = this.#newest.get(guildId)
    if (!found || !isNewer(found.messageId, known)) return false
    if (known !== undefined) {
      await sleep(confirmMs, signal)
      if (this.#heard.has(guildId)) return false
    }
    this.#newest.set(guildId, found.messageId)
    if (known === undefined) return false
    const missed = await messagesAfter(rest, found.placeId, known)
    signal.throwIfAborted()
    return !(missed instanceof Error) && missed.messages.length > 0 && !this.#heard.has(guildId)
  }

  /** Where the newest message of our channels and their threads stands; undefined where Discord does not say. */
  async #newestIn(guildId: string): Promise<Newest | undefined> {
    const { rest, isProjectChannel } = this.#options
    const channels = await rest.call({ method: 'GET', route: Routes.guildChannels(guildId) }, newestOfChannels)
    if (channels instanceof Error) return undefined
    const ours = channels.filter(({ id }) => isProjectChannel(id))
    if (ours.length === 0) return undefined
    const active = await rest.call({ method: 'GET', route: Routes.guildActiveThreads(guildId) }, activeThreads)
    const threads = active instanceof Error ? [] : active.threads.filter((thread) => isProjectChannel(thread.parent_id ?? ''))
    return [...ours, ...threads].reduce<Newest | undefined>(
      (newest, { id: placeId, last_message_id: messageId }) =>
        messageId !== undefined && isNewer(messageId, newest?.messageId) ? { placeId, messageId } : newest,
      undefined,
    )
  }
}

const isNewer = (messageId: string, known: string | undefined): boolean =>
  known === undefined || compareSnowflakes(messageId, known) > 0
