/**
 * Gives every project a server: the pool. A slot (`slots.ts`) is a place for one server process; a project is placed in one slot and stays
 * there until that slot is evicted:
 *
 *     call ──▶ placed? ── yes ──▶ lease until the call has ended
 *                 └── no ──▶ one after the other: `place` ──▶ a new slot, a share of one, or the slot of an evicted idle server
 *
 * The pool owns the slots; callers only hold leases. What a server has on disk the next one finds again: sessions are OpenCode's own files.
 *
 * I1 No two servers ever work for one project.
 * I2 A slot that is leased, on whose server a session runs, or that was used within the last 2 s, is not evicted.
 * I3 Slots change one decision at a time: what was read about all of them stays true until it was acted upon.
 * I4 A server is used for a folder only once this is on record.
 * I5 The servers of an earlier bot get their slots before anything else is placed, beyond the limit too until they are idle.
 * I6 When `stop` has resolved no slot changes any more, and no timer is left.
 * I7 Nothing is placed before what the tools of an earlier bot's dead servers left running has ended.
 * I8 No server runs what a folder brings that is not trusted: such projects have servers of their own kind.
 */
import { AgentUnavailable, isAbortError } from '../../base/errors.ts'
import type { FolderTrusts, RememberedServer, ServerRecord, ServerStatus } from '../../ports/agent.ts'
import type { Link } from '../session/link.ts'
import { Acquirer } from './acquire.ts'
import { loadsOf } from './evict.ts'
import { Housekeeping } from './housekeeping.ts'
import type { Lease } from './lease.ts'
import { projectRoots, type RootOf } from '../project/project-root.ts'
import { restoreSlots } from './restore.ts'
import { Slot, Slots } from './slots.ts'
import type { SlotDeps, SlotKind } from './slots.ts'

export interface PoolOptions extends SlotDeps {
  readonly trusts: FolderTrusts
  /** Most servers at a time; 1 is one for all. */
  readonly limit: number
  /** Does the process on record still live? */
  readonly isRecordedServer: (record: ServerRecord) => boolean
  /** Ends what the tools of dead servers left running. */
  readonly endLeftRunning: (dead: readonly ServerRecord[]) => Promise<void>
}

export class Pool {
  readonly #options: PoolOptions
  readonly #slots = new Slots()
  readonly #acquirer: Acquirer
  readonly #housekeeping: Housekeeping
  readonly #rootOf: RootOf
  #restored: Promise<void> | undefined

  constructor(options: PoolOptions) {
    this.#options = options
    const slots = this.#slots
    const rootOf = projectRoots(options.folders)
    this.#rootOf = rootOf
    this.#acquirer = new Acquirer({ ...options, slots, rootOf, open: (project, isBare) => this.#open([project], { isBare }) })
    this.#housekeeping = new Housekeeping({ ...options, slots, shrink: () => this.#acquirer.shrink() })
  }

  /** A lease on the slot of the folder's project; the caller releases it. Rejects when the agent stops. */
  async acquire(directory: string): Promise<Lease | AgentUnavailable> {
    this.#options.stopped.throwIfAborted()
    try {
      await this.#restore()
      return await this.#acquirer.acquire(directory)
    } catch (cause) {
      if (isAbortError(cause)) throw cause
      return new AgentUnavailable({ reason: `no OpenCode server: ${String(cause)}` })
    }
  }

  /** The server that is at work in this folder, as far as that is known without looking at the disk. */
  atHand(directory: string): Link | undefined {
    return [...this.#slots].find(({ directories }) => directories.has(directory))?.supervisor.current()
  }

  /** The server that runs for the folder's project, if one does. */
  async current(directory: string): Promise<Link | undefined> {
    return this.#slots.of(await this.#rootOf(directory))?.supervisor.current()
  }

  /** Starts a server for each project, as far as each can have one of its own; the first counts as used last. */
  async warm(directories: readonly string[]): Promise<void> {
    const now = Date.now()
    for (const [index, directory] of directories.entries()) {
      this.#options.stopped.throwIfAborted()
      await this.#restore()
      const lease = await this.#acquirer.acquireOwn(directory)
      await lease?.server().finally(() => lease.release(now - index))
    }
  }

  async servers(): Promise<readonly ServerStatus[]> {
    const loads = await loadsOf(this.#slots, { asksServers: true })
    return loads.flatMap(({ slot, busy }) => {
      const link = slot.supervisor.current()
      if (!link) return []
      const { pid, port } = link.server.record
      return [{ directories: [...slot.directories.keys()], pid, port, busy }]
    })
  }

  /** Called once `stopped` has aborted. */
  async stop(mode: 'end' | 'leave'): Promise<void> {
    if (mode === 'end') this.#restored ??= this.#restoreSlots()
    await this.#restored?.catch(() => undefined)
    await this.#housekeeping.stop()
    await this.#acquirer.drained()
    await Promise.all([...this.#slots].map(({ supervisor }) => supervisor.stop(mode)))
  }

  /** I5: once, at the first use. */
  #restore(): Promise<void> {
    const restored = this.#restored ?? this.#restoreAndKeepHouse()
    this.#restored = restored
    return restored
  }

  async #restoreAndKeepHouse(): Promise<void> {
    try {
      await this.#restoreSlots()
    } catch (cause) {
      this.#restored = undefined
      throw cause
    }
    if (!this.#options.stopped.aborted) this.#housekeeping.start()
  }

  #restoreSlots(): Promise<void> {
    const open = (projects: readonly string[], remembered: RememberedServer): void => {
      const [first, ...others] = projects
      if (first !== undefined) this.#open([first, ...others], { isBare: remembered.record.isBare === true, remembered })
    }
    return restoreSlots({ ...this.#options, rootOf: this.#rootOf, open })
  }

  #open(projects: readonly [string, ...string[]], kind: SlotKind): Slot {
    return this.#slots.add(new Slot(projects, this.#options, kind))
  }
}
