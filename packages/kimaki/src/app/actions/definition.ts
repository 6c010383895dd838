/** What the file of an action declares: its kind and how it runs. Actions are not on record, and asking twice is asking once. */
import type { Clock } from '../../base/clock.ts'
import type { KeyedTimers } from '../../base/keyed-timers.ts'
import type { Action } from '../../domain/conversation/effect.ts'
import type { AgentPort } from '../../ports/agent.ts'
import type { ChatPort } from '../../ports/chat.ts'
import type { GitPort } from '../../ports/git/git.ts'
import type { Files, Log } from '../../ports/host.ts'
import type { ShellPort } from '../../ports/shell.ts'
import type { ConversationHandle } from '../conversation/handle.ts'
import type { Retry } from '../retry.ts'

export interface ActionDeps {
  readonly chat: ChatPort
  readonly agent: AgentPort
  readonly git: Pick<GitPort, 'branch'>
  readonly files: Files
  readonly retry: Retry
  readonly shell: Pick<ShellPort, 'stop'>
  readonly clock: Clock
  readonly log: Log
  /** End with the bot; of two requests for a key the earlier one counts. */
  readonly timers: KeyedTimers
}

export interface ActionDefinition<A extends Action = Action> {
  readonly kind: A['kind']
  /** Called once a process; what it returns is called for each action of the kind. */
  start(deps: ActionDeps): (conversation: ConversationHandle, action: A) => void
}

/** The registry holds actions of every kind; each is only ever given its own. */
export const defineAction = <A extends Action>(definition: ActionDefinition<A>): ActionDefinition =>
  definition as unknown as ActionDefinition
