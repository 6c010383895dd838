/** One slash command, all in one file: how Discord shows it, where it works, who sees the answer, and what it does. */
import type { Deed } from '../domain/access.ts'
import type { CommandAnswer, CommandWork } from '../domain/conversation/command.ts'
import type { Conversation } from '../domain/conversation/state.ts'
import type { RunCommand, RunPress } from '../domain/conversation/step.ts'
import type { Whereabouts } from '../domain/conversation/inquiry/where.ts'
import type { Finding } from '../domain/conversation/inquiry/why.ts'
import type { MessageTarget, OptionQuery } from '../domain/conversation/request.ts'
import type { Offered } from '../domain/offered.ts'
import type { AgentPort } from '../ports/agent.ts'
import type { DiffsPort } from '../ports/git/diffs.ts'
import type { Accounts } from '../ports/accounts.ts'
import type { AgentError } from '../ports/agent-error.ts'
import type { GitPort } from '../ports/git/git.ts'
import type { ProjectSetup } from '../ports/projects.ts'
import type { Choice, CommandDeclaration, Visibility } from '../ports/chat.ts'
import type { StorePort } from '../ports/store.ts'
import type { TaskKeeper } from '../ports/tasks.ts'
import type { UpgradePort } from '../ports/upgrade.ts'
import type { Transcriber } from '../ports/voice/transcriber.ts'

export interface SlashCommand extends CommandDeclaration {
  /**
   * `thread`: only where a conversation is. `session`: only where it has a session, too. `channel-or-thread`: in a project's channel and in
   * any thread below it. `anywhere`: in every channel of a server, also where no project is; there the folder is an empty text.
   */
  readonly where: 'thread' | 'session' | 'channel-or-thread' | 'anywhere'
  readonly visibility: Visibility
  /** What whoever invokes it must be allowed to do; the default is `command`. */
  readonly deed?: Deed
  /** Decided at once, though the session has not been read: its answer needs nothing of what runs there. */
  readonly decidesUnread?: true
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
  readonly store: Pick<StorePort, 'conversationOfSession'>
  readonly inquiry: Inquiry
  /** What `/why` says beside its finding: of this machine, not of a thread. */
  readonly remark?: string | undefined
  readonly git: Pick<GitPort, 'worktrees'>
  readonly offers: Offers
  readonly setup: ProjectSetup
  readonly tasks: TaskKeeper
  /** What was written in a modal that asks for secrets, by the id of the press: it stands on no record (`app/unrecorded-words.ts`). */
  readonly unrecorded: { of(pressId: string): readonly string[] | undefined }
  readonly accounts: Accounts
  readonly transcriber: Pick<Transcriber, 'provider' | 'setKey'>
  readonly diffs: DiffsPort
  /** Undefined where the bot cannot be upgraded from Discord. */
  readonly upgrade?: UpgradePort | undefined
}

export interface Offers {
  /** What OpenCode offers in a project: what is known of it, or asked now where nothing is. */
  read(directory: string): Promise<Offered | AgentError>
}

/** What people ask about conversations. */
export interface Inquiry {
  readonly boards: BoardKeeper
  /** What holds up the thread. */
  why(threadId: string): Promise<Finding>
  /** How far a message has come that stands in this channel or thread. */
  where(target: MessageTarget, place: { readonly guildId: string; readonly channelId: string }): Promise<Whereabouts>
}

/** Boards of projects, by their channels; each answer is what the person reads. */
interface BoardKeeper {
  textFor(channelId: string, reader: string | undefined): Promise<string>
  /** Asked again with the same request, it is the same message. */
  pin(place: { readonly guildId: string; readonly channelId: string }, requestId: string): Promise<string>
  unpin(channelId: string): Promise<string>
}

/** `state`: the conversation as it is when the work begins. */
export type CommandTask = CommandWork & { readonly isRetry: boolean; readonly state: Conversation }

/**
 * `isRetry`: an earlier attempt, or an earlier process, may have done it, so it looks first, or does what may be done twice. It is called
 * again while OpenCode cannot be reached.
 */
export type Work = (outside: Outside, task: CommandTask) => Promise<CommandAnswer | AgentError>

/** At most 25 are shown. It has 2 s; nothing is proposed after that, or where it fails. */
export type Propose = (
  outside: Outside,
  query: OptionQuery & { readonly directory: string },
) => Promise<readonly Choice[] | AgentError>

type PressInAnswer = Parameters<RunPress> extends readonly [unknown, ...infer Rest] ? Rest : never
