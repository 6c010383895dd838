/**
 * One conversation's inputs, from its mailbox to what is done about them:
 *
 *   mailbox ─▶ transaction (step ─▶ plan posts ─▶ close turn) ─▶ commit (if anything is to be remembered) ─▶ effects, actions, posts
 *
 * The runner owns the state between inputs; whoever acts for the conversation sees it through `ConversationHandle` and answers with inputs.
 *
 * Invariants
 *  R1. One input at a time: the next one is taken when the one before has been committed and acted upon.
 *  R2. Nothing is acted upon before its commit has resolved.
 *  R3. A throw drops the state; it is read again from its rows, and the rows of the inbox that were not done run again (`dead-letter.ts`).
 *  R4. What has thrown three times is put aside with a notice: a message is told, an effect counts as failed, and a session that cannot be
 *      taken in as one that cannot be read. Where even that throws, the notice is posted past the state.
 *  R5. An `AbortError` is no defect: the bot stops, and what was not committed is found again at the next start.
 *  R6. A slash command is decided once the session has been read: after a start, or a gap in the stream, the replica does not tell what runs. One
 *      that asks nothing of it is decided at once.
 */
import type { Clock } from '../../base/clock.ts'
import { isAbortError } from '../../base/errors.ts'
import type { AgentEvent } from '../../domain/agent.ts'
import { projectFolderOf } from '../../domain/conversation/features/place/worktree.ts'
import { isBusyBeside } from '../../domain/conversation/close-turn.ts'
import type { Action, Effect } from '../../domain/conversation/effect.ts'
import type { HeldBy } from '../../domain/conversation/feature.ts'
import type { Input } from '../../domain/conversation/input.ts'
import { isStale, type EditablePost, type Post } from '../../domain/conversation/posts/post.ts'
import { asks, isWaiting } from '../../domain/conversation/features/asks/asks.ts'
import { isAskedForFiles } from '../../domain/conversation/features/asks/file-upload.ts'
import { isWorking } from '../../domain/conversation/run/derive.ts'
import { askedTogether } from '../../domain/conversation/gates.ts'
import { isSubmitted } from '../../domain/conversation/prompt.ts'
import { waitsForRoom } from '../../domain/conversation/run/submit.ts'
import { preferenceChanges } from '../../domain/models/preferences.ts'
import { beginConversation, type Conversation } from '../../domain/conversation/state.ts'
import type { Rules } from '../../domain/conversation/step.ts'
import { takeOver, type TakenOver } from '../../domain/conversation/features/commands/taken-over.ts'
import type { Log } from '../../ports/host.ts'
import type { InboxRow, StorePort } from '../../ports/store.ts'
import type { Block, Outgoing } from '../../view/blocks.ts'
import { deadLetterText } from '../../view/text/notice.ts'
import type { Allowances } from '../allowances.ts'
import type { Offers } from '../offers/offers.ts'
import type { CommitQueue } from '../commit-queue.ts'
import type { ChannelPreferences } from '../preferences/channel-preferences.ts'
import type { Retry } from '../retry.ts'
import type { Verbosities } from '../preferences/verbosities.ts'
import { ATTEMPTS, Defects, fallbackPost, inputOf, nameOf } from './dead-letter.ts'
import { UNKNOWN, type Capacity, type Doing } from './capacity.ts'
import type { ConversationHandle } from './handle.ts'
import { Mailbox } from './mailbox.ts'
import { OutboxPump } from './outbox-pump.ts'
import { transact, type Transaction } from './transaction.ts'

/** Inputs that come again by themselves, from the session. */
const FROM_SESSION: readonly Input['kind'][] = ['agent', 'snapshot', 'report', 'alarm']

