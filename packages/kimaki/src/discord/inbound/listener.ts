/** Whoever listens to this adapter: what `start` was given, and an empty listener before it. */
import type { ChatEvent, ChatFatal, StartOptions } from '../../ports/chat.ts'
import type { Log } from '../../ports/host.ts'

export class Listener {
  readonly #log: Log
  #options: StartOptions | undefined

  constructor(log: Log) {
    this.#log = log
  }

  attach(options: StartOptions): void {
    this.#options = options
  }

  readonly isProjectChannel = (channelId: string): boolean => this.#options?.isProjectChannel(channelId) ?? false

  /** A throw is a defect above us; the events behind this one are handed up all the same. */
  readonly onEvent = (event: ChatEvent): void => {
    try {
      this.#options?.onEvent(event)
    } catch (error) {
      this.#log.error('an event of Discord was not taken', { kind: event.kind, error: String(error) })
    }
  }

  readonly onFatal = (fatal: ChatFatal): void => this.#options?.onFatal(fatal)
}
