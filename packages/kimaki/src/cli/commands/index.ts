/** Every verb of the command line. A new one is a file of this folder and a line here. */
import type { CliCommand } from '../command.ts'
import { accountAdd, accountClear, accountFallback, accountList, accountOrder, accountRemove } from './accounts/multioauth.ts'
import { attach } from './attach.ts'
import { botStatus, status } from './bot/bot-status.ts'
import { botToken } from './bot/bot-token.ts'
import { botInstallUrl } from './bot/install-url.ts'
import { logs } from './bot/logs.ts'
import { upload } from './bot/upload.ts'
import { userList } from './bot/user-list.ts'
import { completion } from './completion.ts'
import { doctor } from './doctor.ts'
import { projectAdd } from './project-add.ts'
import { projectCreate } from './project-create.ts'
import { projectLink } from './project-link.ts'
import { projectList } from './project-list.ts'
import { projectOpen } from './project-open.ts'
import { projectRemove, projectUnlink } from './project-unlink.ts'
import { send } from './send.ts'
import { serviceInstall, serviceUninstall } from './service.ts'
import { sessionAbort } from './sessions/abort.ts'
import { sessionArchive } from './sessions/archive.ts'
import { sessionDiscordUrl } from './sessions/discord-url.ts'
import { sessionExport } from './sessions/export.ts'
import { sessionList } from './sessions/list.ts'
import { sessionRead } from './sessions/read.ts'
import { sessionSearch } from './sessions/search.ts'
import { sessionWait } from './sessions/wait.ts'
import { sqlitedb } from './bot/sqlitedb.ts'
import { start } from './start.ts'
import { taskDelete, taskPause, taskResume } from './tasks/change.ts'
import { taskEdit } from './tasks/edit.ts'
import { taskList } from './tasks/list.ts'
import { taskRun } from './tasks/run.ts'
import { taskShow } from './tasks/show.ts'
import { clean } from './upkeep/clean.ts'
import { importOlder } from './upkeep/import.ts'
import { upgrade } from './upkeep/upgrade.ts'
import { worktreeMerge } from './worktrees/merge.ts'
import { tts } from './voice/tts.ts'
import { voiceInstall, voiceRemove, voiceStatus } from './voice/voice.ts'
import { why } from './why.ts'

export const CLI_COMMANDS: readonly CliCommand[] = [
  start,
  attach,
  projectAdd,
  projectCreate,
  projectLink,
  projectUnlink,
  projectRemove,
  projectList,
  projectOpen,
  send,
  taskList,
  taskShow,
  taskEdit,
  taskPause,
  taskResume,
  taskRun,
  taskDelete,
  accountList,
  accountAdd,
  accountRemove,
  accountOrder,
  accountClear,
  accountFallback,
  sessionList,
  sessionRead,
  sessionSearch,
  sessionWait,
  sessionAbort,
  sessionArchive,
  sessionExport,
  sessionDiscordUrl,
  worktreeMerge,
  userList,
  botToken,
  botInstallUrl,
  botStatus,
  upload,
  status,
  logs,
  why,
  doctor,
  sqlitedb,
  serviceInstall,
  serviceUninstall,
  importOlder,
  voiceInstall,
  voiceStatus,
  voiceRemove,
  tts,
  clean,
  upgrade,
  completion(() => ({ commands: CLI_COMMANDS, groups: GROUPS })),
]

/** First words that several verbs share. */
export const GROUPS: Readonly<Record<string, string>> = {
  project: 'which channel is which folder',
  multioauth: 'several accounts of one provider, tried one after the other',
  task: 'what is sent later, or again and again',
  session: 'sessions of threads: what was said, what goes on',
  worktree: 'worktrees of git that sessions work in',
  user: 'members of your servers',
  bot: 'the bot in Discord',
  voice: 'who writes voice messages down',
  service: 'kimaki as a service of your system',
}
