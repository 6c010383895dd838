/** Every conversation that is awake, by id and by session; the others sleep in their rows. */
import type { AgentEvent } from '../../domain/conversation/agent.ts'
import type { InboxRow } from '../../ports/store.ts'
import { createRunner, type Runner, type RunnerParts } from './runner.ts'

/** A conversation nobody spoke in for this long is dropped from memory; its rows bring it back. */
const SLEEPS_AFTER_MS = 10 * 60_000

export interface Conversations {
  accept(row: InboxRow): void
  wake(id: string): Runner
  /** The one that is awake, if it is. */
  awake(id: string): Runner | undefined
  all(): Iterable<Runner>
  /** Routes what the agent says, in order per session. */
  hear(event: AgentEvent): void
  /** The session belongs to this conversation from now on. */
  bind(session: string, id: string): void
  stop(): Promise<void>
}

export function createConversations(parts: RunnerParts): Conversations {
  const runners = new Map<string, Runner>()
  const bySession = new Map<string, string>()
  const lookups = new Map<string, AgentEvent[]>()
  const { clock, log, store } = parts
  let stopped = false

  const wake = (id: string): Runner => {
    const known = runners.get(id)
    if (known) return known
    const runner = createRunner(id, parts)
    runners.set(id, runner)
    if (stopped) void runner.stop()
    return runner
  }

  const lookUp = async (session: string): Promise<void> => {
    const id = await store.conversationOfSession(session).catch((error: unknown) => {
      log.error('an event of a session could not be placed', { session, error: String(error) })
      return undefined
    })
    const held = lookups.get(session) ?? []
    lookups.delete(session)
    // It may have been bound meanwhile.
    const owner = id ?? bySession.get(session)
    if (owner === undefined) return
    bySession.set(session, owner)
    for (const event of held) wake(owner).push({ kind: 'agent', at: clock.now(), event })
  }

  const sweep = (): void => {
    const before = clock.now() - SLEEPS_AFTER_MS
    for (const [id, runner] of runners) {
      if (!runner.idle || runner.touched > before) continue
      runners.delete(id)
      for (const [session, owner] of bySession) if (owner === id) bySession.delete(session)
    }
    cancelSweep = clock.after(SLEEPS_AFTER_MS / 10, sweep)
  }
  let cancelSweep = clock.after(SLEEPS_AFTER_MS / 10, sweep)

  return {
    accept: (row) => wake(row.conversation.id).accept(row),
    wake,
    awake: (id) => runners.get(id),
    all: () => runners.values(),
    hear(event) {
      const id = bySession.get(event.session)
      if (id !== undefined) return wake(id).push({ kind: 'agent', at: clock.now(), event })
      const held = lookups.get(event.session)
      if (held) return void held.push(event)
      lookups.set(event.session, [event])
      void lookUp(event.session)
    },
    bind: (session, id) => void bySession.set(session, id),
    async stop() {
      stopped = true
      cancelSweep()
      await Promise.all([...runners.values()].map((runner) => runner.stop()))
    },
  }
}
