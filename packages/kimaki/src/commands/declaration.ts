/** One slash command, all in one file: how Discord shows it, where it works, who sees the answer, and what it does. */
import type { Deed } from '../domain/access.ts'
import type { RunCommand, RunPress } from '../domain/conversation/step.ts'
import type { CommandDeclaration, Visibility } from '../ports/chat.ts'

export interface SlashCommand extends CommandDeclaration {
  /** `thread`: only where a conversation is; `channel-or-thread`: in a project's channel, too. */
  readonly where: 'thread' | 'channel-or-thread'
  readonly visibility: Visibility
  /** What whoever invokes it must be allowed to do; the default is `command`. */
  readonly deed?: Deed
  /** Pure: decides from the conversation as it is, once Discord knows that the command was received. */
  readonly run: RunCommand
  /** Buttons in its answer, by their actions. */
  readonly buttons?: Readonly<Record<string, (...pressed: PressInAnswer) => ReturnType<RunPress>>>
}

type PressInAnswer = Parameters<RunPress> extends readonly [string, ...infer Rest] ? Rest : never
