/** The list of all slash commands. */
import { DEFAULT_RULES, type RunCommand, type RunPress } from '../domain/conversation/step.ts'
import { abort } from './abort.ts'
import type { SlashCommand } from './declaration.ts'
import { addProject } from './projects/add-project.ts'
import { createNewProject } from './projects/create-new-project.ts'
import { removeProject } from './projects/remove-project.ts'
import { btwCommand } from './say/btw.ts'
import { queueCommand } from './say/queue.ts'
import { runShellCommand } from './say/run-shell-command.ts'
import { newSession } from './sessions/new-session.ts'
import { sessionId } from './sessions/session-id.ts'
import { share } from './sessions/share.ts'
import { permissions } from './settings/permissions.ts'
import { verbosity } from './settings/verbosity.ts'

export const COMMANDS: readonly SlashCommand[] = [
  abort,
  addProject,
  btwCommand,
  createNewProject,
  newSession,
  permissions,
  queueCommand,
  removeProject,
  runShellCommand,
  sessionId,
  share,
  verbosity,
]

export const commandsByName: ReadonlyMap<string, SlashCommand> = new Map(COMMANDS.map((command) => [command.name, command]))

export const runCommand: RunCommand = (state, command, moment) => {
  const known = commandsByName.get(command.name)
  if (known?.where === 'session' && state.session.kind !== 'open') return { reply: NO_SESSION }
  return (known?.run ?? DEFAULT_RULES.runCommand)(state, command, moment)
}

const NO_SESSION = '✗ this thread has no session yet\nWrite a message to begin one.'

const BUTTONS = new Map(
  COMMANDS.flatMap(({ name, buttons = {} }) =>
    Object.entries(buttons).map(([action, press]) => [action, { name, press }] as const),
  ),
)

export const runPress: RunPress = ({ action, about }, ...pressed) => {
  const known = BUTTONS.get(action)
  return known && { ...known.press(about, ...pressed), command: known.name }
}
