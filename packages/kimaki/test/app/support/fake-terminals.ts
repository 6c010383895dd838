/** Terminals beside the bot, which write in the same database: what a test says they do. */
import type { LastWritten, Snapshot } from '../../../src/domain/agent.ts'
import type { Clock } from '../../../src/base/clock.ts'
import { isAnswered } from '../../../src/domain/conversation/run/watch/elsewhere.ts'
import type { RecordedSession, TerminalsPort } from '../../../src/ports/agent/terminals.ts'

export class FakeTerminals implements TerminalsPort {
  readonly #clock: Pick<Clock, 'now'>
  readonly #sessions = new Map<string, RecordedSession>()
  readonly #last = new Map<string, LastWritten>()
  readonly #listeners = new Set<() => void>()
  /** How often somebody asked which sessions were used. */
  looks = 0

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock
  }

  /** As `writes`, but nobody has noticed yet. */
  writesUnseen(...[session, snapshot]: Parameters<FakeTerminals['writes']>): void {
    const listeners = [...this.#listeners]
    this.#listeners.clear()
    this.writes(session, snapshot)
    for (const listener of listeners) this.#listeners.add(listener)
  }

  /** The session stands in the database as in the snapshot; whoever watches is told. */
  writes(session: Pick<RecordedSession, 'id' | 'directory'> & Partial<RecordedSession>, { messages, title }: Snapshot): void {
    const updated = this.#clock.now() + this.#last.size + messages.length
    this.#sessions.set(session.id, { title: title ?? '', created: FUTURE, isOurs: false, updated, ...session })
    const user = messages.findLast((message) => message.kind === 'user')
    if (user) {
      const { id, created, words = '' } = user
      this.#last.set(session.id, { id, created, words, isAnswered: isAnswered(messages, id), updated: updated + messages.length })
    }
    for (const listener of this.#listeners) listener()
  }

  watch(onChange: () => void): () => void {
    this.#listeners.add(onChange)
    return () => void this.#listeners.delete(onChange)
  }

  sessions(directories: readonly string[], since: number): readonly RecordedSession[] {
    this.looks += 1
    return [...this.#sessions.values()].filter(({ directory, updated }) => directories.includes(directory) && updated > since)
  }

  last(session: string): LastWritten | undefined {
    return this.#last.get(session)
  }
}

/** Behind any link, whose time is the machine's. */
const FUTURE = Date.UTC(2200, 0)
