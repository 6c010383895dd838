/** Finds out the id of the bot and the guilds it is in. READY says both; a RESUME says neither, so REST is asked before one. */
import { ChatUnknown, Unreadable } from '../../base/errors.ts'
import type { ChatError, ChatFatal, ChatReady } from '../../ports/chat.ts'
import type { Rest } from '../rest/rest.ts'
import { listOfIds, withId } from '../wire/answer.ts'
import type { Arrival } from '../wire/dispatch.ts'
import type { RetryForever } from './retry-forever.ts'

export class Identity {
  readonly #rest: Rest
  #self: ChatReady | undefined

  constructor(rest: Rest) {
    this.#rest = rest
  }

  /** Unknown: nobody has told us yet. Without a name of our own no message and no thread would be ours. */
  get self(): ChatReady | ChatUnknown {
    this.#rest.stopping.throwIfAborted()
    return this.#self ?? new ChatUnknown({ reason: 'not connected yet' })
  }

  /** Empty as long as nobody has told us. */
  readonly botUserId = (): string => this.#self?.botUserId ?? ''

  async applicationId(): Promise<string | ChatError> {
    if (this.#self) return this.#self.applicationId
    const application = await this.#rest.read('/applications/@me', withId)
    return application instanceof Error ? application : application.id
  }

  onDispatch({ read }: Arrival): void {
    if (read === undefined || read instanceof Unreadable || read.t !== 'READY') return
    const { user, application, guilds } = read.d
    const guildIds = guilds.map((guild) => guild.id)
    this.#self = { kind: 'ready', botUserId: user.id, applicationId: application.id, guildIds }
  }

  /** The list of guilds is told to whoever started the bot and decides nothing: without an answer it stays empty. */
  async fetch(retryForever: RetryForever): Promise<ChatReady | ChatFatal> {
    const [user, application, guilds] = await Promise.all([
      retryForever('/users/@me', withId),
      retryForever('/applications/@me', withId),
      this.#rest.read('/users/@me/guilds', listOfIds),
    ])
    if ('kind' in user) return user
    if ('kind' in application) return application
    const guildIds = guilds instanceof Error ? [] : guilds.map((guild) => guild.id)
    this.#self = { kind: 'ready', botUserId: user.id, applicationId: application.id, guildIds }
    return this.#self
  }
}
