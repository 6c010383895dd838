/** The list of all slash commands. */
import { DEFAULT_RULES, type RunCommand, type RunPress } from '../domain/conversation/step.ts'
import { abort } from './abort.ts'
import type { SlashCommand } from './declaration.ts'
import { diff } from './changes/diff.ts'
import { agent } from './models/agent.ts'
import { model } from './models/model.ts'
import { modelVariant } from './models/model-variant.ts'
import { offeredCommand, queueOffered, runOffered } from './opencode/run.ts'
import { addProject } from './projects/add-project.ts'
import { createNewProject } from './projects/create-new-project.ts'
import { removeProject } from './projects/remove-project.ts'
import { btwCommand } from './say/btw.ts'
import { clearQueue } from './say/clear-queue.ts'
import { queueCommand } from './say/queue.ts'
import { queueThis } from './say/queue-this.ts'
import { runShellCommand } from './say/run-shell-command.ts'
import { compact } from './sessions/compact.ts'
import { contextUsage } from './sessions/context-usage.ts'
import { fork } from './sessions/fork.ts'
import { forkFromHere } from './sessions/fork-from-here.ts'
import { forkSubagent } from './sessions/fork-subagent.ts'
import { login } from './login/login.ts'
import { lastSessions } from './sessions/last-sessions.ts'
import { board } from './inquiry/board.ts'
import { whereCommand } from './inquiry/where.ts'
import { whyCommand } from './inquiry/why.ts'
import { newSession } from './sessions/new-session.ts'
import { redo } from './sessions/redo.ts'
import { resume } from './sessions/resume.ts'
import { sessionId } from './sessions/session-id.ts'
import { share } from './sessions/share.ts'
import { undo } from './sessions/undo.ts'
import { mergeWorktree } from './worktrees/merge-worktree.ts'
import { undoGit } from './worktrees/undo-git.ts'
import { newWorktree } from './worktrees/new-worktree.ts'
import { worktrees } from './worktrees/worktrees.ts'
import { limits } from './settings/limits.ts'
import { mentionMode } from './settings/mention-mode.ts'
import { mcp } from './settings/mcp.ts'
import { permissions } from './settings/permissions.ts'
import { restartServer } from './settings/restart-opencode-server.ts'
import { upgradeAndRestart } from './settings/upgrade-and-restart.ts'
import { transcriptionKey } from './settings/transcription-key.ts'
import { verbosity } from './settings/verbosity.ts'
import { schedule } from './tasks/schedule.ts'
import { tasks } from './tasks/tasks.ts'

export const COMMANDS: readonly SlashCommand[] = [
  abort,
  addProject,
  agent,
  board,
  btwCommand,
  clearQueue,
  compact,
  contextUsage,
  createNewProject,
  diff,
  fork,
  forkFromHere,
  forkSubagent,
  lastSessions,
  limits,
  login,
  mcp,
  mentionMode,
  mergeWorktree,
  model,
  modelVariant,
  newSession,
  newWorktree,
  permissions,
  queueCommand,
  queueOffered,
  queueThis,
  redo,
  removeProject,
  restartServer,
  resume,
  runOffered,
  runShellCommand,
  schedule,
  sessionId,
  share,
  tasks,
  transcriptionKey,
  undo,
  undoGit,
  upgradeAndRestart,
  verbosity,
  whereCommand,
  whyCommand,
  worktrees,
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

export const decidesUnread = (name: string): boolean => commandsByName.get(name)?.decidesUnread ?? false

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
