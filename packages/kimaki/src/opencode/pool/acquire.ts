/** Finds, opens or frees the slot of a project, and gives a lease on it. It owns the queue in which slots change (I3). */
import { SerialQueue } from '../../base/serial.ts'
import { evict, loadsOf, shrink } from './evict.ts'
import type { ShrinkDeps } from './evict.ts'
import { Lease } from './lease.ts'
import { place } from './placement.ts'
import type { RootOf } from '../project/project-root.ts'
import type { Slot } from './slots.ts'

export interface AcquireDeps extends ShrinkDeps {
  readonly rootOf: RootOf
  /** Adds a slot for a project. */
  readonly open: (project: string) => Slot
}

interface Placed {
  readonly slot: Slot
  /** It serves other projects already. */
  readonly isShared: boolean
}

export class Acquirer {
  readonly #deps: AcquireDeps
  readonly #changes = new SerialQueue()

  constructor(deps: AcquireDeps) {
    this.#deps = deps
  }

  /** On a server of the project's own, if there is room for one, else on a shared one. Rejects when the agent stops. */
  async acquire(directory: string): Promise<Lease> {
    const project = await this.#deps.rootOf(directory)
    const slot = this.#deps.slots.of(project)
    if (slot) return lease(slot, project, directory)
    return this.#changes.run(async () => {
      const placed = await this.#place(project)
      return lease(placed.slot, project, directory)
    })
  }

  /** `undefined` when the project would have to share a server. */
  async acquireOwn(directory: string): Promise<Lease | undefined> {
    const project = await this.#deps.rootOf(directory)
    const slot = this.#deps.slots.of(project)
    if (slot) return lease(slot, project, directory)
    return this.#changes.run(async () => {
      const placed = await this.#place(project)
      return placed.isShared ? undefined : lease(placed.slot, project, directory)
    })
  }

  /** Evicts idle servers beyond the limit. */
  shrink(): Promise<void> {
    return this.#changes.run(() => shrink(this.#deps))
  }

  /** Resolves when no slot changes any more. */
  drained(): Promise<void> {
    return this.#changes.drained()
  }

  async #place(project: string): Promise<Placed> {
    const { slots, limit, log, open, stopped } = this.#deps
    for (;;) {
      stopped.throwIfAborted()
      const placed = slots.of(project)
      if (placed) return { slot: placed, isShared: false }
      await shrink(this.#deps)
      const loads = await loadsOf(slots, { asksServers: slots.size >= limit && limit > 1 })
      const placement = place(project, loads, limit)
      if (placement.kind === 'new') return { slot: open(project), isShared: false }
      if (placement.kind !== 'replace') return { slot: placement.server.slot, isShared: placement.kind === 'share' }
      if (await evict(placement.server, slots, log)) return { slot: open(project), isShared: false }
    }
  }
}

/** From the moment a slot was found to its lease nothing else runs, so that the slot is not evicted in between. */
function lease(slot: Slot, project: string, directory: string): Lease {
  slot.acquire(project, directory)
  return new Lease(slot, directory)
}
