/** A call's hold on the slot of its project: until it is released, the slot is not evicted. */
import { AgentUnavailable } from '../../base/errors.ts'
import type { AgentError } from '../../ports/agent-error.ts'
import type { Link } from '../session/link.ts'
import type { Configuration } from './configuration.ts'
import type { Slot } from './slots.ts'

/** `isRepeat`: the work may have been done before, on a server that died under it. */
export type ServerWork<T> = (link: Link, isRepeat: boolean) => Promise<T | AgentError>

export class Lease {
  readonly directory: string
  readonly #slot: Slot

  constructor(slot: Slot, directory: string) {
    this.#slot = slot
    this.directory = directory
  }

  get configuration(): Configuration {
    return this.#slot.configuration
  }

  /** The running server, or a new one. Its folder is on record before it is used: after a crash its runs are looked for there. */
  async server(): Promise<Link | AgentError> {
    const link = await this.#slot.supervisor.live()
    if (link instanceof Error) return link
    link.directories.add(this.directory)
    try {
      await this.#slot.record(this.directory, link.server.record)
    } catch (cause) {
      return new AgentUnavailable({ reason: `the OpenCode server's record could not be stored: ${String(cause)}` })
    }
    return link
  }

  /** Another server in the place of the running one. */
  async restarted(): Promise<Link | AgentError> {
    await this.#slot.supervisor.restart('somebody has asked for it')
    return this.server()
  }

  /** Another server follows at once when one dies under the call: the work is repeated there. */
  async call<T>(work: ServerWork<T>): Promise<T | AgentError> {
    const link = await this.server()
    if (link instanceof Error) return link
    const result = await work(link, false)
    link.server.check()
    if (!(result instanceof AgentUnavailable) || !link.server.gone.aborted) return result
    const next = await this.server()
    return next instanceof Error ? next : work(next, true)
  }

  /** `at`: Unix ms, when the project was used. */
  release(at: number = Date.now()): void {
    this.#slot.release(at)
  }
}
