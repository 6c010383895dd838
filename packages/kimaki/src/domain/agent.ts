/** What the agent says, reduced to what a thread can show. Source: OpenCode's messages, parts and session events. */

export interface UserMessage {
  readonly kind: 'user'
  readonly id: string
  /** Unix milliseconds, OpenCode's clock. */
  readonly created: number
  /** What was written, without what programs have added; only a snapshot tells it. */
  readonly words?: string
}

export interface AssistantMessage {
  readonly kind: 'assistant'
  readonly id: string
  /** The user message it answers (the newest one it has read). */
  readonly parent: string
  readonly created: number
  readonly completed: number | undefined
  /** `stop`, `tool-calls`, `length`, `content-filter`, `unknown`; undefined while it goes on. */
  readonly finish: string | undefined
  readonly failure: AgentFailure | undefined
  readonly model: { readonly provider: string; readonly model: string }
  readonly agent: string
  /** Tokens in the context after this message: input, output, reasoning and cache; 0 when unknown. */
  readonly tokens: number
  /** US dollars, as OpenCode reckons; absent when it costs nothing or nobody knows. */
  readonly cost?: number
  /** A compaction summary, never an answer. */
  readonly summary: boolean
  readonly parts: readonly AgentPart[]
}

export type AgentMessage = UserMessage | AssistantMessage

export type AgentPart =
  | { readonly kind: 'text' | 'reasoning'; readonly id: string; readonly text: string; readonly closed: boolean }
  | {
      readonly kind: 'tool'
      readonly id: string
      readonly callId: string
      readonly tool: string
      readonly state: 'pending' | 'running' | 'completed' | 'error'
      readonly input: Readonly<Record<string, unknown>>
      readonly title: string | undefined
      readonly error: string | undefined
      /** Of a `task`: the session of the subagent, once there is one. */
      readonly child?: string
      /** Of a completed call: how long its output is, in UTF-16 units. */
      readonly outputLength?: number
      /** Of a completed call: the files of its result. */
      readonly files?: readonly AgentFile[]
    }
  | ({ readonly kind: 'file'; readonly id: string } & AgentFile)

/** A file of a message. Its bytes stay with the agent until they are to be shown (`AgentPort.files`). */
export interface AgentFile {
  readonly name: string
  /** Nobody has named it: the name is that of the tool that made it, and does not tell it from others. */
  readonly isUnnamed?: true
}

/** What a subagent does, as far as it is shown: its tools and thoughts, never its words. */
export interface Subtask {
  readonly parts: readonly AgentPart[]
  /** US dollars, by the id of its message. */
  readonly costs: Readonly<Record<string, number>>
}

export interface AgentFailure {
  /** OpenCode's error name, e.g. `APIError`, `MessageAbortedError`, `ContextOverflowError`. */
  readonly name: string
  readonly message: string
  readonly status: number | undefined
  readonly provider: string | undefined
}

/** The provider refuses a file, or OpenCode cannot decode it: its sentence is all that says so. */
export const isAboutFiles = ({ message, status }: AgentFailure): boolean =>
  (status === undefined || REFUSES_CONTENT.includes(status)) && ABOUT_FILES.test(message)

/** Bad request, too large, unsupported type, not to be processed: the same request is refused again. */
const REFUSES_CONTENT: readonly number[] = [400, 413, 415, 422]
const ABOUT_FILES = /\b(?:images?|pdfs?|documents?|files?|media|base64|attachments?)\b|ImageDecodeError|ImageSizeError/i

export type SessionStatus =
  | { readonly kind: 'idle' }
  | { readonly kind: 'busy' }
  /** Another process works in it, a terminal: no server of ours knows (`run/watch/elsewhere.ts`). */
  | { readonly kind: 'elsewhere' }
  | { readonly kind: 'retry'; readonly attempt: number; readonly message: string; /** Unix ms. */ readonly next: number }

/** Everything OpenCode knows of a session at one moment. */
export interface Snapshot {
  readonly status: SessionStatus
  /** In OpenCode's order (by time); with all parts. */
  readonly messages: readonly AgentMessage[]
  readonly title: string | undefined
}

/** A session as it is read from its beginning to its end. */
export interface Transcript {
  readonly title: string
  /** In OpenCode's order. `words`: of a user message, what was written, without what programs have added. */
  readonly messages: readonly (AgentMessage & { readonly words: string })[]
}

/** A rule of a session (OpenCode route: `/session`): `pattern` is of what the permission is asked for; `*` and `?` are wildcards. */
export interface PermissionRule {
  readonly permission: string
  readonly pattern: string
  readonly action: 'allow' | 'deny' | 'ask'
}

/** What was written last in a session, as it stands in OpenCode's database: whoever works in it. */
export interface LastWritten {
  /** Of the newest message that somebody wrote. */
  readonly id: string
  /** Unix ms, OpenCode's clock. */
  readonly created: number
  readonly words: string
  /** Its answer has ended, for better or worse. */
  readonly isAnswered: boolean
  /** When anything of the newest message was stored, Unix ms. */
  readonly updated: number
}

