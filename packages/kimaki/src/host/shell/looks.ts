/**
 * Looks at the process groups of the machine, shared by all commands: a look reads every process, and the end of 200 commands would
 * otherwise take 200 looks every 25 ms.
 */
import type { GroupMember, Processes } from '../../ports/host.ts'

export class GroupLooks {
  readonly #processes: Pick<Processes, 'groups'>
  #groups: ReadonlyMap<number, readonly GroupMember[]> = new Map()
  #at = -Infinity

  constructor(processes: Pick<Processes, 'groups'>) {
    this.#processes = processes
  }

  /** The group as it was at most so many milliseconds ago. */
  members(group: number, withinMs: number): readonly GroupMember[] {
    if (performance.now() - this.#at > withinMs) {
      this.#groups = this.#processes.groups()
      this.#at = performance.now()
    }
    return this.#groups.get(group) ?? []
  }
}
