/** OpenCode as the product needs it, for every project; expected failures are values. */
import type { Offered } from '../domain/offered.ts'
import type { AgentEvent, AnsweredBy, Ask, CommandCall, Fork, PermissionRule, PromptPart, Snapshot } from '../domain/agent.ts'

import type { AgentError } from './agent-error.ts'
import type { CatalogPort } from './agent/catalog.ts'
import type { LogInsPort } from './agent/log-ins.ts'
import type { SessionsPort } from './agent/sessions.ts'

/** A server process as it is remembered across restarts of the bot. */
export interface ServerRecord {
  readonly pid: number
  /** Start time of the process in the kernel's clock ticks since boot: with the pid it names one process. */
  readonly startTicks: string
  readonly port: number
  readonly password: string
  /** It was started without what projects bring: for folders that nobody trusts. */
  readonly isBare?: true
}

/** What a person decided about the programs that a folder brings: plugins, MCP servers and the like. */
export interface FolderTrust {
  readonly directory: string
  /** They may run. */
  readonly isTrusted: boolean
  /** Lines that name those a person knows of, or was told of. */
  readonly programs: readonly string[]
}

/** A folder without a record was linked before anybody asked: it is trusted, and what it brings is not known. */
export interface FolderTrusts {
  all(): readonly FolderTrust[]
  /** A person knows of these now; whether they may run stays as it is. */
  knows(directory: string, programs: readonly string[]): Promise<void>
}

/** A server as an earlier bot left it. */
export interface RememberedServer {
  readonly record: ServerRecord
  /** The folders it serves, the one it was started for first. */
  readonly directories: readonly string[]
  /** Unix ms: the last heartbeat of its bot. */
  readonly heartbeatAt: number
}

export interface ServerRecords {
  read(): readonly RememberedServer[]
  /** Each of the folders is served by this process from now on. Resolves once that is durable; it is not used for them before. */
  write(record: ServerRecord, directories: readonly string[]): Promise<void>
  forget(directories: readonly string[]): Promise<void>
  /** The bot is alive: `at` (Unix ms) for every server on record. */
  heartbeat(at: number): Promise<void>
}

/** A server that runs, as an operator may see it: nothing of it is a secret. */
export interface ServerStatus {
  readonly directories: readonly string[]
  readonly pid: number
  readonly port: number
  /** Sessions that run and calls under way. */
  readonly busy: number
}

/** `directories`: the folders that server serves, as they were given; the others are not concerned. */
export type AgentNotice =
  /** The event stream is (again) connected: whatever happened meanwhile must be read with `snapshot`. */
  | { readonly kind: 'connected'; readonly directories: readonly string[] }
  /** The server lives but has answered nothing for so long; unless it answers it is ended after so long (milliseconds). */
  | { readonly kind: 'silent'; readonly forMs: number; readonly endsAtMs: number; readonly directories: readonly string[] }
  /** A server that was silent answers again. */
  | { readonly kind: 'answers'; readonly directories: readonly string[] }
  /** The folders, which are trusted, bring programs that nobody was told of: these run from now on. */
  | { readonly kind: 'brings'; readonly programs: readonly string[]; readonly directories: readonly string[] }
  /** The server process died or was replaced; running turns are cut. */
  | { readonly kind: 'lost'; readonly reason: string; readonly directories: readonly string[] }

/** An ask that is gone counts as answered, or as expired when the server that asked has died. */
export type AskOutcome = 'answered' | 'expired'

/** A folder that OpenCode has worked in. */
export interface KnownProject {
  readonly directory: string
  /** Unix ms, OpenCode's clock. */
  readonly usedAt: number
}

