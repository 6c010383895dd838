/**
 * A subagent whom the provider refuses for a rate limit is stopped, alone. OpenCode would ask again for more than a minute, and the agent
 * that waits for it cannot do anything else meanwhile; that one reads why, in the result of its call.
 */
import type { Happening, PluginInput, Written } from './opencode.ts'

/** What OpenCode says of a 429 while it waits to ask again. */
const RATE_LIMIT = /\b429\b|rate.?limit|too many requests/i
/** A server may run for months. */
const KEPT = 1000

export class Subagents {
  readonly #client: PluginInput['client']
  /** Sessions that were stopped here, and what the provider said. */
  readonly #stopped = new Map<string, string>()

  constructor(client: PluginInput['client']) {
    this.#client = client
  }

  /** Nearly all events are a piece of a text. */
  async heard({ type, properties }: Happening): Promise<void> {
    if (type !== 'session.status') return
    const { sessionID: session, status } = properties
    if (session === undefined || status?.type !== 'retry') return
    const why = status.message ?? ''
    if (!RATE_LIMIT.test(why) || this.#stopped.has(session)) return
    this.#keep(session, why)
    const { data } = await this.#client.session.get({ path: { id: session } })
    if (data?.parentID === undefined) this.#stopped.delete(session)
    else await this.#client.session.abort({ path: { id: session } })
  }

  /** The calls of subagents that were stopped: what the model is going to read of them. */
  explain(messages: readonly Written[]): void {
    if (this.#stopped.size === 0) return
    for (const { state } of messages.flatMap(({ parts }) => parts)) {
      const why = this.#stopped.get(String(state?.metadata?.['sessionId']))
      if (why === undefined || !state) continue
      const words = `The subagent was stopped, because the provider refused it for a rate limit: ${why.slice(0, 300)}\nDo its work yourself, or try again later with fewer subagents at once.`
      if (state.status === 'error') state.error = words
      if (state.status === 'completed') state.output = [state.output, words].filter(Boolean).join('\n\n')
    }
  }

  #keep(session: string, why: string): void {
    const [oldest] = this.#stopped.keys()
    if (this.#stopped.size >= KEPT && oldest !== undefined) this.#stopped.delete(oldest)
    this.#stopped.set(session, why)
  }
}
