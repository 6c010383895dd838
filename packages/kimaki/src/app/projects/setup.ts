/**
 * Makes folders into projects and takes that back, for slash commands, the command line and the first start.
 *
 *     add     category Kimaki found or made ─▶ channel found or made ─▶ trust on record ─▶ link on record
 *     remove  what works there is stopped ─▶ link off the record ─▶ channel deleted, if that is wanted
 *
 * S1. Whatever ends the process in between, the same call completes it: the topic of a channel names this installation and the folder, so
 *     one that an earlier attempt has made is found, and a folder that has a linked channel in the server gets no second one.
 * S2. One act at a time in a server: two that come together make one category.
 * S3. What works in a project that is removed is stopped before: a press on a card of its agent would not be heard any more.
 * S4. What a folder brings is decided before its channel is linked: no message starts a program that nobody has allowed.
 */
import { ChatGone, ChatUnknown, type UsageError } from '../../base/errors.ts'
import { KeyedSerialQueue } from '../../base/serial.ts'
import { CATEGORY, categoryAmong, channelNameFor, markedAmong, markOf, topicFor } from '../../domain/project.ts'
import type { AgentError } from '../../ports/agent-error.ts'
import type { AgentPort, KnownProject } from '../../ports/agent.ts'
import type { ChannelOwners } from '../../ports/channel-owners.ts'
import type { ChatError, ChatPort } from '../../ports/chat.ts'
import type { AddedProject, ProjectFolders, ProjectSetup, RemovedProject, SetupError } from '../../ports/projects.ts'
import type { Acceptance, FolderRecords, Project, StorePort } from '../../ports/store.ts'
import { channelRefusedText } from '../../view/text/project-channel.ts'
import type { Projects } from '../intake/projects.ts'
import { checkProjectChannel } from '../project-channel.ts'
import type { Retry } from '../retry.ts'
import { firstWords } from './first-words.ts'
import { welcome, type WelcomeChat } from './welcome.ts'

export interface SetupDeps {
  readonly chat: Pick<ChatPort, 'channels' | 'inspect'> & WelcomeChat
  readonly store: Pick<StorePort, 'installId' | 'openConversations' | 'load'> & { readonly folders: FolderRecords }
  readonly projects: Projects
  readonly folders: ProjectFolders
  /** Undefined where no bot runs. */
  readonly agent: Pick<AgentPort, 'projects' | 'warm'> | undefined
  /** Puts a request on record and hands it on. */
  readonly accept: (acceptance: Acceptance) => Promise<unknown>
  /** Unix ms. */
  readonly now: () => number
  /** Asks again while Discord gives no answer. */
  readonly patiently: Patience
  readonly onLinked: (directory: string) => void
  /** Where the bot serves several machines: whose the channels are. */
  readonly owners?: ChannelOwners | undefined
}

export type Patience = <T>(act: () => Promise<T | ChatError>) => Promise<T | ChatError>

/** About a minute. */
const ATTEMPTS = 8

export const patienceOf =
  (retry: Retry): Patience =>
  async (act) => {
    const { result } = await retry.until(async (failures) => {
      const result = await act()
      return result instanceof ChatUnknown && failures + 1 < ATTEMPTS ? undefined : { result }
    })
    return result
  }

/** For whoever stands at a terminal and can ask again. */
export const onlyOnce: Patience = async (act) => act()

type AddRequest = Parameters<ProjectSetup['add']>[0]

/** Who is said to have stopped it. */
const REMOVAL = 'the removal of the project'

export class Setup implements ProjectSetup {
  readonly folders: ProjectFolders
  readonly #deps: SetupDeps
  readonly #servers = new KeyedSerialQueue()

  constructor(deps: SetupDeps) {
    this.#deps = deps
    this.folders = deps.folders
  }

  linked(guildId: string): readonly Project[] {
    return this.#deps.projects.all().filter((project) => project.guildId === guildId)
  }

  async recent(): Promise<readonly KnownProject[] | AgentError> {
    const { agent, projects, folders } = this.#deps
    // Any server knows them all.
    const asked = projects.all().at(0)?.directory ?? folders.home
    const known = await agent?.projects(asked)
    if (known === undefined || known instanceof Error) return known ?? []
    const present = new Set(await folders.existing(known.map(({ directory }) => directory)))
    return known.filter(({ directory }) => present.has(directory)).toSorted((a, b) => b.usedAt - a.usedAt)
  }