export interface AgentPort {
  /**
   * Starts (or adopts) the servers of these projects in the background, one after the other, as far as each can have one of its
   * own; safe to call often. One that cannot be started is told by the first message that needs it.
   */
  warm(directories: readonly string[]): void
  servers(): Promise<readonly ServerStatus[]>
  /** The folders that OpenCode has worked in, whatever project: asked of the server of `directory`. */
  projects(directory: string): Promise<readonly KnownProject[] | AgentError>
  /** Opens a session in `directory`, with these rules of its own. `mark` is stored with it; a retry first looks for a session that carries the mark. */
  openSession(
    directory: string,
    mark: string,
    isRetry: boolean,
    rules?: readonly PermissionRule[],
  ): Promise<{ readonly session: string } | AgentError>
  /**
   * Copies a session with all that was said in it, whether it runs or not. `mark` is stored with the copy; a retry first looks for a copy
   * that carries it. Copies of one session are made one after the other.
   */
  fork(request: ForkRequest): Promise<Fork | AgentError>
  /** Names of the commands OpenCode knows in a project; what was known a minute ago may do. */
  commands(directory: string): Promise<readonly string[] | AgentError>
  /** What OpenCode offers in a project, read now. `mayStart`: a server is started to ask; else undefined where none runs. */
  offered(directory: string, mayStart: boolean): Promise<Offered | undefined | AgentError>
  /**
   * Submits a prompt and resolves when its message is *seen* in the session (never by the 204). A retry reads the session
   * first. With `resend` it is posted even though it is in the session (docs/decisions/0002: newest message without an answer).
   */
  prompt(request: PromptRequest): Promise<{ readonly created: number } | AgentError>
  /**
   * Gives a message of a session other words, or none, if no step has read it; in a session that works, too. Called again it does nothing
   * more, and answers the same.
   */
  recall(request: RecallRequest): Promise<'emptied' | 'reworded' | 'absent' | 'read' | AgentError>
  /**
   * A message that stands in its session names another agent, or another model, from the next step on. It becomes the newest of its session
   * (`created`: OpenCode's clock), and nothing else of it changes; no run begins by it.
   */
  switchModel(request: SwitchRequest): Promise<{ readonly created: number } | AgentError>
  snapshot(directory: string, session: string): Promise<Snapshot | AgentError>
  /**
   * Stops the run; resolves when the run is over. `drop`: messages nobody has read and nobody is to read: they leave the session, with what
   * was begun to answer them.
   */
  abort(directory: string, session: string, drop?: readonly string[]): Promise<undefined | AgentError>
  /** Allows what a permission asks for, this once. */
  allow(directory: string, ask: Ask): Promise<AskOutcome | AgentError>
  /** Rejects a permission or a question: the run ends, unless the agent is told why (`words`, of a permission). */
  reject(directory: string, ask: Ask, words?: string): Promise<AskOutcome | AgentError>
  /** One list for each question: labels of options, or words of people's own. */
  answer(directory: string, ask: Ask, answers: readonly (readonly string[])[]): Promise<AskOutcome | AgentError>
  /**
   * The files of a part, in their order: those that a tool returned, or the one that the part is. Of a file on this machine only what lies in
   * the project or among OpenCode's own results of tools. `limitBytes`: of a file on this machine that is larger nothing is read.
   */
  files(request: FilesRequest): Promise<readonly FoundFile[] | AgentError>
  readonly sessions: SessionsPort
  readonly catalog: CatalogPort
  readonly logIns: LogInsPort
  readonly mcp: McpPort
  /** Ends the server that serves the project, with whatever runs there, and starts another. */
  restart(directory: string): Promise<undefined | AgentError>
  /** Context limit of a model in tokens, or undefined when unknown (answers from a cache; starts no server). */
  contextLimit(directory: string, model: { readonly provider: string; readonly model: string }): Promise<number | undefined>
  onEvent(listener: (event: AgentEvent) => void): void
  onNotice(listener: (notice: AgentNotice) => void): void
  /** `end`: dispose, TERM, KILL. `leave`: the servers go on and can be adopted. Nothing of ours is left running when it resolves. */
  stop(mode: 'end' | 'leave'): Promise<void>
}

export interface FilesRequest {
  readonly directory: string
  readonly session: string
  readonly messageId: string
  readonly partId: string
  readonly limitBytes: number
}

export type FoundFile =
  | { readonly kind: 'bytes'; readonly mime: string; readonly bytes: Uint8Array }
  /** It stays where it is. */
  | { readonly kind: 'large'; readonly path: string; readonly size: number }
  /** `reason`: a part of a sentence. */
  | { readonly kind: 'missing'; readonly reason: string }

/** The MCP servers of a project; all of it lasts until OpenCode reads its configuration again (OpenCode routes: `/mcp`). */
export interface McpPort {
  servers(directory: string): Promise<readonly McpServer[] | AgentError>
  /** Connects or disconnects one; done twice, it is done once. That it could not be connected stands in its status. */
  connect(directory: string, name: string, isOn: boolean): Promise<undefined | AgentError>
}

export interface McpServer {
  readonly name: string
  readonly status: 'connected' | 'disabled' | 'failed' | 'needs_auth' | 'needs_client_registration'
  readonly reason: string | undefined
}

export interface ForkRequest {
  readonly directory: string
  readonly session: string
  readonly mark: string
  readonly title: string
  /** The copy ends before this message; undefined: it has all. */
  readonly before?: string | undefined
  /** An earlier attempt may have made the copy. */
  readonly isRetry: boolean
}

export interface RecallRequest {
  readonly directory: string
  readonly session: string
  readonly messageId: string
  /** What it is to say; undefined: nothing. */
  readonly parts?: readonly PromptPart[]
}

export interface SwitchRequest {
  readonly directory: string
  readonly session: string
  readonly messageId: string
  readonly answeredBy: AnsweredBy
}

export interface PromptRequest {
  readonly directory: string
  readonly session: string
  readonly messageId: string
  readonly parts: readonly PromptPart[]
  /** What the model is told beside the prompt of its agent; the same with each message of a session. */
  readonly system?: string
  /** An earlier attempt may have submitted it. */
  readonly isRetry: boolean
  /** It is posted although it may be in the session; then it stands behind all other messages of users. */
  readonly resend: boolean
  /** Message ids that leave the session first: later ones that will be posted again after this one, and what was taken back. */
  readonly removeFirst?: readonly string[]
  /** Messages that were submitted before it and wait for their answer: they must stand in the session. */
  readonly after?: readonly string[]
  /** Another prompt follows at once: this one begins no run of its own (OpenCode: `noReply`). */
  readonly noReply?: true
  /** It is this command of OpenCode's; `parts` go along as files. */
  readonly command?: CommandCall
  /** Default: the agent and model the session has. */
  readonly answeredBy?: AnsweredBy
}
