/** OpenCode behind `AgentPort`. This file is the table of contents; each stage has its own. */
import { accessSync, constants, statSync } from 'node:fs'
import type { AgentEvent } from '../domain/conversation/agent.ts'
import type { AgentNotice, AgentPort, AgentResult, ServerMemory } from '../ports/agent.ts'
import type { Log } from '../ports/host.ts'
import { rejectAsk } from './asks.ts'
import { findBinary } from './binary.ts'
import { openLink } from './link.ts'
import type { Link } from './link.ts'
import { createPoison } from './poison.ts'
import { sendPrompt } from './prompts.ts'
import { STOPPED, done, failed } from './result.ts'
import { abort, openSession } from './sessions.ts'
import { readSnapshot } from './snapshot.ts'
import { createSupervisor } from './supervisor.ts'

export interface AgentOptions {
  readonly log: Log
  readonly memory: ServerMemory
  /** The bot's; the server gets it without what is ours. */
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Holds `opencode-server.log`; the server's own folder too, so never a project. */
  readonly dataDir: string
  /** An OpenCode to run instead of the pinned one; before `OPENCODE_PATH`. */
  readonly binary?: string
}

export function createAgent(options: AgentOptions): AgentPort {
  const { log, environment } = options
  const life = new AbortController()
  const stopped = life.signal
  const events = createListeners<AgentEvent>(log)
  const notices = createListeners<AgentNotice>(log)
  const supervisor = createSupervisor<Link>({
    ...options,
    stopped,
    findBinary: () => findBinary(options.binary ?? environment['OPENCODE_PATH']),
    open: (server) => openLink(server, { log, tell: events.tell, notice: notices.tell }),
    close: (link) => link.stream.close(),
    lost: (reason) => notices.tell({ kind: 'lost', reason }),
  })
  const poison = createPoison(supervisor, stopped)
  let stopping: Promise<void> | undefined

  /** The server for a folder. One serves all of them today; with a pool this is where a folder finds its own. */
  async function serverFor(directory: string): Promise<AgentResult<Link>> {
    const live = await supervisor.live()
    if (live.ok) live.value.directories.add(directory)
    return live
  }

  /** Everything that needs a project goes through here. */
  async function inProject<T>(directory: string, work: () => Promise<AgentResult<T>>): Promise<AgentResult<T>> {
    if (stopped.aborted) return STOPPED
    if (!isFolder(directory)) return failed({ kind: 'directory', directory })
    const result = await poison.guard(directory, work)
    return stopped.aborted && !result.ok ? STOPPED : result
  }

  const withServer = <T>(directory: string, work: (link: Link) => Promise<AgentResult<T>>): Promise<AgentResult<T>> =>
    inProject(directory, async () => {
      const live = await serverFor(directory)
      return live.ok ? work(live.value) : live
    })

  return {
    warm: () => void supervisor.live(),

    openSession: (directory, mark, again) => withServer(directory, (link) => openSession(link, directory, mark, again)),

    prompt: (request) => inProject(request.directory, () => sendPrompt(request, () => serverFor(request.directory), stopped)),

    snapshot: (directory, session) =>
      withServer(directory, async (link) => {
        const read = await readSnapshot(link, session)
        if (!read.ok) return read
        const { asks, ...snapshot } = read.value
        for (const ask of asks) events.tell({ kind: 'asked', session, ask })
        return done(snapshot)
      }),

    // Stopping and refusing must be possible in a folder that is gone or broken, too.
    async abort(directory, session) {
      const live = await serverFor(directory)
      return live.ok ? abort(live.value.http, session) : live
    },

    async reject(directory, ask) {
      const live = await serverFor(directory)
      return live.ok ? rejectAsk(live.value, ask) : live
    },

    async contextLimit(directory, model) {
      const limit = await withServer(directory, async ({ catalog }) => done(await catalog.contextLimit(directory, model)))
      return limit.ok ? limit.value : undefined
    },

    onEvent: events.add,
    onNotice: notices.add,

    stop(mode) {
      life.abort()
      stopping ??= supervisor.stop(mode)
      return stopping
    },
  }
}

/** OpenCode would make a session in a folder that is not there, and fail at its first prompt. */
/** Synchronous: two looks of some microseconds, where the thread pool may be busy with a commit's neighbours for milliseconds. */
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
