/** What the plugin uses of OpenCode's plugin interface (https://opencode.ai/docs/plugins), as far as it is looked at. */

export interface PluginInput {
  /** The folder of this instance, without links. */
  readonly directory: string
  /** The root of its git worktree; `/` where there is none. */
  readonly worktree: string
  readonly client: {
    readonly tui: {
      showToast(options: { readonly body: { readonly variant: 'info'; readonly message: string } }): Promise<unknown>
    }
    readonly session: {
      get(options: { readonly path: { readonly id: string } }): Promise<{ readonly data?: { readonly parentID?: string } }>
      abort(options: { readonly path: { readonly id: string } }): Promise<unknown>
      messages(options: {
        readonly path: { readonly id: string }
        readonly query: { readonly limit: number }
      }): Promise<{ readonly data?: readonly Stored[] }>
      promptAsync(options: {
        readonly path: { readonly id: string }
        readonly body: {
          readonly messageID?: string
          readonly agent: string
          readonly model: { readonly providerID: string; readonly modelID: string }
          readonly parts: readonly []
          readonly noReply: true
        }
      }): Promise<unknown>
    }
  }
}

/** A message of a session, as far as it is looked at. */
export interface Stored {
  readonly info: {
    readonly id: string
    readonly role: 'user' | 'assistant'
    /** Of a user message: who answers it. */
    readonly model?: { readonly providerID: string; readonly modelID: string }
  }
  readonly parts: readonly { readonly type: string }[]
}

export interface UserMessage {
  readonly id: string
  readonly sessionID: string
  /** What its sender gives the model beside the prompt of the agent. */
  system?: string
  /** Who answers it. */
  model?: { readonly providerID: string; readonly modelID: string }
}

/** An event of the server, as far as it is looked at. */
export interface Happening {
  readonly type: string
  readonly properties: {
    readonly sessionID?: string
    readonly status?: { readonly type: string; readonly message?: string }
  }
}

/** A message as the model is going to read it. Of its parts only those of tools have a state. */
export interface Written {
  readonly parts: readonly {
    readonly state?: {
      readonly status: string
      readonly metadata?: Readonly<Record<string, unknown>>
      error?: string
      output?: string
    }
  }[]
}

/** What a tool gives back: of OpenCode's own tools files as data URLs, of a tool by MCP what its server sent (https://modelcontextprotocol.io, CallToolResult). */
export interface ToolOutput {
  readonly attachments?: readonly { mime?: string; url?: string }[]
  readonly content?: readonly {
    readonly type?: string
    data?: string
    mimeType?: string
    readonly resource?: { blob?: string; mimeType?: string }
  }[]
}

export interface TextPart {
  readonly id: string
  readonly sessionID: string
  readonly messageID: string
  readonly type: 'text'
  readonly text: string
  readonly synthetic?: boolean
}

export interface ToolContext {
  readonly sessionID: string
  readonly callID?: string
  readonly abort: AbortSignal
}

export interface Tool {
  readonly description: string
  /** A JSON schema for each argument; all are required. Schemas of another library's kind would have to be of OpenCode's own copy of it. */
  readonly args: Readonly<Record<string, unknown>>
  execute(args: unknown, context: ToolContext): Promise<string>
}

export interface Hooks {
  readonly tool?: Readonly<Record<string, Tool>>
  'shell.env'?(input: { readonly sessionID?: string }, output: { readonly env: Record<string, string> }): Promise<void>
  'chat.message'?(
    input: { readonly sessionID: string },
    output: { readonly message: UserMessage; readonly parts: { readonly type: string }[] },
  ): Promise<void>
  /** Before each request of a model, behind `experimental.chat.system.transform`. */
  'chat.params'?(input: {
    readonly sessionID: string
    readonly agent: string
    readonly model: { readonly providerID: string; readonly id: string }
  }): Promise<void>
  /** Before each request of a model. `provider.options` is what its client was made with. */
  'chat.headers'?(
    input: {
      readonly sessionID: string
      /** Its name. */
      readonly agent: string
      readonly provider: { readonly id: string; readonly options?: Readonly<Record<string, unknown>> }
    },
    output: { readonly headers: Record<string, string> },
  ): Promise<void>
  /** What it throws is the error of the tool: it does not run. */
  'tool.execute.before'?(
    input: { readonly tool: string; readonly sessionID: string },
    output: { readonly args: Readonly<Record<string, unknown>> },
  ): Promise<void>
  /** What it changes in the output is what the session keeps. */
  'tool.execute.after'?(input: { readonly sessionID: string }, output: ToolOutput | undefined): Promise<void>
  event?(input: { readonly event: Happening }): Promise<void>
  'experimental.chat.messages.transform'?(input: object, output: { readonly messages: readonly Written[] }): Promise<void>
  'experimental.chat.system.transform'?(
    input: { readonly sessionID?: string },
    output: { readonly system: string[] },
  ): Promise<void>
}
