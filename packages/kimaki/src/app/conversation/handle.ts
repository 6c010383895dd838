/** A conversation as those who act for it see it. */
import type { AgentEvent } from '../../domain/agent.ts'
import type { Input } from '../../domain/conversation/input.ts'
import type { Conversation } from '../../domain/conversation/state.ts'

export interface ConversationHandle {
  readonly id: string
  /** Undefined before it was read from its rows. */
  readonly state: Conversation | undefined
  push(input: Input): void
  /** Records what the agent says from now on, until `end`. */
  recordEvents(): { readonly events: readonly AgentEvent[]; end(): void }
}
