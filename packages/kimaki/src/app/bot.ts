/**
 * The bot: the rooms of a running process, wired through ports in one line. Discord's events go to the intake, accepted requests to their
 * conversation, what the conversation decides to the effects, the actions and the posts; what comes of it returns as an input.
 */
import { KeyedTimers } from '../base/keyed-timers.ts'
import { KeyedSerialQueue } from '../base/serial.ts'
import { projectFolderOf } from '../domain/conversation/features/place/worktree.ts'
import { title } from '../domain/conversation/features/title.ts'
import type { Input } from '../domain/conversation/input.ts'
import { promptIdOf } from '../domain/conversation/prompt.ts'
import { isWorking } from '../domain/conversation/run/derive.ts'
import { DEFAULT_RULES } from '../domain/conversation/step.ts'
import type { IncomingMessage } from '../domain/message/incoming.ts'
import { shellCommand } from '../domain/message/intent.ts'
import { DEFAULT_SETTINGS } from '../domain/settings.ts'
import { COMMANDS, commandsByName, decidesUnread, runCommand, runPress } from '../commands/index.ts'
import type { Inquiry } from '../commands/declaration.ts'
import type { Conversation } from '../domain/conversation/state.ts'
import type { Finding } from '../domain/conversation/inquiry/why.ts'
import { declaredIn } from '../commands/opencode/declared.ts'
import type { AgentNotice } from '../ports/agent.ts'
import type { ChatEvent, ChatFatal, ChatReady } from '../ports/chat.ts'
import type { Acceptance, InboxRow } from '../ports/store.ts'
import { threadGoneText } from '../view/text/notice.ts'
import type { BotDeps } from './bot-deps.ts'
import { startActions } from './actions/index.ts'
import { Allowances } from './allowances.ts'
import { CommitQueue } from './commit-queue.ts'
import { Capacity } from './conversation/capacity.ts'
import { Collisions } from './conversation/collisions.ts'
import { Conversations } from './conversation/conversations.ts'
import type { ConversationHandle } from './conversation/handle.ts'
import type { Acting } from './conversation/runner.ts'
import { hasMoreToSay } from './conversation/more-to-say.ts'
import { PostRunner } from './conversation/post-runner.ts'
import { Typing } from './conversation/typing.ts'
import { StateWaits } from './control/state-waits.ts'
import { Drain } from './drain.ts'
import { withFilesOf } from './files-of-asks.ts'
import { rememberAccess } from './authorize.ts'
import { EffectRunner } from './effect-runner.ts'
import type { EffectDeps } from './effects/definition.ts'
import type { ThreadChange } from './intake/acceptances.ts'
import { Delivery } from './intake/delivery.ts'
import { isCheckedByIntake } from './intake/checked.ts'
import { Intake } from './intake/intake.ts'
import { whyOf, type Look } from './inquiry/standing.ts'
import { Boards } from './inquiry/boards.ts'
import { whereaboutsOf } from './inquiry/where.ts'
import { UnderWay } from './conversation/under-way.ts'
import { Proposals } from './intake/proposals.ts'
import { OtherInstance } from './intake/other-instance.ts'
import { ChannelPreferences } from './preferences/channel-preferences.ts'
import { Offers } from './offers/offers.ts'
import { Places } from './places.ts'
import { patienceOf, Setup, type SetupDeps } from './projects/setup.ts'
import { checkChannels, warmRecent } from './projects/at-start.ts'
import { Mirror } from './mirror/mirror.ts'
import { RecentIds } from './recent-ids.ts'
import { keeperOf } from './tasks/keeper.ts'
import { Tasks } from './tasks/tasks.ts'
import { deleteOldFiles } from './upkeep/old-files.ts'
import { UnrecordedWords } from './unrecorded-words.ts'
import { Retry } from './retry.ts'
import { Verbosities } from './preferences/verbosities.ts'

/** Longer than this an author's rights are asked for again. */
const ACCESS_FRESH_MS = 5000
/** A shell command that could not be begun so long after it was received is not begun any more. */
const COMMAND_FRESH_MS = 60_000

