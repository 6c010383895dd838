/**
 * The servers of all projects. A slot is a place for one server process; a project is seated in one slot and stays there until
 * that slot is given up, so that no two servers ever work for one project:
 *
 *     call ──▶ seated? ── yes ──▶ held until the call has ended
 *                 └── no ──▶ one after the other: `place` ──▶ a new slot, a share of one, or a slot that an idle server gives up
 *
 * A slot that is held, or on whose server a session runs, is never given up. What a server has on disk the next one finds
 * again: sessions are OpenCode's own files. The servers of an earlier bot keep their slots, beyond the limit too until they are idle.
 */
import type { AgentResult, RememberedServer, ServerRecords, ServerRecord, ServerStatus } from '../../ports/agent.ts'
import type { Log } from '../../ports/host.ts'
import { createConfiguration } from './configuration.ts'
import type { Configuration } from './configuration.ts'
import type { Link } from '../session/link.ts'
import { boundOutputs, outputFile } from '../process/output.ts'
import { place, surplus } from './placement.ts'
import type { Serving } from './placement.ts'
import { projectRoot } from './project-root.ts'
import { STOPPED, unavailable } from '../wire/result.ts'
import { runningSessions } from '../wire/running.ts'
import type { Supervisor, SupervisorOptions } from '../process/supervisor.ts'

const TICK_MS = 60_000
/** A prompt is stored up to 0.4 s before its session shows as busy, and between two calls of a turn nothing may show at all. */
const QUIET_MS = 2_000

export interface Pool {
  /** Does the work in the slot of the folder's project; `live` gives its server, running. */
  use<T>(directory: string, work: (seat: Seat) => Promise<AgentResult<T>>): Promise<AgentResult<T>>
  /** The server that runs for the folder's project, if one does. */
  current(directory: string): Link | undefined
  warm(directories: readonly string[]): Promise<void>
  servers(): Promise<readonly ServerStatus[]>
  /** Called once `stopped` has aborted. */
  stop(mode: 'end' | 'leave'): Promise<void>
}

export interface Seat {
  readonly configuration: Configuration
  live(): Promise<AgentResult<Link>>
}

export interface PoolOptions {
  readonly log: Log
  readonly stopped: AbortSignal
  readonly memory: ServerRecords
  /** The servers'. */
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly dataDir: string
  /** Most servers at a time; 1 is one for all. */
  readonly limit: number
  /** Does the process on record still live? */
  readonly isOurs: (record: ServerRecord) => boolean
  readonly supervise: (options: SlotOptions) => Supervisor<Link>
}

/** What a slot adds to the options of its supervisor. */
export type SlotOptions = Pick<SupervisorOptions<Link>, 'remembered' | 'remember' | 'forget' | 'output'> & {
  readonly directories: ReadonlyMap<string, unknown>
}

interface Slot {
  readonly projects: Set<string>
  /** Folders it was called for, as they were given, with the process that is on record for them. */
  readonly directories: Map<string, ServerRecord | undefined>
  readonly server: Supervisor<Link>
  readonly configuration: Configuration
  /** Calls under way. */
  held: number
  /** Calls ever. */
  calls: number
  used: number
}

