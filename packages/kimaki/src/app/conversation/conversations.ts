/** Every conversation that is in memory, by id and by session; the others are in their rows. */
import type { AgentEvent } from '../../domain/agent.ts'
import type { InboxRow } from '../../ports/store.ts'
import { ConversationRunner, type RunnerDeps } from './runner.ts'

/** A conversation nobody spoke in for this long is dropped from memory; its rows bring it back. */
const EVICTED_AFTER_MS = 10 * 60_000
/** A server serves sessions of terminals, too. */
const FOREIGN_KEPT = 1000

export class Conversations {
  readonly #deps: RunnerDeps
  readonly #runners = new Map<string, ConversationRunner>()
  readonly #bySession = new Map<string, string>()
  /** Events of sessions whose conversation is being looked up. */
  readonly #unplaced = new Map<string, AgentEvent[]>()
  /** Sessions that no conversation has: what they say is dropped before it waits for anything. */
  readonly #foreign = new Set<string>()
  #cancelSweep: () => void
  #isStopped = false

  constructor(deps: RunnerDeps) {
    this.#deps = deps
    this.#cancelSweep = this.#sweepLater()
  }

  accept(row: InboxRow): void {
    this.wake(row.conversation.id).accept(row)
  }

  wake(id: string): ConversationRunner {
    const known = this.#runners.get(id)
    if (known) return known
    const runner = new ConversationRunner(id, this.#deps)
    this.#runners.set(id, runner)
    if (this.#isStopped) void runner.stop()
    return runner
  }

  /** The conversation, if it is in memory. */
  awake(id: string): ConversationRunner | undefined {
    return this.#runners.get(id)
  }

  all(): Iterable<ConversationRunner> {
    return this.#runners.values()
  }

  /** Routes what the agent says, in order per session. */
  onAgentEvent(event: AgentEvent): void {
    const id = this.#bySession.get(event.session)
    if (id !== undefined) return this.#push(id, event)
    if (this.#foreign.has(event.session)) return
    const waiting = this.#unplaced.get(event.session)
    if (waiting) return void waiting.push(event)
    this.#unplaced.set(event.session, [event])
    void this.#place(event.session)
  }

  /** The session belongs to this conversation from now on. */
  bind(session: string, id: string): void {
    this.#bySession.set(session, id)
    this.#foreign.delete(session)
  }

  async stop(): Promise<void> {
    this.#isStopped = true
    this.#cancelSweep()
    await Promise.all([...this.#runners.values()].map(async (runner) => runner.stop()))
  }

  #push(id: string, event: AgentEvent): void {
    const conversation = this.wake(id)
    conversation.push({ kind: 'agent', at: this.#deps.clock.now(), event })
    this.#deps.heard?.(conversation, event)
  }

  async #place(session: string): Promise<void> {
    const { store, log } = this.#deps
    let isKnown = true
    const id = await store.conversationOfSession(session).catch((error: unknown) => {
      log.error('an event of a session could not be placed', { session, error: String(error) })
      isKnown = false
      return undefined
    })
    const waiting = this.#unplaced.get(session) ?? []
    this.#unplaced.delete(session)
    // The session may have been bound meanwhile.
    const owner = id ?? this.#bySession.get(session)
    if (owner !== undefined) {
      this.#bySession.set(session, owner)
      for (const event of waiting) this.#push(owner, event)
    } else if (isKnown) {
      this.#dropFrom(session)
    }
  }

  #dropFrom(session: string): void {
    if (this.#foreign.size >= FOREIGN_KEPT) this.#foreign.clear()
    this.#foreign.add(session)
  }

  #sweepLater(): () => void {
    return this.#deps.clock.after(EVICTED_AFTER_MS / 10, () => this.#sweep())
  }

  #sweep(): void {
    const before = this.#deps.clock.now() - EVICTED_AFTER_MS
    for (const [id, runner] of this.#runners) {
      if (!runner.isIdle || runner.touchedAt > before) continue
      this.#runners.delete(id)
      for (const [session, owner] of this.#bySession) if (owner === id) this.#bySession.delete(session)
    }
    this.#cancelSweep = this.#sweepLater()
  }
}
