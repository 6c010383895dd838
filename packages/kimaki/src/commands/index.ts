/** The list of all slash commands. */
import { DEFAULT_RULES, type RunCommand, type RunPress } from '../domain/conversation/step.ts'
import { abort } from './abort.ts'
import type { SlashCommand } from './declaration.ts'
import { permissions } from './permissions.ts'
import { verbosity } from './verbosity.ts'

export const COMMANDS: readonly SlashCommand[] = [abort, permissions, verbosity]

export const commandsByName: ReadonlyMap<string, SlashCommand> = new Map(COMMANDS.map((command) => [command.name, command]))

export const runCommand: RunCommand = (state, command, moment) =>
  (commandsByName.get(command.name)?.run ?? DEFAULT_RULES.runCommand)(state, command, moment)

const BUTTONS = new Map(COMMANDS.flatMap(({ buttons = {} }) => Object.entries(buttons)))

export const runPress: RunPress = (action, ...pressed) => BUTTONS.get(action)?.(...pressed)
