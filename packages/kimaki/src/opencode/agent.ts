/** OpenCode behind `AgentPort`. This file is the table of contents; each stage has its own. */
import { accessSync, constants, statSync } from 'node:fs'
import type { AgentEvent } from '../domain/conversation/agent.ts'
import type { AgentNotice, AgentPort, AgentResult, ServerRecords } from '../ports/agent.ts'
import type { Log } from '../ports/host.ts'
import { isOurs } from './process/adopt.ts'
import { rejectAsk } from './session/asks.ts'
import { findBinary } from './process/binary.ts'
import type { Question } from './pool/configuration.ts'
import { fork } from './session/fork.ts'
import { openLink } from './session/link.ts'
import type { Link } from './session/link.ts'
import { createPool } from './pool/pool.ts'
import type { Seat } from './pool/pool.ts'
import { sendPrompt } from './session/prompts.ts'
import { STOPPED, done, failed } from './wire/result.ts'
import { abort, openSession } from './session/sessions.ts'
import { readSnapshot } from './session/snapshot.ts'
import { createSupervisor } from './process/supervisor.ts'

export interface AgentOptions {
  readonly log: Log
  readonly memory: ServerRecords
  /** The bot's; the server gets it without what is ours. */
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Holds what the servers print; their own folder too, so never a project. */
  readonly dataDir: string
  /** Most servers at a time; 1 is one for all. */
  readonly servers: number
  /** An OpenCode to run instead of the pinned one; before `OPENCODE_PATH`. */
  readonly binary?: string
}

export function createAgent(options: AgentOptions): AgentPort {
  const { log, environment } = options
  const life = new AbortController()
  const stopped = life.signal
  const events = createListeners<AgentEvent>(log)
  const notices = createListeners<AgentNotice>(log)
  const pool = createPool({
    ...options,
    stopped,
    limit: options.servers,
    isOurs,
    supervise(slot) {
      const directories = (): readonly string[] => [...slot.directories.keys()]
      return createSupervisor<Link>({
        ...options,
        ...slot,
        stopped,
        findBinary: () => findBinary(options.binary ?? environment['OPENCODE_PATH']),
        open: (server) => {
          const connected = () => notices.tell({ kind: 'connected', directories: directories() })
          return openLink(server, { log, tell: events.tell, connected, directories: server.adopted ? directories() : [] })
        },
        close: (link) => link.stream.close(),
        lost: (reason) => notices.tell({ kind: 'lost', reason, directories: directories() }),
      })
    },
  })
  let stopping: Promise<void> | undefined

  /** Everything that needs a project goes through here. */
  async function inProject<T>(
    directory: string,
    work: (seat: Seat) => Promise<AgentResult<T>>,
    question?: Question,
  ): Promise<AgentResult<T>> {
    if (stopped.aborted) return STOPPED
    if (!isFolder(directory)) return failed({ kind: 'directory', directory })
    const result = await pool.use(directory, (seat) => {
      const inSeat = () => work(seat)
      return question ? seat.configuration.question(question, inSeat) : seat.configuration.guard(directory, inSeat)
    })
    return stopped.aborted && !result.ok ? STOPPED : result
  }

  /** A server that dies under the call is followed by another at once: the work is done there, and told that it may have been done. */
  const withLink =
    <T>(work: (link: Link, again: boolean) => Promise<AgentResult<T>>) =>
    async (seat: Seat): Promise<AgentResult<T>> => {
      const live = await seat.live()
      if (!live.ok) return live
      const result = await work(live.value, false)
      live.value.server.check()
      if (result.ok || result.failure.kind !== 'unavailable' || !live.value.server.gone.aborted) return result
      const next = await seat.live()
      return next.ok ? work(next.value, true) : next
    }

  return {
    warm: (directories) =>
      void pool
        .warm(directories.filter(isFolder))
        .catch((cause: unknown) => log.warn('no server was started ahead', { cause: String(cause) })),

    servers: pool.servers,

    openSession: (directory, mark, again) =>
      inProject(
        directory,
        withLink((link, after) => openSession(link, directory, mark, again || after)),
      ),

    fork: (request) =>
      inProject(
        request.directory,
        withLink((link, after) => fork(link, { ...request, again: request.again || after })),
      ),

    commands: (directory) =>
      inProject(
        directory,
        withLink((link) => link.commands.of(directory)),
        { directory },
      ),

    prompt: (request) => inProject(request.directory, (seat) => sendPrompt(request, seat.live, stopped), request),

    snapshot: (directory, session) =>
      inProject(
        directory,
        withLink(async (link) => {
          const read = await readSnapshot(link, session)
          if (!read.ok) return read
          const { asks, ...snapshot } = read.value
          for (const ask of asks) {
            link.asked.add(ask.id)
            events.tell({ kind: 'asked', session, ask })
          }
          return done(snapshot)
        }),
      ),

    // Stopping and refusing must be possible in a folder that is gone or broken, too.
    abort: (directory, session, drop) =>
      pool.use(
        directory,
        withLink(({ http }) => abort(http, session, drop)),
      ),

    reject: (directory, ask) =>
      pool.use(
        directory,
        withLink((link) => rejectAsk(link, ask)),
      ),

    contextLimit: async (directory, model) => pool.current(directory)?.catalog.contextLimit(directory, model),

    onEvent: events.add,
    onNotice: notices.add,

    stop(mode) {
      life.abort()
      stopping ??= pool.stop(mode)
      return stopping
    },
  }
}

/**
 * OpenCode would make a session in a folder that is not there, and fail at its first prompt. Synchronous: two looks of some
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

interface Listeners<T> {
  readonly add: (listener: (value: T) => void) => void
  readonly tell: (value: T) => void
}

/** A listener that throws is a defect of its own: the others, and the stream, go on. */
function createListeners<T>(log: Log): Listeners<T> {
  const listeners: ((value: T) => void)[] = []
  return {
    add: (listener) => void listeners.push(listener),
    tell(value) {
      for (const listener of listeners) {
        try {
          listener(value)
        } catch (cause) {
          log.error('a listener of the agent threw', { cause: String(cause) })
        }
      }
    },
  }
}
