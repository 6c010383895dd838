/** Every verb of the command line. A new one is a file of this folder and a line here. */
import type { CliCommand } from '../command.ts'
import { attach } from './attach.ts'
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
import { start } from './start.ts'
import { clean } from './upkeep/clean.ts'
import { importOlder } from './upkeep/import.ts'
import { upgrade } from './upkeep/upgrade.ts'
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
  why,
  doctor,
  serviceInstall,
  serviceUninstall,
  importOlder,
  clean,
  upgrade,
  completion(() => ({ commands: CLI_COMMANDS, groups: GROUPS })),
]

/** First words that several verbs share. */
export const GROUPS: Readonly<Record<string, string>> = {
  project: 'which channel is which folder',
  service: 'kimaki as a service of your system',
}
