/** What the plugin uses of OpenCode's plugin interface (https://opencode.ai/docs/plugins), as far as it is looked at. */

export interface PluginInput {
  /** The folder of this instance, without links. */
  readonly directory: string
  /** The root of its git worktree; `/` where there is none. */
  readonly worktree: string
  readonly client: {
    readonly session: {
      get(options: { readonly path: { readonly id: string } }): Promise<{ readonly data?: { readonly parentID?: string } }>
      messages(options: {
        readonly path: { readonly id: string }
        readonly query: { readonly limit: number }
      }): Promise<{ readonly data?: readonly { readonly info: { readonly id: string } }[] }>
    }
  }
}

export interface UserMessage {
  readonly id: string
  readonly sessionID: string
  /** What its sender gives the model beside the prompt of the agent. */
  system?: string
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
  'experimental.chat.system.transform'?(
    input: { readonly sessionID?: string },
    output: { readonly system: string[] },
  ): Promise<void>
}