  async add(request: AddRequest): Promise<AddedProject | SetupError> {
    return this.#servers.run(request.guildId, async () =>
      this.#deps.patiently<AddedProject | UsageError>(async () => this.#add(request)),
    )
  }

  async remove(channelId: string, deletesChannel: boolean): Promise<RemovedProject | undefined | SetupError> {
    const { projects, owners, patiently } = this.#deps
    const project = projects.of(channelId)
    if (!project && !deletesChannel) return undefined
    if (project) {
      const held = await patiently(async () => owners?.release(channelId))
      if (held) return held
      await this.#stopIn(channelId)
      await projects.unlink(channelId)
    }
    const directory = project?.directory ?? ''
    if (!deletesChannel) return { directory, channel: 'kept' }
    return this.#deps.patiently(async () => this.#deleteChannel(channelId, directory))
  }

  async welcome(guildId: string): Promise<Project | undefined | SetupError> {
    const { chat, store, patiently } = this.#deps
    const add = async (directory: string): Promise<Project | SetupError> =>
      this.#add({ guildId, directory, trust: { isTrusted: undefined, programs: [] } })
    const deps = { chat, records: store.folders, folders: this.folders, add }
    return this.#servers.run(guildId, async () => patiently<Project | undefined | UsageError>(async () => welcome(deps, guildId)))
  }

  async begin(request: Parameters<ProjectSetup['begin']>[0]): Promise<void> {
    await this.#deps.accept(firstWords(request, this.#deps.now()))
  }

  async #stopIn(channelId: string): Promise<void> {
    const { store, accept, now } = this.#deps
    for (const id of await store.openConversations()) {
      const { state } = await store.load(id)
      if (state?.channelId !== channelId) continue
      const { guildId, directory } = state
      const request = { kind: 'stop-asked', by: REMOVAL } as const
      await accept({
        key: `removed:${id}:${now()}`,
        request,
        conversation: { id, guildId, channelId, directory, inThread: true },
        at: now(),
      })
    }
  }

  async #add({ guildId, directory, trust }: AddRequest): Promise<AddedProject | SetupError> {
    const { store, projects, chat, agent, onLinked } = this.#deps
    const linked = this.linked(guildId).find((project) => project.directory === directory)
    const channelId = linked?.channelId ?? (await this.#channelFor(guildId, directory))
    if (channelId instanceof Error) return channelId
    const { isTrusted } = await store.folders.decide(directory, trust)
    const project: Project = { channelId, guildId, directory }
    // Before the link: a channel that is another machine's is never answered in.
    const refused = await this.#deps.owners?.claim(channelId)
    if (refused) return refused
    if (!linked) {
      const newest = await chat.newestIn(channelId)
      await projects.link(project, newest instanceof Error ? channelId : newest)
    }
    onLinked(directory)
    agent?.warm([directory])
    const checked = await checkProjectChannel(chat, project)
    const warning = checked instanceof Error ? undefined : checked.warning
    return { ...project, isOld: linked !== undefined, isTrusted, warning }
  }

  /** The id of a channel that is there already, or was made now. */
  async #channelFor(guildId: string, directory: string): Promise<string | ChatError> {
    const { chat, store, projects } = this.#deps
    const channels = await chat.channels.list(guildId)
    if (channels instanceof Error) return channels
    const mark = markOf(store.installId, directory)
    const ours = markedAmong(channels, mark)
    if (ours && !projects.of(ours.id)) return ours.id
    const category = categoryAmong(channels) ?? (await chat.channels.create(guildId, { kind: 'category', name: CATEGORY }))
    if (category instanceof Error) return category
    const made = await chat.channels.create(guildId, {
      kind: 'text',
      name: channelNameFor(directory),
      parentId: category.id,
      topic: topicFor(directory, mark),
    })
    return made instanceof Error ? made : made.id
  }

  async #deleteChannel(channelId: string, directory: string): Promise<RemovedProject | ChatError> {
    const deleted = await this.#deps.chat.channels.remove(channelId)
    if (deleted === undefined || deleted instanceof ChatGone) return { directory, channel: 'deleted' }
    if (deleted instanceof ChatUnknown) return deleted
    return { directory, channel: 'refused', reason: channelRefusedText(deleted) }
  }
}
