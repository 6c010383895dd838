/** The list of all slash commands. */
import { DEFAULT_RULES, type RunCommand } from '../domain/conversation/step.ts'
import { abort } from './abort.ts'
import type { SlashCommand } from './declaration.ts'
import { verbosity } from './verbosity.ts'

export const COMMANDS: readonly SlashCommand[] = [abort, verbosity]

export const commandsByName: ReadonlyMap<string, SlashCommand> = new Map(COMMANDS.map((command) => [command.name, command]))

export const runCommand: RunCommand = (state, command) =>
  (commandsByName.get(command.name)?.run ?? DEFAULT_RULES.runCommand)(state, command)
