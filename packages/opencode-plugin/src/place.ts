/** Where in Discord a session takes place: the bot knows it, and it never changes, so it is asked once. */
import type { Bot } from './bot.ts'
import type { PluginInput } from './opencode.ts'

export interface SessionPlace {
  readonly threadId: string
  readonly channelId: string
  readonly guildId: string
}

/** A shell command waits for this. */
const ANSWER_MS = 1000
/** Subagents may have subagents. */
const DEEPEST = 8

export class Places {
  readonly #bot: Bot
  readonly #client: PluginInput['client']
  readonly #known = new Map<string, SessionPlace | undefined>()

  constructor(bot: Bot, client: PluginInput['client']) {
    this.#bot = bot
    this.#client = client
  }

  /** Of a subagent: the place of the session it works for. Undefined for a session of a terminal, or while the bot is away. */
  async of(session: string): Promise<SessionPlace | undefined> {
    if (this.#known.has(session)) return this.#known.get(session)
    const root = await this.#rootOf(session)
    const answer = await this.#bot.call('/agent/place', { session: root }, { timeoutMs: ANSWER_MS })
    if (answer.kind === 'away') return undefined
    const place = answer.kind === 'answer' ? (answer.body as SessionPlace) : undefined
    this.#known.set(session, place)
    return place
  }

  async #rootOf(session: string): Promise<string> {
    let root = session
    for (let depth = 0; depth < DEEPEST; depth += 1) {
      const { data } = await this.#client.session.get({ path: { id: root } })
      if (data?.parentID === undefined) return root
      root = data.parentID
    }
    return root
  }
}
