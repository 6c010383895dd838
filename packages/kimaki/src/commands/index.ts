/** The list of all slash commands. */
import { DEFAULT_RULES, type RunCommand, type RunPress } from '../domain/conversation/step.ts'
import { abort } from './abort.ts'
import type { SlashCommand } from './declaration.ts'
import { offeredCommand, queueOffered, runOffered } from './opencode/run.ts'
import { btwCommand } from './say/btw.ts'
import { clearQueue } from './say/clear-queue.ts'
import { queueCommand } from './say/queue.ts'
import { runShellCommand } from './say/run-shell-command.ts'
import { newSession } from './sessions/new-session.ts'
import { sessionId } from './sessions/session-id.ts'
import { share } from './sessions/share.ts'
import { mcp } from './settings/mcp.ts'
import { permissions } from './settings/permissions.ts'
import { restartServer } from './settings/restart-opencode-server.ts'
import { verbosity } from './settings/verbosity.ts'

export const COMMANDS: readonly SlashCommand[] = [
  abort,
  btwCommand,
  clearQueue,
  mcp,
  newSession,
  permissions,
  queueCommand,
  queueOffered,
  restartServer,
  runOffered,
  runShellCommand,
  sessionId,
  share,
  verbosity,
]

const BY_NAME: ReadonlyMap<string, SlashCommand> = new Map(COMMANDS.map((command) => [command.name, command]))

/** Ours, and those that stand for something OpenCode offers. */
export const commandsByName: Pick<ReadonlyMap<string, SlashCommand>, 'get' | 'values'> = {
  get: (name) => BY_NAME.get(name) ?? offeredCommand(name, (other) => BY_NAME.has(other)),
  values: () => BY_NAME.values(),
}

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