export class Bot {
  readonly #deps: BotDeps
  readonly #stopping = new AbortController()
  readonly #timers: KeyedTimers
  readonly #places: Places
  readonly #recentlyAccepted: RecentIds
  readonly #recentlyReceived: RecentIds
  readonly #commits: CommitQueue
  readonly #typing: Typing
  readonly #drain: Drain<ConversationHandle>
  /** Tools of agents that wait for a person. */
  readonly waits: StateWaits
  readonly #capacity: Capacity
  readonly #allowances: Allowances
  readonly #conversations: Conversations
  readonly #verbosities: Verbosities
  readonly #preferences: ChannelPreferences
  readonly #offers: Offers
  readonly #delivery: Delivery
  readonly #otherInstance: OtherInstance
  readonly #intake: Intake
  readonly #underWay: UnderWay
  readonly #boards: Boards
  readonly #mirror: Mirror
  readonly setup: Setup
  readonly tasks: Tasks

  constructor(deps: BotDeps) {
    const { store, chat, clock, log, agent } = deps
    const retry = new Retry(clock, this.#stopping.signal)
    const settings = deps.settings ?? DEFAULT_SETTINGS
    this.#deps = deps
    this.#timers = new KeyedTimers(clock)
    this.#underWay = new UnderWay(clock)
    this.#preferences = new ChannelPreferences(settings)
    this.#verbosities = new Verbosities(deps.verbosity)
    this.#offers = offersOf(deps, this.#timers)
    this.#places = new Places(clock, this.#stopping.signal)
    this.#recentlyAccepted = new RecentIds(clock, ACCESS_FRESH_MS)
    this.#recentlyReceived = new RecentIds(clock, COMMAND_FRESH_MS)
    this.#commits = new CommitQueue(store, retry, log)
    const stateOf = (id: string): Conversation | undefined => this.#conversations.awake(id)?.state
    this.#boards = new Boards({ chat, store, clock, log, commits: this.#commits })
    const inquiry: Inquiry = {
      boards: this.#boards,
      why: async (threadId) => this.why(threadId),
      where: async (target, place) => whereaboutsOf({ ...deps, stateOf }, target, place),
    }
    this.#typing = new Typing(chat, clock)
    this.waits = new StateWaits(clock, this.#stopping.signal)
    this.#drain = new Drain(clock, hasMoreToSay)
    this.#delivery = new Delivery((row) => this.#accept(row), log)
    this.setup = new Setup(this.#setupDeps(retry))
    const unrecorded = new UnrecordedWords(clock)
    const tasks = keeperOf(() => this.tasks, deps)
    const outside = { ...deps, inquiry, offers: this.#offers, setup: this.setup, unrecorded, tasks }
    const effects = this.#effects({ ...outside, retry, settings })
    const act = startActions({ ...deps, retry, timers: this.#timers })
    const posts = new PostRunner({ ...deps, retry, places: this.#places, underWay: this.#underWay })
    const roomFreed = (id: string): void => this.#conversations.awake(id)?.push({ kind: 'room-freed', at: clock.now() })
    this.#capacity = new Capacity(settings.agentsAtOnce, roomFreed, deps.onWorking)
    this.#allowances = new Allowances((directory) => this.#pushIn([directory], { kind: 'allowances-changed', at: clock.now() }))
    const tell = (id: string, input: Input): void => this.#conversations.wake(id).push(input)
    const collisions = new Collisions(clock, tell)
    this.#conversations = new Conversations({
      heard: (conversation, event) => collisions.heard(conversation, event),
      capacity: this.#capacity,
      allowances: this.#allowances,
      offers: this.#offers,
      store,
      commits: this.#commits,
      clock,
      log,
      retry,
      verbosities: this.#verbosities,
      preferences: this.#preferences,
      rules: { ...DEFAULT_RULES, settings, runCommand, runPress, decidesUnread },
      layout: (blocks) => chat.layout(blocks),
      clean: (text) => chat.clean(text),
      act: this.#acting(effects, act, posts),
    })
    this.#otherInstance = new OtherInstance({ store, clock, log, isPosting: (id) => this.#isPosting(id) })
    this.#intake = new Intake({
      chat,
      store,
      commits: this.#commits,
      projects: deps.projects,
      commands: commandsByName,
      needsMention: (channelId) => this.#preferences.needsMention(channelId),
      proposals: new Proposals({ commands: commandsByName, outside, log: deps.log, signal: this.#stopping.signal }),
      unrecorded,
      delivery: this.#delivery,
      onThreadChange: (threadId, change) => this.#onThreadChange(threadId, change),
      onPlaceChange: (ids) => this.#places.changed(ids),
      onOwnMessage: (message) => this.#otherInstance.seen(message),
      clock,
      log,
      retry,
      settings,
    })
    this.#mirror = new Mirror({ ...deps, timers: this.#timers, tell, accept: async (one) => this.accept(one) })
    const deliver = (row: InboxRow): void => this.#delivery.deliver(row)
    const upon = { timers: this.#timers, waits: this.waits, commits: this.#commits }
    this.tasks = new Tasks({ ...deps, ...upon, retry, deliver })
    agent.onEvent((event) => this.#conversations.onAgentEvent(withFilesOf(event, deps.files)))
    agent.onNotice((notice) => this.#onAgentNotice(notice))
  }

  #effects(
    around: BotDeps & Pick<EffectDeps, 'retry' | 'settings' | 'inquiry' | 'offers' | 'setup' | 'unrecorded' | 'tasks'>,
  ): EffectRunner {
    return new EffectRunner({
      ...around,
      accessOf: rememberAccess(around),
      underWay: this.#underWay,
      places: this.#places,
      commits: this.#commits,
      recentlyAccepted: this.#recentlyAccepted,
      recentlyReceived: this.#recentlyReceived,
      bind: (session, id) => this.#conversations.bind(session, id),
      accept: (row) => this.#delivery.deliver(row),
      beginning: new KeyedSerialQueue(),
    })
  }

  #acting(effects: EffectRunner, action: Acting['action'], posts: PostRunner): Acting {
    return {
      effect: (conversation, effect, isRetry) => effects.run(conversation, effect, isRetry),
      action,
      create: (conversation, post, mayBePosted) => posts.create(conversation, post, mayBePosted),
      edit: (conversation, post) => posts.edit(conversation, post),
      changed: (conversation) => {
        this.#typing.update(conversation)
        const { state } = conversation
        if (state) this.#boards.changed(state.channelId)
        if (state && isWorking(state)) this.#offers.used(state.directory)
        this.#drain.changed()
        this.waits.changed(conversation)
      },
      posted: (conversation) => this.#typing.posted(conversation),
    }
  }

  /** Takes up what an earlier process left, then connects. */
  async start(): Promise<ChatReady | ChatFatal> {
    const { store, chat, clock, log, projects, onFatal } = this.#deps
    await this.#allowances.load(store)
    await this.#verbosities.load(store)
    await this.#preferences.load(store)
    await this.#boards.load()
    await this.#offers.load()
    const open = await store.openConversations()
    if (open.length > 0) log.info('taking up what was left', { conversations: open.length })
    for (const id of open) this.#capacity.expect(id)
    for (const id of open) this.#conversations.wake(id).push({ kind: 'resume', at: clock.now() })
    const position = await store.position()
    const ready = await chat.start({
      position,
      isProjectChannel: (id) => projects.of(id) !== undefined,
      onEvent: (event) => this.#onEvent(event),
      onFatal,
    })
    if (ready.kind === 'ready') {
      this.#mirror.start()
      void warmRecent(this.#deps)
      this.#offers.start(ready)
      void checkChannels(this.#deps, ready)
      void deleteOldFiles(this.#deps, this.#timers)
      await this.tasks.start()
    }
    return ready
  }

  /** Puts a program's request on record and hands it on, as the intake does with Discord's. */
  async accept(acceptance: Acceptance): Promise<readonly InboxRow[]> {
    const { request } = acceptance
    if (request.kind === 'message') this.#noteShellCommand(request.message)
    const rows = await this.#commits.commit({ accept: [acceptance] })
    for (const row of rows) this.#delivery.deliver(row)
    return rows
  }

  /** What holds up the thread. */
  async why(threadId: string, look?: Look): Promise<Finding> {
    const { settings = DEFAULT_SETTINGS, ...deps } = this.#deps
    return whyOf(
      {
        ...deps,
        settings,
        commits: this.#commits,
        intake: this.#intake,
        underWay: this.#underWay,
        stateOf: (id) => this.#conversations.awake(id)?.state,
        signal: this.#stopping.signal,
      },
      threadId,
      look,
    )
  }

  /**
   * Drains: what is begun is committed, the rest is found again at the next start. Nothing of this process is left running; with `leave`
   * OpenCode goes on, for the next bot to adopt.
   */
  async stop(mode: 'end' | 'leave' = 'end'): Promise<void> {
    const { shell: commands, chat, agent, git, store, images, transcriber } = this.#deps
    const commandsEnded = commands.stopAll()
    await this.#drain.reported(this.#conversations.all())
    this.#stopping.abort()
    this.#timers.stop()
    this.#typing.stop()
    this.#otherInstance.stop()
    this.#recentlyAccepted.stop()
    this.#recentlyReceived.stop()
    await chat.stop()
    await this.#intake.stop()
    await this.#boards.stop()
    await this.tasks.stop()
    await this.#conversations.stop()
    await Promise.all([commandsEnded, agent.stop(mode), git.stop(), this.#mirror.stop(), images?.stop(), transcriber.stop()])
    await store.close()
  }

  #setupDeps(retry: Retry): SetupDeps {
    const { clock, onLinked = () => undefined } = this.#deps
    return {
      ...this.#deps,
      patiently: patienceOf(retry),
      onLinked,
      now: () => clock.now(),
      accept: async (one) => this.accept(one),
    }
  }

  #onEvent(event: ChatEvent): void {
    // What catch-up finds is no event, and what a RESUME tells again is late.
    if (event.kind === 'message' && !event.late) this.#noteShellCommand(event.message)
    if (event.kind === 'command') this.#recentlyReceived.add(promptIdOf(event.command.id))
    if (event.kind === 'place-changed' && event.guild) this.#offers.guildChanged(event.guild)
    this.#intake.onEvent(event)
  }

  /** A conversation that is being read from its rows may have posts on their way, too. */
  #isPosting(threadId: string): boolean {
    const conversation = this.#conversations.awake(threadId)
    return conversation !== undefined && (conversation.state?.posts.outbox.length ?? 1) > 0
  }

  /** A shell command is run only if it was written just now. */
  #noteShellCommand({ id, text }: Pick<IncomingMessage, 'id' | 'text'>): void {
    if (shellCommand(text) !== undefined) this.#recentlyReceived.add(promptIdOf(id))
  }

  #accept(row: InboxRow): void {
    if (isCheckedByIntake(row)) this.#recentlyAccepted.add(promptIdOf(row.request.message.id))
    this.#conversations.accept(row)
  }

  #onThreadChange(threadId: string, change: ThreadChange): void {
    this.#places.changed([threadId])
    const at = this.#deps.clock.now()
    const conversation = this.#conversations.awake(threadId)
    if (!conversation) return
    const text = threadGoneText(conversation.state && title.of(conversation.state).given)
    conversation.push(
      change.kind === 'gone' ? { kind: 'thread-gone', at, text } : { kind: 'thread-renamed', at, name: change.name },
    )
  }

  /** A server's stream came back, or the server went away: whoever has open work there reads the session again. */
  #onAgentNotice(notice: AgentNotice): void {
    const { kind, directories } = notice
    const at = this.#deps.clock.now()
    const push = (input: Input): void => this.#pushIn(directories, input)
    if (kind === 'silent') return push({ kind: 'server-silent', at, forMs: notice.forMs, endsAtMs: notice.endsAtMs })
    if (kind === 'answers') return push({ kind: 'server-answers', at })
    if (kind === 'brings') return push({ kind: 'programs-found', at, programs: notice.programs })
    if (kind === 'lost') push({ kind: 'server-ended', at })
    push({ kind: 'resume', at })
  }

  #pushIn(directories: readonly string[], input: Input): void {
    const concerned = new Set(directories)
    for (const conversation of this.#conversations.all()) {
      // Conversations that are still loading read the session anyway; loaded ones get the input behind their queued ones, an outcome among them.
      const { state } = conversation
      if (state && (concerned.has(state.directory) || concerned.has(projectFolderOf(state)))) conversation.push(input)
    }
  }
}

const offersOf = (deps: BotDeps, timers: KeyedTimers): Offers =>
  new Offers({ ...deps, records: deps.store.commands, timers, declared: (offered) => declaredIn(COMMANDS, offered) })
