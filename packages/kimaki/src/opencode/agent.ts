/** OpenCode behind `AgentPort`. This file is the table of contents; each stage has its own folder, from `wire/` up to `pool/`. */
import { realpath } from 'node:fs/promises'
import { isAbortError } from '../base/errors.ts'
import { looksSecret } from '../base/known-secrets.ts'
import { Secrets } from '../base/redact.ts'
import { KeyedSerialQueue } from '../base/serial.ts'
import type { AgentEvent } from '../domain/agent.ts'
import type { AgentNotice, AgentPort, FolderTrusts, ServerRecords } from '../ports/agent.ts'
import type { CatalogPort } from '../ports/agent/catalog.ts'
import type { LogInsPort } from '../ports/agent/log-ins.ts'
import type { SessionsPort } from '../ports/agent/sessions.ts'
import type { Folders, Log } from '../ports/host.ts'
import { Calls, folderError } from './pool/calls.ts'
import { Pool } from './pool/pool.ts'
import { ProgramWatch } from './pool/programs.ts'
import type { SlotOptions } from './pool/slots.ts'
import { isRecordedServer } from './process/adopt.ts'
import { findBinary } from './process/binary.ts'
import { checkVersion } from './process/version.ts'
import { endLeftRunning } from './process/left-running.ts'
import { DEFAULT_SILENCE, type SilenceLimits } from './process/silence.ts'
import { learnFrom } from './secrets/stored-secrets.ts'
import { createSupervisor } from './process/supervisor.ts'
import type { Supervisor } from './process/supervisor.ts'
import { allowAsk, answerQuestion, rejectAsk } from './session/asks.ts'
import { toolResultsFolder } from './session/files/local-file.ts'
import { partFiles } from './session/files/part-files.ts'
import { answererOf, fork } from './session/fork.ts'
import { findFiles } from './session/history/proposed.ts'
import { readChanged, readChildren, readHistory, revert, summarize } from './session/history/past.ts'
import { listProjects } from './session/history/projects.ts'
import { findSummary, listSummaries, readSummary, share } from './session/history/summaries.ts'
import { exportSession, readTranscript } from './session/history/transcript.ts'
import { switchModel } from './session/unread/switch-model.ts'
import { openLink } from './session/link.ts'
import { beginLogIn, finishLogIn, removeKey, setKey } from './session/log-ins/log-ins.ts'
import { storedLogIns } from './session/log-ins/stored.ts'
import type { Link } from './session/link.ts'
import { connectMcp, mcpServers } from './session/lists/mcp.ts'
import { readOffered } from './session/lists/offered.ts'
import { submitPrompt } from './session/prompts.ts'
import { abort, openSession } from './session/sessions.ts'
import { readSnapshot } from './session/snapshot.ts'
import { recall } from './session/unread/recall.ts'
import { Listeners } from './wire/listeners.ts'

export interface AgentOptions {
  readonly log: Log
  readonly memory: ServerRecords
  /** The bot's; the server gets it without what is ours. */
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Holds the servers' output; it is their own folder too, so never a project. */
  readonly dataDir: string
  /** Gets to know the passwords of servers and the keys of providers. */
  readonly secrets?: Secrets
  readonly folders: Folders
  /** Which folders may run what they bring; none given: all. */
  readonly trusts?: FolderTrusts
  /** Most servers at a time; 1 is one for all. */
  readonly servers: number
  /** When a server that answers nothing is told of, and ended. */
  readonly silence?: SilenceLimits
  /** An OpenCode to run instead of the pinned one; before `OPENCODE_PATH`. */
  readonly binary?: string
}