export interface RunnerDeps {
  readonly store: Pick<StorePort, 'installId' | 'load' | 'conversationOfSession'>
  readonly commits: Pick<CommitQueue, 'commit'>
  readonly clock: Clock
  readonly log: Log
  readonly retry: Pick<Retry, 'pause'>
  readonly verbosities: Pick<Verbosities, 'of' | 'isOwn' | 'set'>
  readonly preferences: Pick<ChannelPreferences, 'of' | 'apply'>
  readonly rules: Omit<Rules, 'hasRoom' | 'allowed' | 'verbosity' | 'isVerbosityOwn' | 'preferences' | 'offered'>
  readonly allowances: Pick<Allowances, 'of' | 'apply'>
  readonly offers: Pick<Offers, 'of'>
  readonly capacity: Pick<Capacity, 'hasRoomFor' | 'update'>
  readonly layout: (blocks: readonly Block[]) => readonly Outgoing[]
  /** Takes secrets out of what is to be posted. */
  readonly clean: (text: string) => string
  readonly act: Acting
  /** Is told of everything the agent of a conversation says. */
  readonly heard?: (conversation: ConversationHandle, event: AgentEvent) => void
}

/** Called after the commit, with the state it made durable. */
export interface Acting {
  /** `isRetry`: found on record after a restart. */
  effect(conversation: ConversationHandle, effect: Effect, isRetry: boolean): void
  action(conversation: ConversationHandle, action: Action): void
  create(conversation: ConversationHandle, post: Post, mayBePosted: boolean): void
  edit(conversation: ConversationHandle, post: EditablePost): void
  changed(conversation: ConversationHandle): void
  /** Discord has confirmed a post. */
  posted(conversation: ConversationHandle): void
}

interface Work {
  readonly input: Input
  readonly row: InboxRow | undefined
}

export class ConversationRunner implements ConversationHandle {
  readonly id: string
  readonly #deps: RunnerDeps
  readonly #mailbox: Mailbox<Work>
  readonly #outbox: OutboxPump
  readonly #defects: Defects
  readonly #heldBy: HeldBy
  readonly #recordings = new Set<AgentEvent[]>()
  #state: Conversation | undefined
  #takenOver: TakenOver | undefined
  #isLoaded = false
  /** Keys of effects whose outcome is still to come. */
  readonly #underWay = new Set<string>()
  /** Commands that wait until the session has been read (R6). Their rows are not done. */
  readonly #untilRead: Work[] = []
  /** Order of the newest inbox row that was admitted. */
  #newestRow = 0
  #touchedAt: number

