/** Every verb of the command line. A new one is a file of this folder and a line here. */
import type { CliCommand } from '../command.ts'
import { projectAdd } from './project-add.ts'
import { projectCreate } from './project-create.ts'
import { projectLink } from './project-link.ts'
import { projectList } from './project-list.ts'
import { projectOpen } from './project-open.ts'
import { projectRemove, projectUnlink } from './project-unlink.ts'
import { send } from './send.ts'
import { start } from './start.ts'

export const CLI_COMMANDS: readonly CliCommand[] = [
  start,
  projectAdd,
  projectCreate,
  projectLink,
  projectUnlink,
  projectRemove,
  projectList,
  projectOpen,
  send,
]

/** First words that several verbs share. */
export const GROUPS: Readonly<Record<string, string>> = {
  project: 'which channel is which folder',
}
