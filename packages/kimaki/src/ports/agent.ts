/** OpenCode as the product needs it, for every project; failures are values. */
import type { AgentEvent, AnsweredBy, Ask, CommandCall, Fork, PromptPart, Snapshot } from '../domain/conversation/agent.ts'

export type AgentFailureReason =
  /** The server could not be started or does not answer; a later try may work. */
  | { readonly kind: 'unavailable'; readonly message: string }
  /** The project's configuration is broken: `file` (as OpenCode names it) and `reason`. Works again once the file has changed. */
  | { readonly kind: 'config'; readonly file: string; readonly reason: string }
  /** The project folder is not there or not readable. */
  | { readonly kind: 'directory'; readonly directory: string }
  /** The session does not exist (any more). */
  | { readonly kind: 'session-gone' }
  /** The prompt was sent, and sent again, but never appeared in the session. */
  | { readonly kind: 'not-seen' }
  /** A message that was handed over before it is not in the session any more: nothing was posted. */
  | { readonly kind: 'gap' }
  /** OpenCode refuses: status and message. */
  | { readonly kind: 'refused'; readonly status: number; readonly message: string }
  | { readonly kind: 'stopped' }

export type AgentResult<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly failure: AgentFailureReason }

/** A server process as it is remembered across restarts of the bot. */
export interface ServerRecord {
  readonly pid: number
  /** Start time of the process in the kernel's clock ticks since boot: with the pid it names one process. */
  readonly startTicks: string
  readonly port: number
  readonly password: string
}

/** A server as an earlier bot left it. */
export interface RememberedServer {
  readonly record: ServerRecord
  /** The folders it serves, the one it was started for first. */
  readonly directories: readonly string[]
  /** Unix ms: when its bot was last there. */
  readonly seen: number
}

export interface ServerMemory {
  read(): readonly RememberedServer[]
  /** Each of the folders is served by this process from now on. Resolves once that is durable; it is not used for them before. */
  write(record: ServerRecord, directories: readonly string[]): Promise<void>
  forget(directories: readonly string[]): Promise<void>
  /** The bot is there: `at` (Unix ms) for every server on record. */
  seen(at: number): Promise<void>
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
  /** The server process died or was replaced; running turns are cut. */
  | { readonly kind: 'lost'; readonly reason: string; readonly directories: readonly string[] }

export interface AgentPort {
  /**
   * Starts (or adopts) the servers of these projects in the background, one after the other, as far as each can have one of its
   * own; safe to call often. One that cannot be started is told by the first message that needs it.
   */
  warm(directories: readonly string[]): void
  servers(): Promise<readonly ServerStatus[]>
  /** Opens a session in `directory`. `mark` is stored with it; with `again`, a session that carries the mark is found instead of made. */
  openSession(directory: string, mark: string, again: boolean): Promise<AgentResult<{ readonly session: string }>>
  /**
   * Copies a session with all that was said in it, whether it runs or not. `mark` is stored with the copy; with `again`, a copy that carries
   * it is found instead of made. Copies of one session are made one after the other.
   */
  fork(request: ForkRequest): Promise<AgentResult<Fork>>
  /** Names of the commands OpenCode knows in a project; what was known a minute ago may do. */
  commands(directory: string): Promise<AgentResult<readonly string[]>>
  /**
   * Hands a prompt over and resolves when its message is *seen* in the session (never by the 204). With `again` the session
   * is read first. With `resend` it is posted even though it is in the session (decision 6: newest message without an answer).
   */
  prompt(request: PromptRequest): Promise<AgentResult<{ readonly created: number }>>
  snapshot(directory: string, session: string): Promise<AgentResult<Snapshot>>
  /** Stops the run; resolves when the run is over. `drop`: messages that nobody has read, and nobody is to read: they leave the session. */
  abort(directory: string, session: string, drop?: readonly string[]): Promise<AgentResult<void>>
  /** Rejects a permission or a question; one that is gone counts as rejected, or as expired when the server that asked has died. */
  reject(directory: string, ask: Ask): Promise<AgentResult<'rejected' | 'expired'>>
  /** Context limit of a model in tokens, or undefined when unknown (answers from a cache; starts no server). */
  contextLimit(directory: string, model: { readonly provider: string; readonly model: string }): Promise<number | undefined>
  onEvent(listener: (event: AgentEvent) => void): void
  onNotice(listener: (notice: AgentNotice) => void): void
  /** `end`: dispose, TERM, KILL. `leave`: the servers go on and can be adopted. Nothing of ours is left running when it resolves. */
  stop(mode: 'end' | 'leave'): Promise<void>
}

export interface ForkRequest {
  readonly directory: string
  readonly session: string
  readonly mark: string
  readonly title: string
  readonly again: boolean
}

export interface PromptRequest {
  readonly directory: string
  readonly session: string
  readonly messageId: string
  readonly parts: readonly PromptPart[]
  readonly again: boolean
  readonly resend: boolean
  /** These are taken out first: itself, where it would keep its place before later ones, and later ones that its run is not to read yet. */
  readonly takeOut?: readonly string[]
  /** Messages that were handed over before it and wait for their answer: they must stand in the session. */
  readonly behind?: readonly string[]
  /** Another prompt follows at once: this one begins no run of its own. */
  readonly followed?: true
  /** It is this command of OpenCode's; `parts` go along as files. */
  readonly command?: CommandCall
  /** Default: the agent and model the session has. */
  readonly as?: AnsweredBy
}