  constructor(id: string, deps: RunnerDeps) {
    this.id = id
    this.#deps = deps
    this.#touchedAt = deps.clock.now()
    this.#defects = new Defects(deps.clock)
    this.#heldBy = askedTogether(deps.rules.features).heldBy
    this.#mailbox = new Mailbox(
      async () => this.#isLoaded || this.#reload(),
      async (work) => this.#take(work),
      (error) => this.#logDefect('a conversation stopped', error),
    )
    this.#outbox = new OutboxPump({
      create: (post, mayBePosted) => deps.act.create(this, post, mayBePosted),
      edit: (post) => deps.act.edit(this, post),
    })
  }

  get state(): Conversation | undefined {
    return this.#state
  }

  /**
   * Nothing of it is under way: it may be dropped from memory. An effect's outcome comes back to this very runner, whose state would be old
   * if another had taken its place meanwhile.
   */
  get isIdle(): boolean {
    if (!this.#mailbox.isIdle || this.#underWay.size > 0) return false
    if (!this.#state) return true
    const { posts } = this.#state
    const isActive = this.#untilRead.length > 0 || isWorking(this.#state) || isBusyBeside(this.#state, this.#deps.rules.features)
    return !isActive && posts.outbox.length === 0 && !posts.editable.some(isStale)
  }

  /** Unix ms of the last input. */
  get touchedAt(): number {
    return this.#touchedAt
  }

  push(input: Input): void {
    if (input.kind === 'agent') for (const events of this.#recordings) events.push(input.event)
    if (input.kind === 'outcome') this.#underWay.delete(input.effect.key)
    this.#touchedAt = this.#deps.clock.now()
    this.#mailbox.push({ input, row: undefined })
  }

  accept(row: InboxRow): void {
    if (row.order > this.#newestRow) this.#admit(row)
    this.#touchedAt = this.#deps.clock.now()
    this.#mailbox.start()
  }

  recordEvents(): { readonly events: readonly AgentEvent[]; end(): void } {
    const events: AgentEvent[] = []
    this.#recordings.add(events)
    return { events, end: () => void this.#recordings.delete(events) }
  }

  /** Resolves when nothing is being stepped or committed; no further input is taken. */
  async stop(): Promise<void> {
    await this.#mailbox.stop()
  }

  async #reload(): Promise<boolean> {
    try {
      if (this.#defects.pauseMs > 0) await this.#deps.retry.pause(this.#defects.pauseMs)
      if (!this.#mailbox.isStopped) await this.#load()
    } catch (error) {
      if (isAbortError(error)) throw error
      // It may have thrown half-way through the rows.
      this.#isLoaded = false
      this.#deps.capacity.update(this.id, UNKNOWN)
      this.#defects.record()
      this.#logDefect('the rows of a conversation cannot be read', error)
    }
    return this.#isLoaded
  }

  async #load(): Promise<void> {
    const { store, clock, preferences } = this.#deps
    const found = await store.load(this.id)
    this.#isLoaded = true
    this.#takenOver = found.takenOver
    this.#state = found.state && { ...found.state, preferences: preferences.of(found.state.channelId) }
    const rows = new Set(found.inbox.map(({ order }) => order))
    this.#untilRead.length = 0
    const waiting = this.#mailbox.takeAll().filter(({ row }) => !row || !rows.has(row.order))
    for (const row of found.inbox) this.#admit(row)
    this.#mailbox.add(...waiting)
    for (const effect of found.effects) {
      if (this.#defects.isDeadLetter(effect.key)) this.#mailbox.add({ input: this.#failed(effect), row: undefined })
      else this.#begin(effect, true)
    }
    this.#outbox.pump(this.#state, true)
    if (!this.#state) return
    const isPoisoned = FROM_SESSION.some((kind) => this.#defects.isDeadLetter(kind))
    this.#mailbox.add({ input: isPoisoned ? this.#unreadable() : { kind: 'resume', at: clock.now() }, row: undefined })
  }

  #begin(effect: Effect, isRetry: boolean): void {
    this.#underWay.add(effect.key)
    this.#deps.act.effect(this, effect, isRetry)
  }

  #failed(effect: Effect): Input {
    const outcome = { kind: 'failed', text: deadLetterText() }
    return { kind: 'outcome', at: this.#deps.clock.now(), effect, outcome }
  }

  #unreadable(): Input {
    this.#defects.forget(...FROM_SESSION)
    return { kind: 'unreadable', at: this.#deps.clock.now(), text: deadLetterText(), final: true }
  }

  #admit(row: InboxRow): void {
    this.#newestRow = Math.max(this.#newestRow, row.order)
    const input = inputOf(row)
    if (input) this.#mailbox.add({ input, row })
    else this.#markDone(row)
  }

  #markDone({ order }: InboxRow): void {
    this.#deps.commits.commit({ done: [order] }).catch((error: unknown) => {
      if (!isAbortError(error)) this.#logDefect('a dead letter could not be put aside', error)
    })
  }

  async #take(work: Work): Promise<void> {
    try {
      await this.#decide(work)
    } catch (error) {
      if (isAbortError(error)) throw error
      await this.#defect(work, error)
    }
  }

  async #decide(work: Work): Promise<void> {
    const { input, row } = work
    const before = this.#state
    const current = before ?? (row && this.#begun(row))
    if (!current) return this.#deps.capacity.update(this.id, UNKNOWN)
    if (this.#waitsForSession(input, current)) return void this.#untilRead.push(work)
    const { layout, clean, capacity, allowances, verbosities, preferences } = this.#deps
    const { channelId } = current
    const inForce = this.#rulesFor(current)
    const transaction = transact(before, current, input, { layout, clean, rules: inForce })
    const { rows, after } = transaction
    capacity.update(this.id, this.#doing(after))
    // A person has chosen it, for the whole channel, or for all.
    const chosen = after.verbosity === inForce.verbosity ? undefined : { channelId, level: after.verbosity }
    const preferred = preferenceChanges(channelId, inForce.preferences, after.preferences)
    const batch = {
      ...(rows && { conversation: rows }),
      ...(row && { done: [row.order] }),
      ...(chosen && { verbosity: chosen }),
      ...(preferred.length > 0 && { preferences: preferred }),
    }
    if (rows || row) await this.#deps.commits.commit(batch)
    if (chosen) verbosities.set(channelId, chosen.level)
    preferences.apply(preferred)
    this.#state = after
    allowances.apply(projectFolderOf(current), transaction.change.allowances)
    this.#act(transaction, input)
  }

  #rulesFor(state: Conversation) {
    const { channelId, directory } = state
    const { rules, capacity, allowances, offers, verbosities, preferences } = this.#deps
    return {
      ...rules,
      verbosity: verbosities.of(channelId),
      isVerbosityOwn: verbosities.isOwn(channelId),
      preferences: preferences.of(channelId),
      hasRoom: capacity.hasRoomFor(this.id),
      allowed: allowances.of(projectFolderOf(state)),
      offered: offers.of(directory),
    }
  }

  #doing(state: Conversation): Doing {
    if (state.turn.prompts.length === 0) return UNKNOWN
    // An agent that waits for a person works at nothing, and may wait for days.
    const works = state.turn.prompts.some(isSubmitted) && !asks.of(state).asks.some(isWaiting) && !isAskedForFiles(state)
    return { works, waits: works ? undefined : waitsForRoom(state, this.#heldBy) }
  }

  #begun({ conversation, at }: InboxRow): Conversation {
    const { store, verbosities, preferences } = this.#deps
    const { channelId } = conversation
    const inChannel = { verbosity: verbosities.of(channelId), preferences: preferences.of(channelId) }
    const begun = beginConversation({ ...conversation, ...inChannel, install: store.installId })
    return this.#takenOver ? takeOver(begun, this.#takenOver, at) : begun
  }

  #act({ change, turnClosed }: Transaction, input: Input): void {
    const { act, clock } = this.#deps
    this.#defects.forget(nameOf(input))
    this.#outbox.took(input)
    for (const effect of change.effects) this.#begin(effect, false)
    for (const action of change.actions) act.action(this, action)
    this.#outbox.pump(this.#state, false)
    act.changed(this)
    if (input.kind === 'posted') act.posted(this)
    if (this.#state?.turn.isSynced) this.#mailbox.add(...this.#untilRead.splice(0))
    // What has waited for the end of the turn goes on.
    if (turnClosed && this.#state && isBusyBeside(this.#state, this.#deps.rules.features))
      this.#mailbox.add({ input: { kind: 'turn-closed', at: clock.now() }, row: undefined })
  }

  #waitsForSession(input: Input, { turn }: Conversation): boolean {
    const { decidesUnread } = this.#deps.rules
    if (turn.isSynced) return false
    return input.kind === 'stop-asked' || (input.kind === 'command' && !input.isMissed && !decidesUnread(input.command.name))
  }

  async #defect({ row, input }: Work, error: unknown): Promise<void> {
    this.#defects.record(nameOf(input))
    const reason = this.#logDefect(`a conversation could not take an input (${input.kind}); its state is read again`, error)
    this.#outbox.took(input)
    const { commits } = this.#deps
    if (row && row.tries < ATTEMPTS) await commits.commit({ tried: { order: row.order, error: reason } })
    else if (row) await commits.commit({ done: [row.order], ...fallbackPost(row, this.#state) })
    this.#state = undefined
    this.#isLoaded = false
    this.#deps.capacity.update(this.id, UNKNOWN)
  }

  #logDefect(what: string, error: unknown): string {
    const reason = error instanceof Error ? (error.stack ?? error.message) : String(error)
    if (!isAbortError(error)) this.#deps.log.error(what, { conversation: this.id, error: reason })
    return reason
  }
}
