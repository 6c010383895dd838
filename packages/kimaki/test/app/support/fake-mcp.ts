/** The MCP servers of a project, as a test says they are. */
import type { McpPort, McpServer } from '../../../src/ports/agent.ts'
import type { AgentAnswers } from './agent-answers.ts'

interface Agent {
  readonly calls: string[]
  readonly on: AgentAnswers
  /** Throws once it was stopped. */
  readonly expectRunning: () => void
}

export class FakeMcp implements McpPort {
  all: readonly McpServer[] = []
  readonly #agent: Agent

  constructor(agent: Agent) {
    this.#agent = agent
  }

  async servers(directory: string): ReturnType<McpPort['servers']> {
    this.#agent.expectRunning()
    return (await this.#agent.on.servers?.(directory)) ?? this.all
  }

  async connect(directory: string, name: string, isOn: boolean): ReturnType<McpPort['connect']> {
    this.#agent.expectRunning()
    this.#agent.calls.push(`connect ${name} ${isOn}`)
    const refused = await this.#agent.on.connect?.(directory, name, isOn)
    if (refused) return refused
    this.all = this.all.map((server) => (server.name === name ? { ...server, status: isOn ? 'connected' : 'disabled' } : server))
    return undefined
  }
}
