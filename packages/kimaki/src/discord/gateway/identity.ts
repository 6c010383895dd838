/** Finds out the id of the bot and the guilds it is in. READY says both; a RESUME says neither, so REST is asked before one. */
import { GatewayDispatchEvents, type GatewayDispatchPayload } from 'discord-api-types/v10'
import { ChatUnknown } from '../../base/errors.ts'
import type { ChatError, ChatFatal, ChatReady } from '../../ports/chat.ts'
import type { Rest } from '../rest/rest.ts'
import type { RetryForever } from './retry-forever.ts'

interface WithId {
  readonly id: string
}

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
    const application = await this.#rest.read<WithId>('/applications/@me')
    return application instanceof Error ? application : application.id
  }

  onDispatch(dispatch: GatewayDispatchPayload): void {
    if (dispatch.t !== GatewayDispatchEvents.Ready) return
    const { user, application, guilds } = dispatch.d
    const guildIds = guilds.map((guild) => guild.id)
    this.#self = { kind: 'ready', botUserId: user.id, applicationId: application.id, guildIds }
  }

  /** The list of guilds is told to whoever started the bot and decides nothing: without an answer it stays empty. */
  async fetch(retryForever: RetryForever): Promise<ChatReady | ChatFatal> {
    const [user, application, guilds] = await Promise.all([
      retryForever<WithId>('/users/@me', hasId),
      retryForever<WithId>('/applications/@me', hasId),
      this.#rest.read<readonly WithId[]>('/users/@me/guilds'),
    ])
    if ('kind' in user) return user
    if ('kind' in application) return application
    const guildIds = guilds instanceof Error ? [] : guilds.map((guild) => guild.id)
    this.#self = { kind: 'ready', botUserId: user.id, applicationId: application.id, guildIds }
    return this.#self
  }
}

const hasId = ({ id }: Partial<WithId>): boolean => typeof id === 'string'
