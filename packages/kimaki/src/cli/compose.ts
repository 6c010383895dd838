/** The composition root: adapters made from a configuration and given to the bot. */
import { Bot } from '../app/bot.ts'
import { loadProjects, type Projects } from '../app/intake/projects.ts'
import type { StoreError, StoreUnavailable } from '../base/errors.ts'
import type { Secrets } from '../base/redact.ts'
import { createChat } from '../discord/chat.ts'
import { inheritedEnvironment } from '../base/environment.ts'
import { createChanges } from '../git/changes/changes.ts'
import { createGit } from '../git/git.ts'
import { systemClock, type Clock } from '../base/clock.ts'
import type { Budgets } from '../domain/conversation/inquiry/status-report.ts'
import { createAccounts } from '../host/accounts/cool-downs.ts'
import { createAudit } from '../host/audit.ts'
import { createAttachedDiffs } from '../host/diff-page/attached.ts'
import { createFiles } from '../host/files.ts'
import { createFolders } from '../host/folders.ts'
import { createImages } from '../host/images/shrinker.ts'
import { createKeepAwake } from '../host/process/keep-awake.ts'
import { createShell } from '../host/shell.ts'
import { createTranscriber } from '../host/voice/transcriber.ts'
import { createAgent } from '../opencode/agent.ts'
import { createTerminals } from '../opencode/terminals/terminals.ts'
import { groups, identify } from '../opencode/process/process.ts'
import type { AgentPort } from '../ports/agent.ts'
import type { ChannelOwners } from '../ports/channel-owners.ts'
import type { ChatFatal, ChatPort } from '../ports/chat.ts'
import type { Images } from '../ports/images.ts'
import type { Files, Log } from '../ports/host.ts'
import type { ShellPort } from '../ports/shell.ts'
import type { StorePort } from '../ports/store.ts'
import type { UpgradePort } from '../ports/upgrade.ts'
import type { Transcriber } from '../ports/voice/transcriber.ts'
import { askForeign } from '../store/inquiry/foreign.ts'
import { storeFailure } from '../store/open.ts'
import { createStore } from '../store/store.ts'
import { besideNewerText } from '../view/inquiry/newer-opencode.ts'
import type { Config } from './config.ts'
import { isForGateway, peerOf } from './credentials.ts'
import { createProjectFolders } from './folders/project-folders.ts'
import { worktreesOf } from './folders/worktrees.ts'
import { createGatewayOwners } from './owners/gateway-owners.ts'
import { Kept } from './loopback/kept.ts'
import { isBesideNewer } from './saved/newer-opencode.ts'

/** Wrap an adapter before the bot uses it: tests take a safeguard away, or end the process at a named point. */
export interface Decorations {
  readonly store?: (store: StorePort) => StorePort
  readonly chat?: (chat: ChatPort) => ChatPort
  readonly agent?: (agent: AgentPort) => AgentPort
  readonly shell?: (shell: ShellPort) => ShellPort
  readonly transcriber?: (transcriber: Transcriber) => Transcriber
  readonly clock?: (clock: Clock) => Clock
}

/** What the process runs, and what the control routes of the verbs may use of it. */
export interface Composed {
  readonly bot: Bot
  readonly projects: Projects
  readonly agent: AgentPort
  readonly store: StorePort
  readonly chat: Pick<ChatPort, 'newestIn' | 'inspect' | 'channels' | 'application' | 'post' | 'layout' | 'line' | 'fileLimit'>
  /** Undefined: the bot is this machine's alone. */
  readonly owners: ChannelOwners | undefined
  readonly files: Files
  readonly images: Images
  readonly budgets: () => Promise<Budgets>
  readonly config: Pick<Config, 'database' | 'dataDir'>
  /** What is served beside the bot's work. Whoever stops the bot closes it. */
  readonly kept: Kept
}

export interface ComposeOptions {
  readonly token: string
  readonly log: Log
  readonly secrets: Secrets
  readonly onFatal: (fatal: ChatFatal) => void
  /** The database is damaged: nothing can be accepted or done any more. */
  readonly onDamage: (error: Error) => void
  /** Where it is left out, Discord cannot upgrade this bot. */
  readonly upgrade?: UpgradePort | undefined
  /** Agents work in a folder from now on: a new project, or a worktree of `project`. */
  readonly onLinked?: (directory: string, project?: string) => void
  readonly decorate?: Decorations | undefined
}

const undecorated = <T>(value: T): T => value

export async function compose(
  config: Config,
  { token, log, secrets, onFatal, onDamage, onLinked, upgrade, decorate = {} }: ComposeOptions,
): Promise<Composed | StoreError | StoreUnavailable> {
  const opened = createStore(config.database, onDamage)
  if (opened instanceof Error) return opened
  const store = (decorate.store ?? undecorated)(opened)
  const created = createChat({
    token,
    apiUrl: config.apiUrl,
    peer: peerOf({ token, apiUrl: config.apiUrl }),
    log,
    secrets,
    identifies: opened.identifies,
    hearsGuests: config.settings.guestApproval,
    isOpen: config.settings.isOpen,
  })
  const chat = (decorate.chat ?? undecorated)(created)
  const folders = createFolders()
  const agent = (decorate.agent ?? undecorated)(
    createAgent({
      log,
      secrets,
      memory: store.servers,
      environment: config.environment,
      dataDir: config.dataDir,
      folders,
      trusts: store.folders,
      servers: config.opencodeServers,
      silence: config.opencodeSilence,
    }),
  )
  const projects = await loadProjects(store).catch((error: unknown) => storeFailure(config.database, error))
  if (projects instanceof Error) return projects
  const files = createFiles(config.dataDir, log, config.files)
  const images = createImages({ log })
  // Needs the lock in hand: `createShell` ends the orphaned commands of an earlier bot.
  const shell = (decorate.shell ?? undecorated)(
    createShell({ log, dataDir: config.dataDir, environment: config.environment, folders, processes: { identify, groups } }),
  )
  const owners = isForGateway(token) ? createGatewayOwners({ token, apiUrl: config.apiUrl }) : undefined
  const { dataDir, environment } = config
  const transcriber = (decorate.transcriber ?? undecorated)(createTranscriber({ dataDir, environment, secrets, log }))
  const bot = new Bot({
    store,
    owners,
    chat,
    agent,
    git: createGit({ ...worktreesOf(config, { folders, trusts: store.folders, onLinked }), folders }),
    diffs: {
      ...createChanges({ environment: inheritedEnvironment(config.environment), folders }),
      ...createAttachedDiffs({ files, chat }),
    },
    shell,
    terminals: createTerminals(config.environment, config.syncEveryMs, askForeign),
    files,
    images,
    transcriber,
    audit: createAudit({ dataDir: config.dataDir, secrets, log }),
    clock: (decorate.clock ?? undecorated)(systemClock),
    log,
    projects,
    folders: createProjectFolders(config, folders),
    accounts: createAccounts({ dataDir: config.dataDir, environment: config.environment, now: systemClock.now }),
    onLinked,
    upgrade,
    onWorking: createKeepAwake({ platform: process.platform, pid: process.pid }),
    verbosity: config.verbosity,
    settings: config.settings,
    remark: isBesideNewer(config.environment) ? besideNewerText : undefined,
    onFatal,
  })
  return { bot, projects, agent, store, chat, owners, files, images, budgets: created.budgets, config, kept: new Kept() }
}
