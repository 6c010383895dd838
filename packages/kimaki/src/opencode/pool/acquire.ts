/** Finds, opens or frees the slot of a project, and gives a lease on it. It owns the queue in which slots change (I3). */
import { sep } from 'node:path'
import { SerialQueue } from '../../base/serial.ts'
import { evict, loadsOf, shrink } from './evict.ts'
import type { ShrinkDeps } from './evict.ts'
import { Lease } from './lease.ts'
import { place, type Wanted } from './placement.ts'
import type { FolderTrusts } from '../../ports/agent.ts'
import type { RootOf } from '../project/project-root.ts'
import type { Slot, Slots } from './slots.ts'

export interface AcquireDeps extends ShrinkDeps {
  readonly rootOf: RootOf
  readonly trusts: FolderTrusts
  /** Adds a slot for a project. */
  readonly open: (project: string, isBare: boolean) => Slot
}

interface Placed {
  readonly slot: Slot
  /** It serves other projects already. */
  readonly isShared: boolean
}

export class Acquirer {
  readonly #deps: AcquireDeps
  readonly #changes = new SerialQueue()
  readonly #untrustedRoots = new Map<string, Promise<string>>()

  constructor(deps: AcquireDeps) {
    this.#deps = deps
  }

  /** On a server of the project's own, if there is room for one, else on a shared one. Rejects when the agent stops. */
  async acquire(directory: string): Promise<Lease> {
    const wanted = await this.#wanted(directory)
    return this.#placed(wanted) ?? this.#changes.run(async () => lease((await this.#place(wanted)).slot, wanted))
  }

  /** `undefined` when the project would have to share a server. */
  async acquireOwn(directory: string): Promise<Lease | undefined> {
    const wanted = await this.#wanted(directory)
    const leased = this.#placed(wanted)
    if (leased) return leased
    return this.#changes.run(async () => {
      const placed = await this.#place(wanted)
      return placed.isShared ? undefined : lease(placed.slot, wanted)
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

  /** A folder is trusted as the project around it is, a worktree as its repository is, and the repository as they are: one that is not trusted decides. */
  async #wanted(directory: string): Promise<FolderWanted> {
    const { rootOf, trusts } = this.#deps
    const untrusted = trusts.all().filter(({ isTrusted }) => !isTrusted)
    const bare = await Promise.all(untrusted.map((trust) => this.#rootOnce(trust.directory)))
    const project = await rootOf(directory)
    return { project, directory, isBare: bare.some((root) => project === root || project.startsWith(root + sep)) }
  }

  /** A folder that does not answer any more holds up only calls about itself. */
  #rootOnce(directory: string): Promise<string> {
    const root = this.#untrustedRoots.get(directory) ?? this.#deps.rootOf(directory)
    this.#untrustedRoots.set(directory, root)
    return root
  }

  #placed(wanted: FolderWanted): Lease | undefined {
    const slot = this.#deps.slots.of(wanted.project)
    return slot?.isBare === wanted.isBare ? lease(slot, wanted) : undefined
  }

  async #place(wanted: FolderWanted): Promise<Placed> {
    const { project, isBare } = wanted
    const { slots, limit, log, open, stopped } = this.#deps
    for (;;) {
      stopped.throwIfAborted()
      const placed = slots.of(project)
      if (placed?.isBare === isBare) return { slot: placed, isShared: false }
      if (placed) await giveUp(placed, slots)
      await shrink(this.#deps)
      const loads = await loadsOf(slots, { asksServers: slots.size >= limit && limit > 1 })
      const placement = place(wanted, loads, limit)
      if (placement.kind === 'new') return { slot: open(project, isBare), isShared: false }
      if (placement.kind !== 'replace') return { slot: placement.server.slot, isShared: placement.kind === 'share' }
      if (await evict(placement.server, slots, log)) return { slot: open(project, isBare), isShared: false }
    }
  }
}

interface FolderWanted extends Wanted {
  readonly directory: string
}

/** Whatever runs there: it runs with programs that may not run, or without those that may. */
async function giveUp(slot: Slot, slots: Slots): Promise<void> {
  slots.delete(slot)
  await slot.supervisor.restart('the trust in its folder was changed')
  await slot.supervisor.retire()
}

/** From the moment a slot was found to its lease nothing else runs, so that the slot is not evicted in between. */
function lease(slot: Slot, { project, directory }: FolderWanted): Lease {
  slot.acquire(project, directory)
  return new Lease(slot, directory)
}
