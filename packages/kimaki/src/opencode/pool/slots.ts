/** A slot is a place for one server process, and the projects that this server serves. Data; `acquire.ts` and `evict.ts` decide. */
import type { RememberedServer, ServerRecord, ServerRecords } from '../../ports/agent.ts'
import type { Folders, Log } from '../../ports/host.ts'
import { outputFile } from '../process/output.ts'
import type { Supervisor, SupervisorOptions } from '../process/supervisor.ts'
import type { Link } from '../session/link.ts'
import { Configuration } from './configuration.ts'
import type { ProgramWatch } from './programs.ts'

/** What a slot adds to the options of its supervisor. */
export type SlotOptions = Pick<SupervisorOptions<Link>, 'remembered' | 'remember' | 'forget' | 'output' | 'isBare'> & {
  readonly directories: ReadonlyMap<string, unknown>
}

export interface SlotDeps {
  readonly log: Log
  readonly stopped: AbortSignal
  readonly records: ServerRecords
  /** The servers'. */
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly dataDir: string
  readonly folders: Folders
  readonly programs: Pick<ProgramWatch, 'opened'>
  readonly supervise: (options: SlotOptions) => Supervisor<Link>
}

export interface SlotKind {
  readonly isBare: boolean
  readonly remembered?: RememberedServer
}

export class Slot {
  readonly projects: Set<string>
  /** The folders it was acquired for, as they were given, with the process that is on record for them. */
  readonly directories: Map<string, ServerRecord | undefined>
  readonly supervisor: Supervisor<Link>
  readonly configuration: Configuration
  /** Its server runs nothing that projects bring. */
  readonly isBare: boolean
  readonly #records: ServerRecords
  #leases = 0
  #acquisitions = 0
  #usedAt = 0

  /** For one project, or for those that the server of an earlier bot serves: then `isBare` is as its record says. */
  constructor(projects: readonly [string, ...string[]], deps: SlotDeps, { isBare, remembered }: SlotKind) {
    const { log, stopped, records, environment, dataDir, folders, programs, supervise } = deps
    const directories = new Map<string, ServerRecord | undefined>(
      remembered?.directories.map((directory) => [directory, remembered.record]),
    )
    this.directories = directories
    this.projects = new Set(projects)
    this.isBare = isBare
    this.#records = records
    this.supervisor = supervise({
      directories,
      remembered,
      isBare,
      output: outputFile(dataDir, projects[0]),
      forget: () => records.forget([...directories.keys()]),
      async remember(record) {
        const all = [...directories.keys()]
        await records.write(record, all)
        for (const directory of all) directories.set(directory, record)
      },
    })
    this.configuration = new Configuration({ supervisor: this.supervisor, environment, folders, log, stopped, programs })
  }

  /** Calls under way. */
  get leases(): number {
    return this.#leases
  }

  /** Calls ever. */
  get acquisitions(): number {
    return this.#acquisitions
  }

  /** Unix ms of the end of the last call; 0 before the first. */
  get usedAt(): number {
    return this.#usedAt
  }

  acquire(project: string, directory: string): void {
    this.projects.add(project)
    if (!this.directories.has(directory)) this.directories.set(directory, undefined)
    this.#leases += 1
    this.#acquisitions += 1
  }

  release(at: number): void {
    this.#leases -= 1
    this.#usedAt = Math.max(this.#usedAt, at)
  }

  /** The folder is served by this process: resolves once that is on record. */
  async record(directory: string, record: ServerRecord): Promise<void> {
    if (this.directories.get(directory) === record) return
    await this.#records.write(record, [directory])
    this.directories.set(directory, record)
  }
}

export class Slots implements Iterable<Slot> {
  readonly #slots = new Set<Slot>()

  get size(): number {
    return this.#slots.size
  }

  [Symbol.iterator](): Iterator<Slot> {
    return this.#slots[Symbol.iterator]()
  }

  of(project: string): Slot | undefined {
    return [...this.#slots].find(({ projects }) => projects.has(project))
  }

  add(slot: Slot): Slot {
    this.#slots.add(slot)
    return slot
  }

  delete(slot: Slot): void {
    this.#slots.delete(slot)
  }
}
