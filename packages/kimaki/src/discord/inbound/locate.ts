/**
 * Where something happened: the guild, and the project channel if it is one of ours. From the cache at once, else from Discord, which is
 * asked until it answers. After ten minutes of trouble with this one question, while Discord answers others, the answer is given up with a
 * line in the log; an outage of Discord is waited out. An answer that cannot be read is an
 * answer: whoever asks is told, and nothing behind it waits.
 */
import { ChatUnknown } from '../../base/errors.ts'
import { sleep } from '../../base/sleep.ts'
import type { ChatError } from '../../ports/chat.ts'
import type { Log } from '../../ports/host.ts'
import { ChatUnreadable, failureFacts } from '../rest/failure.ts'
import type { Cache, ChannelFacts, GuildFacts } from './cache.ts'
import type { FetchMissing } from './fetch-missing.ts'
import { placeOf, type Whereabouts } from './incoming.ts'
import type { MemberFacts, Members } from './members.ts'

export interface LocatorOptions {
  readonly cache: Cache
  readonly facts: FetchMissing
  readonly members: Members
  readonly log: Log
  readonly stopping: AbortSignal
  readonly isProjectChannel: (channelId: string) => boolean
}

export interface Located {
  readonly guild: GuildFacts
  /** Undefined: no project channel, nor a thread below one. */
  readonly place: Whereabouts | undefined
}

const GIVE_UP_AFTER_MS = 600_000
const PAUSE_MS = 1000

export class Locator {
  readonly #options: LocatorOptions

  constructor(options: LocatorOptions) {
    this.#options = options
  }

  /** Undefined: Discord has to be asked (`fetch`). A channel that nobody announced may be a thread of ours. */
  known(guildId: string, channelId: string): Located | undefined {
    const guild = this.#options.cache.guild(guildId)
    const channel = this.#options.cache.channel(channelId)
    return guild && channel && this.#located(guild, channel)
  }

  /** Undefined: there is no such place, or Discord gave no answer for too long. */
  async fetch(guildId: string, channelId: string): Promise<Located | undefined | ChatUnreadable> {
    const { facts } = this.#options
    const guild = await this.#untilAnswered(() => facts.guild(guildId))
    if (guild === undefined || guild instanceof Error) return guild
    const channel = await this.#untilAnswered(() => facts.channel(channelId))
    return channel === undefined || channel instanceof Error ? channel : this.#located(guild, channel)
  }

  async member(guildId: string, userId: string): Promise<MemberFacts | undefined | ChatUnreadable> {
    return this.#untilAnswered(() => this.#options.members.recent(guildId, userId))
  }

  #located(guild: GuildFacts, channel: ChannelFacts): Located {
    return { guild, place: placeOf(channel, this.#options.isProjectChannel) }
  }

  async #untilAnswered<T extends object>(ask: () => Promise<T | undefined | ChatError>): Promise<T | undefined | ChatUnreadable> {
    const { log, stopping } = this.#options
    for (let waited = 0; ; waited += PAUSE_MS) {
      const answer = await ask()
      if (!(answer instanceof Error)) return answer
      if (answer instanceof ChatUnreadable) return answer
      if (!(answer instanceof ChatUnknown)) return undefined
      if (waited >= GIVE_UP_AFTER_MS && !(await this.#options.facts.answers())) waited = 0
      if (waited >= GIVE_UP_AFTER_MS) {
        log.error('a message was passed over: Discord did not answer what is needed to judge it', failureFacts(answer))
        return undefined
      }
      log.warn('events wait for an answer of Discord', failureFacts(answer))
      await sleep(PAUSE_MS, stopping)
    }
  }
}
