/** Projects as people add and remove them: a folder, its channel, and the link between the two. */
import type { UsageError } from '../base/errors.ts'
import type { AgentError } from './agent-error.ts'
import type { KnownProject } from './agent.ts'
import type { ChatError } from './chat-error.ts'
import type { Project, TrustDecision } from './store.ts'

/** What a folder is, before it becomes a project. */
export interface FolderReport {
  /** Its real path. */
  readonly directory: string
  /** Lines that name the programs it brings, which OpenCode would run. */
  readonly programs: readonly string[]
  /** Lines that name what else it brings for the agent to follow. */
  readonly words: readonly string[]
}

/** Folders of this machine as they may become projects. A `UsageError` says what to do. */
export interface ProjectFolders {
  /** Where new projects are made. */
  readonly home: string
  /** `folder`: a path; `~` is the home of the user who runs the bot. `force`: also one that holds everything. */
  inspect(folder: string, force?: boolean): Promise<FolderReport | UsageError>
  /** Those of the paths that are folders. */
  existing(directories: readonly string[]): Promise<readonly string[]>
  /** Makes a folder with an empty Git repository. `isRetry`: an earlier attempt may have made it; else one of this name must not be there. */
  make(name: string, isRetry: boolean): Promise<{ readonly directory: string } | UsageError>
}

export interface AddedProject extends Project {
  /** The folder had a channel in this server before: nothing was made. */
  readonly isOld: boolean
  /** What the folder brings may run. */
  readonly isTrusted: boolean
  /** What does not work yet, as a sentence. */
  readonly warning: string | undefined
}

export interface RemovedProject {
  readonly directory: string
  /** `refused`: Discord does not let the bot delete it; then `reason` says why. */
  readonly channel: 'kept' | 'deleted' | 'refused'
  readonly reason?: string
}

export type SetupError = UsageError | ChatError

/** What slash commands, the command line and the first start may ask for. Each of the acts may be done again: then it is completed, not repeated. */
export interface ProjectSetup {
  readonly folders: ProjectFolders
  linked(guildId: string): readonly Project[]
  /** Folders that OpenCode has worked in and that are there, those used last first. */
  recent(): Promise<readonly KnownProject[] | AgentError>
  /** Makes a channel for the folder under the category Kimaki, and links it. */
  add(request: {
    readonly guildId: string
    readonly directory: string
    readonly trust: TrustDecision
  }): Promise<AddedProject | SetupError>
  /** Undefined: no project is linked to this channel. The folder stays as it is. */
  remove(channelId: string, deletesChannel: boolean): Promise<RemovedProject | undefined | SetupError>
  /** Makes the first channel of a server, with words of welcome; undefined: it had one before. */
  welcome(guildId: string): Promise<Project | undefined | SetupError>
  /** Has a person say something to the agent in a new thread of the channel. */
  begin(request: {
    readonly project: Project
    readonly by: { readonly interaction: string; readonly userId: string; readonly userName: string }
    readonly words: string
    readonly threadName: string
  }): Promise<void>
}
