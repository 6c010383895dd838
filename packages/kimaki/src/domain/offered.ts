/** What OpenCode offers in a project beside its answers: agents to speak to, and commands of its own. */

export interface OfferedCommand {
  /** As OpenCode has it: any text without spaces, like `git/commit` or `server:prompt`. */
  readonly name: string
  readonly description: string
  /** A file of the project or the user, a prompt of an MCP server, or a skill. */
  readonly source: 'command' | 'mcp' | 'skill'
}

/** One that people speak to: no subagent. */
export interface OfferedAgent {
  readonly name: string
  readonly description: string
}

export interface Offered {
  readonly agents: readonly OfferedAgent[]
  readonly commands: readonly OfferedCommand[]
}

/** Discord shows no more commands of a bot in a guild (Discord docs: Application Commands, Registering a Command). */
export const COMMANDS_MAX = 100
