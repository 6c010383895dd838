/**
 * The public shapes of the scripted model: an OpenAI-compatible chat-completions server whose answers are written down
 * in advance, so that an agent can run for real without any account.
 */

/** One thing the model does in answer to one request. A rule's `steps` are played one per request of the same turn. */
export type Step =
  /**
   * Final (or intermediate) text, streamed in `chunks` pieces with `delayMs` before each; the answer's token is appended. `finish`: the
   * reason instead of `stop`, also one that nobody knows, or `none` (proxies send none).
   */
  | {
      readonly kind: 'text'
      readonly text: string
      readonly chunks?: number
      readonly delayMs?: number
      readonly finish?: string
    }
  /** Tool calls, with optional text before them. `name` and `args` are the agent's (OpenCode: bash, read, edit, write, ...). */
  | { readonly kind: 'tools'; readonly text?: string; readonly calls: readonly ToolCall[]; readonly delayMs?: number }
  /** Thinking (`reasoning_content` deltas), then the text. */
  | { readonly kind: 'reasoning'; readonly reasoning: string; readonly text: string }
  /** An HTTP error before any stream. `retryAfterS` becomes the Retry-After header. */
  | {
      readonly kind: 'error'
      readonly status: 400 | 401 | 403 | 429 | 500 | 503 | 529
      readonly message: string
      readonly retryAfterS?: number
    }
  /** Streams `text` (may be empty), then never ends until the client goes away or `stop()`. */
  | { readonly kind: 'stall'; readonly text?: string }
  /** Streams `text`, then the socket is destroyed. */
  | { readonly kind: 'cut'; readonly text?: string }
  /** Answers 200 with bytes that are no event stream. */
  | { readonly kind: 'garbage' }
  /** A well-formed stream without any content: with a finish reason (default: the agent ends its turn without a word) or without one (`none`: OpenCode asks again at once, forever). */
  | { readonly kind: 'empty'; readonly finish?: 'stop' | 'none' }

export interface ToolCall {
  readonly name: string
  readonly args: Readonly<Record<string, unknown>>
}

export interface Rule {
  /** Meant for calls without tools (titles, summaries of a full context), which no other rule sees; its texts carry no token. */
  readonly withoutTools?: true
  /** Matched against the last user text of the request (a string: contained in it); the first rule that matches wins. */
  readonly match: string | RegExp
  /** Steps by number of tool rounds already behind the last user text; past the end the last step repeats. A function sees the match. */
  readonly steps: readonly Step[] | ((match: RegExpMatchArray | readonly [string], request: ModelRequest) => readonly Step[])
}

/** What the server understood of a request. */
export interface ModelRequest {
  /** `x-session-id` (OpenCode sends its session id). */
  readonly sessionId: string | undefined
  readonly model: string
  /** Texts of all user messages, oldest first (the text parts of one message joined with a newline). */
  readonly userTexts: readonly string[]
  /** How many assistant messages with tool calls follow the last user message. */
  readonly toolRounds: number
  /** Title requests and other calls without tools (`tools` absent or empty). */
  readonly hasTools: boolean
  /** The raw JSON body. */
  readonly body: unknown
}

/** One line of the model's log: a request and what became of its answer. */
export interface ModelLogEntry extends Omit<ModelRequest, 'body'> {
  readonly seq: number
  /** Unix milliseconds with fraction. */
  readonly at: number
  /** The unique token of this answer, `⟦t…⟧` as it stands in the answer's text; undefined where the answer carries no text. */
  readonly token: string | undefined
  readonly step: Step['kind'] | 'unmatched' | 'title'
  /** Tool names called by the answer. */
  readonly tools: readonly string[]
  /** Tokens of earlier answers that stand in the assistant messages of this request, in order: what the agent's session has kept. */
  readonly tokensBefore: readonly string[]
  /** User texts after the last assistant message that had no tool calls and was not cut off: those this request answers. */
  readonly answers: readonly string[]
  /** `open` while streaming; `done` when the whole answer was written; `gone` when the client left first; `failed` for scripted errors. Mutated in place. */
  outcome: 'open' | 'done' | 'gone' | 'failed'
}

export interface ModelOptions {
  readonly port?: number
  readonly rules?: readonly Rule[]
  /** First token number (default 1), so that several runs stay unique. */
  readonly firstToken?: number
}

export interface ScriptedModel {
  /** Base URL for an OpenAI-compatible provider: `http://127.0.0.1:PORT/v1`. */
  readonly url: string
  readonly log: readonly ModelLogEntry[]
  /** Replaces the script. */
  setRules(rules: readonly Rule[]): void
  /** Resolves when a log entry (present or future) satisfies the predicate; rejects after `timeoutMs` (default 90_000: a cold OpenCode on a busy machine takes half a minute) naming `what`. */
  until(what: string, predicate: (entry: ModelLogEntry) => boolean, timeoutMs?: number): Promise<ModelLogEntry>
  stop(): Promise<void>
}
