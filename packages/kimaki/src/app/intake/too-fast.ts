/**
 * Tells people that messages of theirs began no conversation because there were too many within a minute: one message of ours for each
 * burst of a person in a channel, which appears at once and counts them.
 */
import { isAbortError } from '../../base/errors.ts'
import type { Clock } from '../../base/clock.ts'
import type { ChatPort } from '../../ports/chat.ts'
import type { Log } from '../../ports/host.ts'
import { tooFastText } from '../../view/text/caps.ts'
import type { Retry } from '../retry.ts'
import { SAID, type TooFast } from './acceptances.ts'

/** After so long without another one, a burst is over. */
const OVER_MS = 60_000
const EDIT_MS = 2000

interface Burst {
  readonly first: TooFast
  readonly messageIds: Set<string>
  newestAt: number
}

export interface TooFastDeps {
  readonly chat: Pick<ChatPort, 'post' | 'edit'>
  readonly clock: Clock
  readonly log: Log
  readonly retry: Pick<Retry, 'pause'>
}

export class Bursts {
  readonly #deps: TooFastDeps
  readonly #bursts = new Map<string, Burst>()
  readonly #told = new Set<Promise<void>>()

  constructor(deps: TooFastDeps) {
    this.#deps = deps
  }

  add(message: TooFast): void {
    const key = `${message.channelId}/${message.userId}`
    const known = this.#bursts.get(key)
    const burst = known ?? { first: message, messageIds: new Set<string>(), newestAt: 0 }
    burst.messageIds.add(message.messageId)
    burst.newestAt = this.#deps.clock.now()
    if (known) return
    this.#bursts.set(key, burst)
    const told = this.#tell(burst)
      .catch((error: unknown) => {
        if (!isAbortError(error)) this.#deps.log.error('a burst of messages could not be told', { error: String(error) })
      })
      .finally(() => {
        this.#bursts.delete(key)
        this.#told.delete(told)
      })
    this.#told.add(told)
  }

  /** Resolves when nothing is being told any more, once the bot stops. */
  async drained(): Promise<void> {
    await Promise.all(this.#told)
  }

  async #tell(burst: Burst): Promise<void> {
    const { chat, clock, log, retry } = this.#deps
    const { channelId, messageId } = burst.first
    let shown = burst.messageIds.size
    const message = { blocks: [], content: textOf(burst), file: undefined, notify: false }
    const posted = await chat.post(channelId, message, `${SAID}${messageId}`)
    if (posted instanceof Error) return log.warn('Discord did not take an answer', { reason: posted.message })
    while (Math.abs(clock.now() - burst.newestAt) < OVER_MS) {
      await retry.pause(EDIT_MS)
      if (burst.messageIds.size === shown) continue
      shown = burst.messageIds.size
      const edited = await chat.edit(channelId, posted.messageId, { text: textOf(burst), buttons: [] })
      if (edited) log.warn('Discord did not take an answer', { reason: edited.message })
    }
  }
}

function textOf({ first, messageIds }: Burst): string {
  const { guildId, channelId, messageId, userName, atMost } = first
  const link = `https://discord.com/channels/${guildId}/${channelId}/${messageId}`
  return tooFastText(userName, messageIds.size, atMost, link)
}