/** An agent's wish to be asked: a permission or a question. Its tool call waits until it is answered. */
export interface Ask {
  readonly id: string
  readonly kind: 'permission' | 'question'
  /** The session that waits (may be a child). */
  readonly session: string
  /** What it is about, e.g. `bash: rm -rf build` or the question's text. */
  readonly title: string
  /** Of a permission, OpenCode's name for it, e.g. `bash`, `edit`. */
  readonly permission?: string
  /** Of a permission: all that it is asked for. */
  readonly patterns?: readonly string[]
  /** Of a permission: what one would allow with it for longer, as OpenCode proposes it (`*` and `?` are wildcards). */
  readonly always?: readonly string[]
  /** Of a permission: exactly what is to be done. */
  readonly details?: { readonly kind: 'command' | 'diff' | 'paths'; readonly text: string }
  readonly questions?: readonly Question[]
  /** A tool of our plugin asks: its call fetches the answer, OpenCode itself knows nothing of the ask (`app/control/ask-question.ts`). */
  readonly forTool?: true
  /** The paths outside the project that a permission is asked for, as patterns (`/folder/*`). */
  readonly outside?: readonly string[]
  /** The conversation whose files alone these paths are (`ports/host.ts`). */
  readonly filesOf?: string
}

export interface Question {
  readonly header: string
  readonly text: string
  readonly options: readonly { readonly label: string; readonly description: string }[]
  readonly multiple: boolean
  /** An answer in a person's own words is none. */
  readonly onlyOptions?: true
}

/** What the stream tells; `session` is always the root session. Nothing of it is persisted. */
export type AgentEvent =
  | { readonly kind: 'message'; readonly session: string; readonly message: UserMessage | Omit<AssistantMessage, 'parts'> }
  | { readonly kind: 'part'; readonly session: string; readonly messageId: string; readonly part: AgentPart }
  | {
      readonly kind: 'delta'
      readonly session: string
      readonly messageId: string
      readonly partId: string
      readonly text: string
    }
  /** A subagent somewhere below `session` did something; `child` is its own session. */
  | { readonly kind: 'subtask'; readonly session: string; readonly child: string; readonly news: SubtaskNews }
  | { readonly kind: 'removed'; readonly session: string; readonly messageId: string }
  | { readonly kind: 'status'; readonly session: string; readonly status: SessionStatus }
  | { readonly kind: 'failure'; readonly session: string; readonly failure: AgentFailure }
  | { readonly kind: 'title'; readonly session: string; readonly title: string }
  | { readonly kind: 'toast'; readonly session: string; readonly toast: Toast }
  | { readonly kind: 'asked'; readonly session: string; readonly ask: Ask }
  /** By whomever: us, a terminal, or OpenCode itself, which rejects all asks of a session with one of them. */
  | { readonly kind: 'ask-answered'; readonly session: string; readonly askId: string; readonly isRejected: boolean }

/** A line that OpenCode or a plugin shows to whoever looks. */
export interface Toast {
  readonly id: string
  readonly variant: string
  readonly title: string | undefined
  /** Without the id of the session that it names. */
  readonly message: string
}

export type SubtaskNews =
  | { readonly kind: 'part'; readonly part: AgentPart }
  | { readonly kind: 'cost'; readonly messageId: string; readonly cost: number }

/** What a turn cost and where it ran: the facts of its footer. */
export interface TurnFacts {
  readonly folder: string
  readonly branch: string | undefined
  readonly durationMs: number
  /** 0 to 100, rounded. */
  readonly contextPercent: number | undefined
  /** US dollars, subagents included; absent when it is nothing. */
  readonly cost?: number
  /** Files that were changed; absent where none was. */
  readonly changed?: TurnChanges
  readonly model: string
  readonly agent: string
}

/** `first`, `last`: the messages of people that began and ended what was answered. */
export interface TurnChanges {
  readonly files: number
  readonly first: string
  readonly last: string
}

/** A copy of a session with all that was said in it. */
export interface Fork {
  readonly session: string
  /** Unix ms, OpenCode's clock: when the newest message of the copy was made. All up to it is history. */
  readonly upTo: number
  readonly as: AnsweredBy
}

/** Who is to answer, where the session itself cannot tell. */
export interface AnsweredBy {
  readonly agent: string | undefined
  readonly model: { readonly provider: string; readonly model: string; readonly variant: string | undefined } | undefined
}

/** A command of the agent, as it was called. */
export interface CommandCall {
  readonly name: string
  readonly args: string
}

/** A part of a prompt, as `POST /session/{id}/prompt_async` takes it. */
export type PromptPart =
  | { readonly type: 'text'; readonly id: string; readonly text: string; readonly synthetic?: boolean }
  /** `url` is a `data:` or `file://` URL: OpenCode refuses https. */
  | { readonly type: 'file'; readonly id: string; readonly mime: string; readonly filename: string; readonly url: string }
