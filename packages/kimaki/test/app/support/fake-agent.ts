/** An OpenCode that says what the test says, one event at a time. */
import type { AgentEvent, AgentMessage, AgentPart, AssistantMessage, Snapshot } from '../../../src/domain/agent.ts'
import type { AgentNotice, AgentPort, PromptRequest } from '../../../src/ports/agent.ts'
import type { Clock } from '../../../src/base/clock.ts'

type News = Extract<AgentEvent, { kind: 'message' }>['message']

type Unplaced<Notice> = Notice extends unknown ? Omit<Notice, 'directories'> : never

export interface FakeAgent extends AgentPort {
  readonly prompts: PromptRequest[]
  readonly calls: string[]
  /** What a snapshot of the session answers. */
  session: Snapshot
  /** Copies, by their marks. */
  readonly forks: Map<string, string>
  commandNames: readonly string[]
  on: Partial<Pick<AgentPort, 'openSession' | 'fork' | 'commands' | 'prompt' | 'snapshot' | 'abort' | 'contextLimit'>>
  tell(event: AgentEvent): void
  /** Concerns every folder it was asked about. */
  notice(notice: Unplaced<AgentNotice>): void
  /** The prompt's message as the session has it. */
  user(prompt?: PromptRequest): AgentMessage
}

export const FORK_AS = { agent: 'plan', model: { provider: 'p', model: 'm', variant: 'high' } }

export function fakeAgent(clock: Clock): FakeAgent {
  const events: ((event: AgentEvent) => void)[] = []
  const notices: ((notice: AgentNotice) => void)[] = []
  const directories = new Set<string>()
  const created = new Map<string, number>()
  /** By mark: the first conversation has `SESSION`. */
  const sessions = new Map<string, string>()
  const agent: FakeAgent = {
    prompts: [],
    calls: [],
    forks: new Map(),
    commandNames: [],
    session: { status: { kind: 'idle' }, messages: [], title: undefined },
    on: {},
    tell: (event) => events.forEach((listener) => listener(event)),
    notice: (notice) => notices.forEach((listener) => listener({ ...notice, directories: [...directories] })),
    user(prompt = agent.prompts.at(-1)) {
      const id = prompt?.messageId ?? 'msg_none'
      return { kind: 'user', id, created: created.get(id) ?? 0 }
    },
    warm: () => undefined,
    servers: async () => [],
    async openSession(...facts) {
      const [, mark] = facts
      if (!sessions.has(mark)) sessions.set(mark, sessions.size === 0 ? SESSION : `ses_${sessions.size + 1}`)
      return agent.on.openSession?.(...facts) ?? { ok: true, value: { session: sessions.get(mark) ?? SESSION } }
    },
    async fork(request) {
      const { mark, again } = request
      agent.calls.push(`fork ${mark}`)
      const answer = await agent.on.fork?.(request)
      if (answer) return answer
      if (!again || !agent.forks.has(mark)) agent.forks.set(mark, `ses_copy_${agent.forks.size + 1}`)
      return { ok: true, value: { session: agent.forks.get(mark) ?? '', upTo: clock.now(), as: FORK_AS } }
    },
    commands: async (directory) => agent.on.commands?.(directory) ?? { ok: true, value: agent.commandNames },
    async prompt(request) {
      agent.prompts.push(request)
      directories.add(request.directory)
      created.set(request.messageId, clock.now())
      return agent.on.prompt?.(request) ?? { ok: true, value: { created: clock.now() } }
    },
    async snapshot(...facts) {
      agent.calls.push('snapshot')
      directories.add(facts[0])
      const { messages } = agent.session
      // What was handed over stands in the session.
      const handed = agent.prompts
        .filter(({ messageId }, index) => agent.prompts.findLastIndex((one) => one.messageId === messageId) === index)
        .filter(({ session }) => session === facts[1])
        .filter(({ messageId }) => !messages.some(({ id }) => id === messageId))
        .map((prompt) => agent.user(prompt))
      const told = { ...agent.session, messages: [...handed, ...messages] }
      // And is being worked on.
      const value: Snapshot = handed.length > 0 ? { ...told, status: { kind: 'busy' } } : told
      return agent.on.snapshot?.(...facts) ?? { ok: true, value }
    },
    async abort(...facts) {
      agent.calls.push('abort')
      return agent.on.abort?.(...facts) ?? { ok: true, value: undefined }
    },
    reject: async () => ({ ok: true, value: 'rejected' }),
    contextLimit: async (...facts) => agent.on.contextLimit?.(...facts),
    onEvent: (listener) => void events.push(listener),
    onNotice: (listener) => void notices.push(listener),
    stop: async () => undefined,
  }
  return agent
}
