/** Sessions, messages and parts as OpenCode 1.18 tells them (`GET /session`, `GET /session/{id}/message`); what no client of ours reads is left out. */

export interface Session {
  readonly id: string
  readonly slug: string
  readonly version: string
  readonly projectID: string
  readonly directory: string
  readonly path: string
  readonly parentID?: string
  readonly title: string
  readonly agent?: string
  readonly model?: { readonly id: string; readonly providerID: string; readonly variant: string }
  readonly metadata?: Readonly<Record<string, unknown>>
  readonly permission?: readonly PermissionRule[]
  readonly summary?: { readonly additions: number; readonly deletions: number; readonly files: number }
  readonly cost: number
  readonly tokens: Tokens
  /** Unix ms. */
  readonly time: { readonly created: number; readonly updated: number }
}

export interface PermissionRule {
  readonly permission: string
  readonly pattern: string
  readonly action: 'allow' | 'deny' | 'ask'
}

export interface Tokens {
  readonly total?: number
  readonly input: number
  readonly output: number
  readonly reasoning: number
  readonly cache: { readonly read: number; readonly write: number }
}

export const NO_TOKENS: Tokens = { input: 0, output: 0, reasoning: 0, cache: { read: 0, write: 0 } }

export type Message = UserMessage | AssistantMessage

export interface UserMessage {
  readonly id: string
  readonly role: 'user'
  readonly sessionID: string
  readonly time: { readonly created: number }
  readonly agent: string
  readonly model: { readonly providerID: string; readonly modelID: string; readonly variant?: string }
  readonly summary?: { readonly diffs: readonly unknown[] }
}

export interface AssistantMessage {
  readonly id: string
  /** The newest user message it has read. */
  readonly parentID: string
  readonly role: 'assistant'
  readonly mode: string
  readonly agent: string
  readonly path: { readonly cwd: string; readonly root: string }
  /** It sums up what came before it. */
  readonly summary?: true
  readonly cost: number
  readonly tokens: Tokens
  readonly modelID: string
  readonly providerID: string
  readonly time: { readonly created: number; readonly completed?: number }
  readonly sessionID: string
  readonly finish?: string
  readonly error?: NamedError
}

/** As in `session.error` and on an assistant message. */
export interface NamedError {
  readonly name: string
  readonly data: Readonly<Record<string, unknown>>
}

interface PartOf<Type extends string> {
  readonly id: string
  readonly messageID: string
  readonly sessionID: string
  readonly type: Type
}

export interface Span {
  readonly start: number
  /** Absent while it is being written. */
  readonly end?: number
}

export interface TextPart extends PartOf<'text'> {
  readonly text: string
  readonly synthetic?: boolean
  /** The model does not see it. */
  readonly ignored?: boolean
  readonly metadata?: Readonly<Record<string, unknown>>
  /** Only on what the agent says, and on what OpenCode adds to keep a run going. */
  readonly time?: Span
}

export interface ReasoningPart extends PartOf<'reasoning'> {
  readonly text: string
  readonly time: Span
}

export interface FilePart extends PartOf<'file'> {
  readonly mime: string
  readonly url: string
  readonly filename?: string
}

export interface ToolPart extends PartOf<'tool'> {
  readonly tool: string
  readonly callID: string
  readonly state: ToolState
}

type Facts = Readonly<Record<string, unknown>>

/** A file that a tool found or made; `url` holds its bytes. */
export interface Attachment {
  readonly type: 'file'
  readonly mime: string
  readonly url: string
}

export type ToolState =
  | { readonly status: 'pending'; readonly input: Facts; readonly raw: string }
  | {
      readonly status: 'running'
      readonly input: Facts
      readonly title?: string
      readonly metadata?: Facts
      readonly time: Span
    }
  | {
      readonly status: 'completed'
      readonly input: Facts
      readonly output: string
      readonly title: string
      readonly metadata: Facts
      readonly attachments?: readonly Attachment[]
      readonly time: Span
    }
  | {
      readonly status: 'error'
      readonly input: Facts
      readonly error: string
      readonly metadata?: Facts
      readonly time: Span
    }

export interface StepStartPart extends PartOf<'step-start'> {}

export interface StepFinishPart extends PartOf<'step-finish'> {
  readonly reason: string
  readonly tokens: Tokens
  readonly cost: number
}

export interface CompactionPart extends PartOf<'compaction'> {
  readonly auto: boolean
  /** The provider refused the request for its size. */
  readonly overflow?: boolean
}

export type Part = TextPart | ReasoningPart | FilePart | ToolPart | StepStartPart | StepFinishPart | CompactionPart

export interface Stored<Info extends Message = Message> {
  readonly info: Info
  readonly parts: readonly Part[]
}

export type SessionStatus =
  | { readonly type: 'idle' }
  | { readonly type: 'busy' }
  | { readonly type: 'retry'; readonly attempt: number; readonly message: string; readonly next: number }
