/** Log-ins at providers, as a test says they are. */
import type { LogInMethod, LogInProvider, LogInsPort, LogInsRenewed } from '../../../src/ports/agent/log-ins.ts'
import type { AgentAnswers } from './agent-answers.ts'

interface Agent {
  readonly calls: string[]
  readonly on: AgentAnswers
  /** Throws once it was stopped. */
  readonly expectRunning: () => void
}

export class FakeLogIns implements LogInsPort {
  all: readonly LogInProvider[] = [{ id: 'acme', name: 'Acme', hasMethods: false, status: 'none' }]
  /** By the ids of the providers. */
  ways: Readonly<Record<string, readonly LogInMethod[]>> = {}
  renewed: LogInsRenewed = { counts: 'now' }
  /** Keys, codes and answers, as OpenCode got them. */
  readonly got: unknown[] = []
  readonly #agent: Agent

  constructor(agent: Agent) {
    this.#agent = agent
  }

  readonly providers: LogInsPort['providers'] = async (...asked) => (await this.#given('providers', asked)) ?? this.all
  readonly methods: LogInsPort['methods'] = async (...asked) => (await this.#given('methods', asked)) ?? this.ways[asked[1]] ?? []
  readonly setKey: LogInsPort['setKey'] = async (...asked) => {
    this.got.push(asked.slice(1))
    return this.#given('setKey', asked)
  }
  readonly begin: LogInsPort['begin'] = async (...asked) => {
    this.got.push(asked.slice(1))
    return (await this.#given('begin', asked)) ?? { url: 'https://acme.test/in', instructions: '', by: 'code', forMs: 600_000 }
  }
  readonly finish: LogInsPort['finish'] = async (...asked) => {
    this.got.push(asked.slice(1))
    return (await this.#given('finish', asked)) ?? 'done'
  }
  readonly remove: LogInsPort['remove'] = async (...asked) => this.#given('remove', asked)
  readonly renew: LogInsPort['renew'] = async (...asked) => (await this.#given('renew', asked)) ?? this.renewed

  async #given<Name extends keyof LogInsPort>(
    name: Name,
    asked: Parameters<LogInsPort[Name]>,
  ): Promise<Awaited<ReturnType<LogInsPort[Name]>> | undefined> {
    this.#agent.expectRunning()
    const [, about = ''] = asked
    this.#agent.calls.push(`${name} ${typeof about === 'string' ? about : ''}`.trim())
    const answer = this.#agent.on[name] as ((...asked: unknown[]) => Promise<Awaited<ReturnType<LogInsPort[Name]>>>) | undefined
    return answer?.(...asked)
  }
}
