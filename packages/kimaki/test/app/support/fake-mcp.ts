/** The MCP servers of a project, as a test says they are. */
import type { McpPort, McpServer } from '../../../src/ports/agent.ts'
import type { AgentAnswers } from './agent-answers.ts'

export class FakeMcp implements McpPort {
  all: readonly McpServer[] = []
  readonly #agent: { readonly calls: string[]; readonly on: AgentAnswers }

  constructor(agent: { readonly calls: string[]; readonly on: AgentAnswers }) {
    this.#agent = agent
  }

  async servers(directory: string): ReturnType<McpPort['servers']> {
    return (await this.#agent.on.servers?.(directory)) ?? this.all
  }

  async connect(directory: string, name: string, isOn: boolean): ReturnType<McpPort['connect']> {
    this.#agent.calls.push(`connect ${name} ${isOn}`)
    const refused = await this.#agent.on.connect?.(directory, name, isOn)
    if (refused) return refused
    this.all = this.all.map((server) => (server.name === name ? { ...server, status: isOn ? 'connected' : 'disabled' } : server))
    return undefined
  }
}
