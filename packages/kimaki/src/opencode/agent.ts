/** OpenCode behind `AgentPort`. This file is the table of contents; each stage has its own folder, from `wire/` up to `pool/`. */
import { accessSync, constants, statSync } from 'node:fs'
import { DirectoryGone, isAbortError } from '../base/errors.ts'
import type { AgentEvent } from '../domain/conversation/agent.ts'
import type { AgentError, AgentNotice, AgentPort, ServerRecords } from '../ports/agent.ts'
import type { Log } from '../ports/host.ts'
import { Listeners } from './listeners.ts'
import type { Configuration } from './pool/configuration.ts'
import type { Lease, ServerWork } from './pool/lease.ts'
import { Pool } from './pool/pool.ts'
import type { SlotOptions } from './pool/slots.ts'
import { isRecordedServer } from './process/adopt.ts'
import { findBinary } from './process/binary.ts'
import { createSupervisor } from './process/supervisor.ts'
import type { Supervisor } from './process/supervisor.ts'
import { rejectAsk } from './session/asks.ts'
import { fork } from './session/fork.ts'
import { openLink } from './session/link.ts'
import type { Link } from './session/link.ts'
import { submitPrompt } from './session/prompts.ts'
import { abort, openSession } from './session/sessions.ts'
import { readSnapshot } from './session/snapshot.ts'

export interface AgentOptions {
  readonly log: Log
  readonly memory: ServerRecords
  /** The bot's; the server gets it without what is ours. */
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Holds the servers' output; it is their own folder too, so never a project. */
  readonly dataDir: string
  /** Most servers at a time; 1 is one for all. */
  readonly servers: number
  /** An OpenCode to run instead of the pinned one; before `OPENCODE_PATH`. */
  readonly binary?: string
}

export function createAgent(options: AgentOptions): AgentPort {
  const { log } = options
  const stopping = new AbortController()
  const stopped = stopping.signal
  const events = new Listeners<AgentEvent>(log)
  const notices = new Listeners<AgentNotice>(log)
  const supervise = (slot: SlotOptions) => superviseSlot(slot, { ...options, stopped, events, notices })
  const pool = new Pool({ ...options, records: options.memory, stopped, limit: options.servers, isRecordedServer, supervise })
  let ended: Promise<void> | undefined

  /** Leases the slot of the folder's project for the time of the work. */
  async function withLease<T>(directory: string, work: (lease: Lease) => Promise<T | AgentError>): Promise<T | AgentError> {
    const lease = await pool.acquire(directory)
    if (lease instanceof Error) return lease
    try {
      const result = await work(lease)
      // A failure during the stop is the stop.
      if (result instanceof Error) stopped.throwIfAborted()
      return result
    } finally {
      lease.release()
    }
  }

  /** As `withLease`, for work that needs the folder and a configuration that is not broken. */
  async function inProject<T>(
    directory: string,
    work: (configuration: Configuration, lease: Lease) => Promise<T | AgentError>,
  ): Promise<T | AgentError> {
    stopped.throwIfAborted()
    if (!isFolder(directory)) return new DirectoryGone({ directory })
    return withLease(directory, (lease) => work(lease.configuration, lease))
  }

  const read = <T>(directory: string, work: ServerWork<T>): Promise<T | AgentError> =>
    inProject(directory, (configuration, lease) => configuration.guard(directory, () => lease.call(work)))

  return {
    warm(directories) {
      pool.warm(directories.filter(isFolder)).catch((cause: unknown) => {
        if (!isAbortError(cause)) log.warn('no server was started ahead', { cause: String(cause) })
      })
    },

    servers: () => pool.servers(),

    openSession: (directory, mark, isRetry) =>
      read(directory, (link, isRepeat) => openSession(link, directory, mark, isRetry || isRepeat)),

    fork: (request) =>
      read(request.directory, (link, isRepeat) => fork(link, { ...request, isRetry: request.isRetry || isRepeat })),

    commands: (directory) =>
      inProject(directory, (configuration, lease) =>
        configuration.refreshAndGuard(directory, () => lease.call((link) => link.commands.of(directory))),
      ),

    prompt: (request) =>
      inProject(request.directory, (configuration, lease) =>
        configuration.submit(request.directory, request.session, () => submitPrompt(request, () => lease.server(), stopped)),
      ),

    snapshot: (directory, session) =>
      read(directory, async (link) => {
        const found = await readSnapshot(link, session)
        if (found instanceof Error) return found
        const { asks, ...snapshot } = found
        for (const ask of asks) {
          link.reportedAsks.add(ask.id)
          events.emit({ kind: 'asked', session, ask })
        }
        return snapshot
      }),

    // Stopping and rejecting must be possible in a folder that is gone or broken, too.
    abort: (directory, session, drop) => withLease(directory, (lease) => lease.call(({ http }) => abort(http, session, drop))),

    reject: (directory, ask) => withLease(directory, (lease) => lease.call((link) => rejectAsk(link, ask))),

    contextLimit: async (directory, model) => pool.current(directory)?.catalog.contextLimit(directory, model),

    onEvent: (listener) => events.add(listener),
    onNotice: (listener) => notices.add(listener),

    stop(mode) {
      stopping.abort()
      ended ??= pool.stop(mode)
      return ended
    },
  }
}

interface SupervisionDeps extends AgentOptions {
  readonly stopped: AbortSignal
  readonly events: Listeners<AgentEvent>
  readonly notices: Listeners<AgentNotice>
}

function superviseSlot(slot: SlotOptions, deps: SupervisionDeps): Supervisor<Link> {
  const { log, binary, environment, events, notices } = deps
  const directories = (): readonly string[] => [...slot.directories.keys()]
  return createSupervisor<Link>({
    ...deps,
    ...slot,
    findBinary: () => findBinary(binary ?? environment['OPENCODE_PATH']),
    open: (server) =>
      openLink(server, {
        log,
        onEvent: (event) => events.emit(event),
        onConnected: () => notices.emit({ kind: 'connected', directories: directories() }),
        directories: server.adopted ? directories() : [],
      }),
    close: (link) => link.stream.close(),
    onLost: (reason) => notices.emit({ kind: 'lost', reason, directories: directories() }),
  })
}

/**
 * OpenCode would make a session in a folder that is not there, and fail at its first prompt. Synchronous: two checks of some
 * microseconds, where the thread pool may be busy with a commit's neighbours for milliseconds.
 */
function isFolder(directory: string): boolean {
  try {
    accessSync(directory, constants.R_OK | constants.X_OK)
    return statSync(directory).isDirectory()
  } catch {
    return false
  }
}
