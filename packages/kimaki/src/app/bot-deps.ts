/** What a bot is made of: the ports, and what its owner has set. */
import type { Accounts } from '../ports/accounts.ts'
import type { Clock } from '../base/clock.ts'
import type { Verbosity } from '../domain/prefs.ts'
import type { Settings } from '../domain/settings.ts'
import type { AgentPort } from '../ports/agent.ts'
import type { ChatFatal, ChatPort } from '../ports/chat.ts'
import type { DiffsPort } from '../ports/git/diffs.ts'
import type { GitPort } from '../ports/git/git.ts'
import type { Images } from '../ports/images.ts'
import type { Audit, Files, Log } from '../ports/host.ts'
import type { ProjectFolders } from '../ports/projects.ts'
import type { ShellPort } from '../ports/shell.ts'
import type { TerminalsPort } from '../ports/agent/terminals.ts'
import type { StorePort } from '../ports/store.ts'
import type { UpgradePort } from '../ports/upgrade.ts'
import type { Transcriber } from '../ports/voice/transcriber.ts'
import type { ChannelOwners } from '../ports/channel-owners.ts'
import type { Projects } from './intake/projects.ts'

export interface BotDeps {
  readonly store: StorePort
  readonly chat: ChatPort
  readonly agent: AgentPort
  readonly git: GitPort
  readonly diffs: DiffsPort
  readonly shell: ShellPort
  readonly terminals?: TerminalsPort | undefined
  readonly files: Files
  /** Undefined: large images stay as they are. */
  readonly images?: Images | undefined
  readonly audit: Audit
  readonly transcriber: Transcriber
  readonly clock: Clock
  readonly log: Log
  readonly projects: Projects
  readonly folders: ProjectFolders
  readonly accounts: Accounts
  /** A folder has become a project. */
  readonly onLinked?: ((directory: string) => void) | undefined
  readonly upgrade?: UpgradePort | undefined
  readonly owners?: ChannelOwners | undefined
  /** Agents begin to work, or none does any more. */
  readonly onWorking?: ((isWorking: boolean) => void) | undefined
  readonly verbosity?: Verbosity | undefined
  readonly settings?: Settings | undefined
  /** What `/why` says beside its finding. */
  readonly remark?: string | undefined
  readonly onFatal: (fatal: ChatFatal) => void
}