export function createAgent(options: AgentOptions): AgentPort {
  const { log, folders, secrets = new Secrets(), trusts = ALL_TRUSTED } = options
  const stopping = new AbortController()
  const stopped = stopping.signal
  const events = new Listeners<AgentEvent>(log)
  const notices = new Listeners<AgentNotice>(log)
  const supervise = (slot: SlotOptions) => superviseSlot(slot, { ...options, secrets, stopped, events, notices })
  const pool = new Pool({
    ...options,
    records: learnFrom(options.memory, options, secrets),
    stopped,
    trusts,
    programs: new ProgramWatch({ trusts, folders, log, notices }),
    limit: options.servers,
    isRecordedServer,
    endLeftRunning: (dead) =>
      endLeftRunning(
        dead.map((record) => ({ record })),
        log,
      ),
    supervise,
  })
  const calls = new Calls({ pool, folders, stopped })
  const results = toolResultsFolder(options.environment)
  const logUnlessStopped = (cause: unknown): void => {
    if (!isAbortError(cause)) log.warn('no server was started ahead', { cause: String(cause) })
  }
  let ended: Promise<void> | undefined

  return {
    warm: (directories) => void warm(pool, folders, directories).catch(logUnlessStopped),

    servers: () => pool.servers(),

    openSession: (directory, mark, isRetry, rules) =>
      calls.inProject(directory, (link, isRepeat) => openSession(link, { directory, mark, rules }, isRetry || isRepeat)),

    fork: forkWith(calls),

    ...offersWith(calls, pool),
    logIns: logInsWith(calls, options.environment, secrets),

    prompt: (request) => calls.submit(request.directory, request.session, (server) => submitPrompt(request, server, stopped)),

    recall: (request) => calls.inProject(request.directory, (link) => recall(link, request, stopped)),

    snapshot: (directory, session) =>
      calls.inProject(directory, async (link) => {
        const found = await readSnapshot(link, session)
        if (found instanceof Error) return found
        const { asks, ...snapshot } = found
        for (const ask of asks) {
          link.reportedAsks.add(ask.id)
          events.emit({ kind: 'asked', session, ask })
        }
        return snapshot
      }),

    // A person can stop a run and reject an ask in a folder that is gone or broken, too.
    abort: (directory, session, drop) => calls.urgently(directory, ({ http }) => abort(http, session, drop)),
    allow: (directory, ask) => calls.anyway(directory, (link) => allowAsk(link, ask)),
    reject: (directory, ask, words) => calls.anyway(directory, (link) => rejectAsk(link, ask, words)),
    answer: (directory, ask, answers) => calls.anyway(directory, (link) => answerQuestion(link, ask, answers)),

    files: (request) => calls.inProject(request.directory, (link) => partFiles(link, request, [request.directory, results])),
    ...besideRuns(calls, folders, stopped),
    contextLimit: async (directory, model) => (await pool.current(directory))?.catalog.contextLimit(directory, model),

    onEvent: (listener) => events.add(listener),
    onNotice: (listener) => notices.add(listener),

    stop(mode) {
      stopping.abort()
      ended ??= pool.stop(mode)
      return ended
    },
  }
}

/** The mark of a copy stands in its source while it is made. */
function forkWith(calls: Calls): AgentPort['fork'] {
  const copies = new KeyedSerialQueue()
  return (request) =>
    copies.run(request.session, () =>
      calls.inProject(request.directory, (link, isRepeat) => fork(link, { ...request, isRetry: request.isRetry || isRepeat })),
    )
}

const besideRuns = (
  calls: Calls,
  folders: Folders,
  stopped: AbortSignal,
): Pick<AgentPort, 'sessions' | 'catalog' | 'projects' | 'switchModel'> => ({
  sessions: sessionsWith(calls, folders),
  catalog: catalogWith(calls),
  projects: (directory) => calls.inProject(directory, ({ http }) => listProjects(http, directory)),
  switchModel: (request) => calls.inProject(request.directory, (link) => switchModel(link, request, stopped)),
})

const offersWith = (calls: Calls, pool: Pool): Pick<AgentPort, 'commands' | 'offered' | 'mcp' | 'restart'> => ({
  commands: (directory) => calls.inRefreshedProject(directory, (link) => link.commands.of(directory)),
  async offered(directory, mayStart) {
    if (!mayStart && !(await pool.current(directory))) return undefined
    return calls.inRefreshedProject(directory, ({ http }) => readOffered(http, directory))
  },
  restart: (directory) => calls.restart(directory),
  mcp: {
    servers: (directory) => calls.inRefreshedProject(directory, ({ http }) => mcpServers(http, directory)),
    connect: (directory, name, isOn) => calls.inProject(directory, ({ http }) => connectMcp(http, directory, { name, isOn })),
  },
})

