/** Which session is whose child, learned from session objects wherever one is read. A session that nobody mentioned is looked up. */
import type { AgentError } from '../../ports/agent-error.ts'
import type * as api from './api.ts'
import { BoundedMap } from './bounded-map.ts'
import type { Received } from './read.ts'

const SESSIONS = 5_000
/** A circle of parents would otherwise be walked for ever. */
const GENERATIONS = 10

/** `GET /session/{id}`: `undefined` when there is no such session, an error when OpenCode cannot tell. */
export type LookUpSession = (session: string) => Promise<Received<api.Session> | undefined | AgentError>

export class SessionTree {
  readonly #parents = new BoundedMap<string | undefined>(SESSIONS)
  readonly #lookUp: LookUpSession

  constructor(lookUp: LookUpSession) {
    this.#lookUp = lookUp
  }

  learn(session: Received<api.Session>): void {
    const id = session.text('id')
    if (id !== undefined) this.#parents.set(id, session.text('parentID'))
  }

  /** The root of a session all of whose parents are known. */
  rootOf(session: string): string | undefined {
    let current = session
    for (let steps = 0; steps < GENERATIONS && this.#parents.has(current); steps += 1) {
      const parent = this.#parents.get(current)
      if (parent === undefined) return current
      current = parent
    }
    return undefined
  }

  /** The root of any session; `undefined` when the session does not exist, an error when OpenCode cannot tell. */
  async find(session: string): Promise<string | undefined | AgentError> {
    let current = session
    for (let steps = 0; steps < GENERATIONS && this.rootOf(session) === undefined; steps += 1) {
      const found = await this.#lookUp(current)
      if (found === undefined || found instanceof Error) return found
      this.learn(found)
      current = this.#parents.get(current) ?? current
    }
    return this.rootOf(session)
  }
}
