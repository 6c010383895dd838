/** One slash command, all in one file: how Discord shows it, where it works, who sees the answer, and what it does. */
import type { Deed } from '../domain/access.ts'
import type { CommandAnswer, CommandWork } from '../domain/conversation/command.ts'
import type { RunCommand, RunPress } from '../domain/conversation/step.ts'
import type { OptionQuery } from '../domain/conversation/request.ts'
import type { AgentPort } from '../ports/agent.ts'
import type { AgentError } from '../ports/agent-error.ts'
import type { ProjectSetup } from '../ports/projects.ts'
import type { Choice, CommandDeclaration, Visibility } from '../ports/chat.ts'

export interface SlashCommand extends CommandDeclaration {
  /**
   * `thread`: only where a conversation is. `session`: only where it has a session, too. `channel-or-thread`: in a project's channel and in
   * any thread below it. `anywhere`: in every channel of a server, also where no project is; there the folder is an empty text.
   */
  readonly where: 'thread' | 'session' | 'channel-or-thread' | 'anywhere'
  readonly visibility: Visibility
  /** What whoever invokes it must be allowed to do; the default is `command`. */
  readonly deed?: Deed
  /** Pure: decides from the conversation as it is, once Discord knows that the command was received. */
  readonly run: RunCommand
  /** What `run` has asked for with `work`; what it returns may ask for more. */
  readonly work?: Work
  /** By the name of an option that has `autocomplete`: what is proposed while somebody types. */
  readonly proposes?: Readonly<Record<string, Propose>>
  /** Buttons and menus in its answer, by their actions. */
  readonly buttons?: Readonly<Record<string, (about: string, ...pressed: PressInAnswer) => CommandAnswer>>
}

/** What the work of a command may use. */
export interface Outside {
  readonly agent: AgentPort
  readonly setup: ProjectSetup
}

/**
 * `isRetry`: an earlier attempt, or an earlier process, may have done it, so it looks first, or does what may be done twice. It is called
 * again while OpenCode cannot be reached.
 */
export type Work = (outside: Outside, task: CommandWork & { readonly isRetry: boolean }) => Promise<CommandAnswer | AgentError>

/** At most 25 are shown. It has 2 s; nothing is proposed after that, or where it fails. */
export type Propose = (
  outside: Outside,
  query: OptionQuery & { readonly directory: string },
) => Promise<readonly Choice[] | AgentError>

type PressInAnswer = Parameters<RunPress> extends readonly [unknown, ...infer Rest] ? Rest : never