const sessionsWith = (calls: Calls, folders: Folders): SessionsPort => ({
  list: (directory, query) => calls.inProject(directory, ({ http }) => listSummaries(http, directory, query)),
  read: (directory, session) => calls.inProject(directory, ({ http }) => readSummary(http, session)),
  find: (directory, session) =>
    calls.inProject(directory, async ({ http }) => {
      const folder = await folders.within(directory, () => realpath(directory))
      return folder instanceof Error ? folder : findSummary(http, folder, session)
    }),
  search: (directory, query) => calls.inProject(directory, ({ sessionSearch }) => sessionSearch.find(directory, query)),
  share: (directory, session, isShared) => calls.inProject(directory, ({ http }) => share(http, session, isShared)),
  history: (directory, session) => calls.inProject(directory, ({ http }) => readHistory(http, session)),
  transcript: (directory, session, newest) => calls.inProject(directory, ({ http }) => readTranscript(http, session, newest)),
  exported: (directory, session) => calls.inProject(directory, ({ http }) => exportSession(http, session)),
  children: (directory, session) => calls.inProject(directory, ({ http }) => readChildren(http, session)),
  revert: (directory, session, from) => calls.inProject(directory, ({ http }) => revert(http, session, from)),
  changed: (directory, session, messageId) => calls.inProject(directory, ({ http }) => readChanged(http, session, messageId)),
  summarize: (directory, session, model) => calls.inProject(directory, ({ http }) => summarize(http, session, model)),
  findFiles: (directory, query, limit) => calls.inProject(directory, ({ http }) => findFiles(http, directory, { query, limit })),
})

const logInsWith = (calls: Calls, environment: AgentOptions['environment'], secrets: Secrets): LogInsPort => ({
  async providers(directory, isTyping) {
    const stored = await storedLogIns(environment)
    return calls.inProject(directory, ({ providers }) => providers.of(directory, stored, isTyping === true))
  },
  methods: (directory, provider) => calls.inProject(directory, ({ providers }) => providers.methodsOf(directory, provider)),
  setKey(directory, provider, key, more) {
    if (looksSecret(key)) secrets.add(key)
    return calls.inProject(directory, ({ http }) => setKey(http, provider, { key, more }))
  },
  begin: (directory, step, inputs) => calls.inProject(directory, ({ http }) => beginLogIn(http, directory, step, inputs)),
  finish: (directory, step, code) => calls.inProject(directory, ({ http }) => finishLogIn(http, directory, step, code)),
  remove: (directory, provider) => calls.inProject(directory, ({ http }) => removeKey(http, provider)),
  renew: (directory) => calls.renew(directory),
})

const catalogWith = (calls: Calls): CatalogPort => ({
  choices: (directory) => calls.inProject(directory, ({ choices }) => choices.of(directory)),
  answererOf: (directory, session) => calls.inProject(directory, (link) => answererOf(link, session)),
})

const ALL_TRUSTED: FolderTrusts = { all: () => [], knows: async () => undefined }

async function warm(pool: Pick<Pool, 'warm'>, folders: Folders, directories: readonly string[]): Promise<void> {
  await pool.warm(await filterAsync(directories, async (directory) => !(await folderError(directory, folders))))
}

async function filterAsync<T>(items: readonly T[], isWanted: (item: T) => Promise<boolean>): Promise<readonly T[]> {
  const wanted = await Promise.all(items.map(isWanted))
  return items.filter((_, index) => wanted[index])
}

interface SupervisionDeps extends AgentOptions {
  readonly secrets: Secrets
  readonly stopped: AbortSignal
  readonly events: Listeners<AgentEvent>
  readonly notices: Listeners<AgentNotice>
}

function superviseSlot(slot: SlotOptions, deps: SupervisionDeps): Supervisor<Link> {
  const { log, secrets, binary, environment, events, notices, silence = DEFAULT_SILENCE } = deps
  const told = { forMs: silence.silentMs, endsAtMs: silence.deadMs }
  const directories = (): readonly string[] => [...slot.directories.keys()]
  return createSupervisor<Link>({
    ...deps,
    ...slot,
    async findBinary() {
      const chosen = environment['OPENCODE_PATH']
      const found = findBinary(binary ?? chosen)
      // The pinned one is known.
      return binary !== undefined || !chosen || found instanceof Error ? found : checkVersion(found, environment)
    },
    open: (server) =>
      openLink(server, {
        log,
        secrets,
        onEvent: (event) => events.emit(event),
        onConnected: () => notices.emit({ kind: 'connected', directories: directories() }),
        directories: server.adopted ? directories() : [],
        silence,
        onSilence: (kind) =>
          notices.emit(kind === 'silent' ? { kind, ...told, directories: directories() } : { kind, directories: directories() }),
      }),
    async close({ stream, silence: watch }) {
      watch.stop()
      await stream.close()
    },
    onLost: (reason) => notices.emit({ kind: 'lost', reason, directories: directories() }),
  })
}