export function createPool({ memory, environment, log, stopped, dataDir, limit, isOurs, supervise }: PoolOptions): Pool {
  const slots = new Set<Slot>()
  let turn: Promise<unknown> = Promise.resolve()
  let timer: NodeJS.Timeout | undefined
  let looking: Promise<unknown> | undefined

  /** Seats change in turn: a look at all slots is true until it has been acted upon. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = turn.then(work)
    turn = done.catch(() => undefined)
    return done
  }

  async function use<T>(directory: string, work: (seat: Seat) => Promise<AgentResult<T>>): Promise<AgentResult<T>> {
    const slot = await hold(directory, 'needed').catch((cause: unknown) => new Error(`no OpenCode server: ${String(cause)}`))
    if (slot instanceof Error) return unavailable(slot.message)
    if (!slot) return STOPPED
    return work({ configuration: slot.configuration, live: () => live(slot, directory) }).finally(() => release(slot, Date.now()))
  }

  /** From the look to the hold nothing else runs: a slot that was found is not given up meanwhile. */
  async function hold(directory: string, why: 'needed' | 'ahead'): Promise<Slot | undefined> {
    restore()
    const project = projectRoot(directory)
    const take = (slot: Slot): Slot => {
      slot.projects.add(project)
      if (!slot.directories.has(directory)) slot.directories.set(directory, undefined)
      slot.held += 1
      slot.calls += 1
      return slot
    }
    const seated = seatOf(project)
    if (seated) return take(seated)
    return inTurn(async () => {
      const slot = seatOf(project) ?? (await seat(project, why))
      return slot && take(slot)
    })
  }

  function release(slot: Slot, at: number): void {
    slot.held -= 1
    slot.used = Math.max(slot.used, at)
  }

  const seatOf = (project: string): Slot | undefined => [...slots].find(({ projects }) => projects.has(project))

  async function seat(project: string, why: 'needed' | 'ahead'): Promise<Slot | undefined> {
    while (!stopped.aborted) {
      await trim()
      const placement = place(project, await lookAt(slots.size >= limit && limit > 1), limit)
      if (placement.kind === 'new') return open(project)
      if (placement.kind !== 'replace') return why === 'needed' ? placement.server.slot : undefined
      if (await giveUp(placement.server)) return open(project)
    }
    return undefined
  }

  interface Look extends Serving {
    readonly slot: Slot
    readonly calls: number
  }

  /** Without asking the servers only the calls under way count. */
  function lookAt(asking: boolean): Promise<readonly Look[]> {
    return Promise.all(
      [...slots].map(async (slot) => {
        const { projects, calls, used, held } = slot
        const running = asking ? await runningOn(slot) : 0
        const quiet = Date.now() - used >= QUIET_MS
        return { slot, projects: [...projects], calls, used, busy: held + running || Number(!quiet) }
      }),
    )
  }

  async function runningOn({ server }: Slot): Promise<number> {
    await server.settled()
    const link = server.current()
    return link ? runningSessions(link.http, link.directories) : 0
  }

  /** False when it was called again since the look. */
  async function giveUp({ slot, calls }: Look): Promise<boolean> {
    if (slot.calls !== calls || slot.held > 0) return false
    slots.delete(slot)
    log.info('an idle OpenCode server gives up its slot', { projects: [...slot.projects] })
    await slot.server.retire()
    return true
  }

  function open(project: string, left?: RememberedServer): Slot {
    const directories = new Map<string, ServerRecord | undefined>(left?.directories.map((directory) => [directory, left.record]))
    const server = supervise({
      directories,
      remembered: left,
      output: outputFile(dataDir, project),
      forget: () => memory.forget([...directories.keys()]),
      async remember(record) {
        const all = [...directories.keys()]
        await memory.write(record, all)
        for (const directory of all) directories.set(directory, record)
      },
    })
    const projects = new Set([project, ...directories.keys()].map(projectRoot))
    const configuration = createConfiguration({ supervisor: server, environment, log, stopped })
    const slot: Slot = { projects, directories, server, configuration, held: 0, calls: 0, used: 0 }
    slots.add(slot)
    return slot
  }

  /** A folder that joins a running server is on record before it is used: after a crash its runs are looked for there. */
  async function live({ server, directories }: Slot, directory: string): Promise<AgentResult<Link>> {
    const running = await server.live()
    if (!running.ok) return running
    const { record } = running.value.server
    running.value.directories.add(directory)
    if (directories.get(directory) === record) return running
    try {
      await memory.write(record, [directory])
    } catch (cause) {
      return unavailable(`the OpenCode server's record could not be stored: ${String(cause)}`)
    }
    directories.set(directory, record)
    return running
  }

  /** Once: the servers of an earlier bot get their slots back before anything else is seated. */
  function restore(): void {
    if (timer || stopped.aborted) return
    takeSlots()
    if (slots.size > 0) tick()
    else tickIn(TICK_MS)
  }

  function tickIn(ms: number): void {
    timer = setTimeout(tick, ms)
    timer.unref()
  }

  /** Only for what lives: after a reboot, projects that shared a server are free to have their own. */
  function takeSlots(): void {
    const { living = [], dead = [] } = Object.groupBy(memory.read(), ({ record }) => (isOurs(record) ? 'living' : 'dead'))
    for (const left of living) open(projectRoot(left.directories[0] ?? dataDir), left)
    // A record that stays does no harm.
    void memory.forget(dead.flatMap(({ directories }) => directories)).catch(() => undefined)
  }

  /** Sooner while there are servers too many: each ends as soon as it is idle. */
  function tick(): void {
    tickIn(slots.size > limit ? QUIET_MS : TICK_MS)
    looking = Promise.all([...slots].map(({ server }) => server.settled()))
      .then(() => Promise.all([inTurn(trim), stopped.aborted || memory.seen(Date.now())]))
      .then(() => boundOutputs(dataDir))
      .catch((cause: unknown) => log.warn('the OpenCode servers could not be looked after', { cause: String(cause) }))
  }

  /** More servers than allowed: an earlier bot was allowed more. */
  async function trim(): Promise<void> {
    if (slots.size <= limit) return
    for (const idle of surplus(await lookAt(true), limit)) if (!stopped.aborted) await giveUp(idle)
  }

  async function warm(directories: readonly string[]): Promise<void> {
    const at = Date.now()
    for (const [index, directory] of directories.entries()) {
      if (stopped.aborted) return
      const slot = await hold(directory, 'ahead')
      if (slot) await live(slot, directory).finally(() => release(slot, at - index))
    }
  }

  async function servers(): Promise<readonly ServerStatus[]> {
    const looks = await lookAt(true)
    return looks.flatMap(({ slot, busy }) => {
      const link = slot.server.current()
      if (!link) return []
      const { pid, port } = link.server.record
      return [{ directories: [...slot.directories.keys()], pid, port, busy }]
    })
  }

  async function stop(mode: 'end' | 'leave'): Promise<void> {
    clearTimeout(timer)
    await looking
    await turn
    if (!timer && mode === 'end') takeSlots()
    await Promise.all([...slots].map(({ server }) => server.stop(mode)))
  }

  return { use, current: (directory) => seatOf(projectRoot(directory))?.server.current(), warm, servers, stop }
}
