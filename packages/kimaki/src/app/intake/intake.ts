/**
 * Accepting: what Discord says becomes an inbox row before anything happens because of it.
 *
 *   event ─▶ queue ─▶ must it wait? ── yes ─▶ HoldBack ──┐
 *                          │ no                           │ its place was read: judged again
 *                          ▼                              │
 *                        judge ◀──────────────────────────┘         (acceptances.ts: the table)
 *     pass, refuse, tell ◀─┤
 *             show-modal ◀─┤
 *         thread-changed ◀─┤ record
 *                          ▼
 *                  commitAcceptances ── COMMIT ─▶ deliver, per conversation: [defer ─▶ receipt ─▶] accept
 *                          ▲
 *                          │ found
 *   fresh ─▶ HoldBack ─▶ CatchUp ── listed, read ─▶ queue ─▶ HoldBack (its states stand in holdback.ts)
 *
 * The intake owns the order: one queue for events and for what catch-up reports, one way onto the record. HoldBack decides what waits,
 * Checkpoint which gateway position may be on record, CatchUp reads. They call nothing of the intake but the reports of catch-up.
 *
 * Invariants
 *  I1. Events are judged one after the other, in the order of the gateway. Their commits are not awaited, yet begun in that order.
 *  I2. No conversation hears of an event, and Discord gets no acknowledgement, before its rows are on record.
 *  I3. A gateway position is on record only together with, or after, everything that stands before it: none is written while anything
 *      is held back, and none behind an event that was given up because the bot stops.
 *  I4. A message in a place whose past is being read goes on record behind that past; messages of other places do not wait.
 *  I5. A conversation gets its rows in the order of the record, however long Discord takes to acknowledge a command.
 *  I6. A command reaches its conversation only with its receipt on record.
 *  I7. Only the newest run of catch-up counts: what an older one lists or has read would let live messages pass what was missed since.
 */
import { isAbortError } from '../../base/errors.ts'
import type { Clock } from '../../base/clock.ts'
import { SerialQueue } from '../../base/serial.ts'
import type { AccessFacts } from '../../domain/access.ts'
import type { IncomingMessage } from '../../domain/message/incoming.ts'
import type { Settings } from '../../domain/settings.ts'
import type { ChatError, ChatEvent, ChatPort, GatewayPosition, Place } from '../../ports/chat.ts'
import type { Log } from '../../ports/host.ts'
import type { InboxRow, StorePort } from '../../ports/store.ts'
import type { CommitQueue } from '../commit-queue.ts'
import type { Retry } from '../retry.ts'
import type { UnrecordedWords } from '../unrecorded-words.ts'
import { judge, judgeMessage, SAID, type Answer, type CommandRule, type Recorded, type Surroundings } from './acceptances.ts'
import type { ThreadChange, Verdict } from './acceptances.ts'
import { CatchUp } from './catch-up.ts'
import type { CatchUpReports } from './channel-catch-up.ts'
import { Checkpoint } from './checkpoint.ts'
import type { Delivery } from './delivery.ts'
import { HoldBack, isHoldable, placeOf, type HeldEvent } from './holdback.ts'
import { Pace } from './pace.ts'
import type { Projects } from './projects.ts'
import type { Proposals } from './proposals.ts'
import type { OwnMessage } from './other-instance.ts'
import { obtainReceipt } from './receipt.ts'
import { Bursts } from './too-fast.ts'

export interface IntakeDeps {
  readonly chat: Pick<
    ChatPort,
    'acknowledge' | 'refuse' | 'showModal' | 'propose' | 'defer' | 'post' | 'edit' | 'newestIn' | 'threadsSince' | 'readAfter'
  >
  readonly store: Pick<StorePort, 'hasConversation' | 'saidIn' | 'cursors' | 'unread'>
  readonly commits: Pick<CommitQueue, 'commit'>
  readonly projects: Pick<Projects, 'of' | 'all'>
  /** The slash commands that this version knows, by name. */
  readonly commands: Pick<ReadonlyMap<string, CommandRule>, 'get' | 'values'>
  /** In this project channel only messages count that mention the bot. */
  readonly needsMention: (channelId: string) => boolean
  /** Never rejects. */
  readonly proposals: Pick<Proposals, 'of'>
  readonly unrecorded: Pick<UnrecordedWords, 'keep'>
  /** To the conversations, once a row is on record. */
  readonly delivery: Delivery
  /** A thread was deleted or renamed: only a conversation that is awake has to know. */
  readonly onThreadChange: (threadId: string, change: ThreadChange) => void
  /** Guilds, channels or threads are not what they were: what was refused there may be allowed now. */
  readonly onPlaceChange: (ids: readonly string[]) => void
  /** Our own user has written in a thread. */
  readonly onOwnMessage: (message: OwnMessage) => void
  readonly clock: Clock
  readonly log: Log
  readonly settings: Pick<Settings, 'threadsPerMinute' | 'guestApproval'>
  /** Its signal says that the bot stops. */
  readonly retry: Retry
}

export class Intake {
  readonly #deps: IntakeDeps
  readonly #queue = new SerialQueue()
  readonly #holdBack = new HoldBack()
  readonly #checkpoint: Checkpoint
  readonly #catchUp: CatchUp
  readonly #surroundings: Surroundings
  readonly #bursts: Bursts
  readonly #commits = new Set<Promise<void>>()
  /** Conversations whose rows are on their way onto the record. */
  readonly #arriving = new Set<string>()
  /** The newest run of catch-up: a newer one ends it (I7). */
  #run = new AbortController()

  constructor(deps: IntakeDeps) {
    const { clock, commits, commands, needsMention, projects, settings } = deps
    this.#deps = deps
    this.#bursts = new Bursts(deps)
    this.#catchUp = new CatchUp(deps)
    this.#checkpoint = new Checkpoint({
      clock,
      isHolding: () => this.#holdBack.isHolding,
      write: async (batch) => this.#track(commits.commit(batch)),
    })
    this.#surroundings = {
      projectOf: (channelId) => projects.of(channelId),
      hasConversation: (id) => this.#hasConversation(id),
      saidIn: (channelId) => this.#saidIn(channelId),
      commands,
      needsMention,
      pace: new Pace(settings.threadsPerMinute),
      guestApproval: settings.guestApproval,
      now: () => clock.now(),
    }
  }

  /** Takes every event of Discord, in the order of the gateway. */
  onEvent(event: ChatEvent): void {
    this.#inOrder(async () => {
      if (event.kind === 'fresh') this.#beginCatchUp(event.position)
      else if (isHoldable(event)) await this.#holdOrJudge(event)
      else this.#carryOut(await judge(event, this.#surroundings), event.position)
    })
  }

  /** Is the past of this channel or thread still to be read? What is written there waits. */
  isReadingPast(place: Pick<Place, 'channelId' | 'projectChannelId'>): boolean {
    return this.#holdBack.isHeld(place)
  }

  /** Resolves when nothing is under way any more. Call it when the bot stops, once Discord sends no more events. */
  async stop(): Promise<void> {
    this.#run.abort()
    await this.#catchUp.drained()
    await this.#queue.drained()
    await Promise.all(this.#commits)
    await this.#deps.delivery.drained()
    await this.#bursts.drained()
    await this.#checkpoint.stop()
  }

  async #holdOrJudge(event: HeldEvent): Promise<void> {
    // What waited has no position any more: catch-up, or a later event, brings one.
    const isHeld = await this.#holdBack.takes({ ...event, position: undefined }, this.#surroundings.hasConversation)
    if (isHeld) {
      this.#catchUp.hurry(placeOf(event))
      this.#checkpoint.passed(event.position)
    } else this.#carryOut(await judge(event, this.#surroundings), event.position)
  }

  #carryOut(verdict: Verdict, position: GatewayPosition | undefined): void {
    if (verdict.kind === 'record') return void this.#track(this.#commitAcceptances(verdict, position))
    this.#checkpoint.passed(position)
    if (verdict.kind === 'refuse') this.#tell(this.#deps.chat.refuse(verdict.interaction, verdict.text))
    if (verdict.kind === 'show-modal') this.#tell(this.#deps.chat.showModal(verdict.interaction, verdict.modal))
    if (verdict.kind === 'propose') this.#tell(this.#propose(verdict))
    if (verdict.kind === 'tell') this.#tell(this.#say(verdict))
    if (verdict.kind === 'place-changed') this.#deps.onPlaceChange(verdict.ids)
    if (verdict.kind === 'own-message') this.#deps.onOwnMessage(verdict)
    if (verdict.kind === 'thread-changed') this.#deps.onThreadChange(verdict.threadId, verdict.change)
  }

  /** The one way onto the record. Resolves when it is there. */
  async #commitAcceptances(recorded: Recorded, position: GatewayPosition | undefined): Promise<void> {
    const { accept, cursors, answer, deadDispatch, tooFast, unrecorded } = recorded
    if (unrecorded) this.#deps.unrecorded.keep(unrecorded.pressId, unrecorded.words)
    const ids = accept.map(({ conversation }) => conversation.id)
    for (const id of ids) this.#arriving.add(id)
    try {
      const dead = deadDispatch && { deadDispatch }
      const batch = { accept, cursors, position: this.#checkpoint.forCommit(position), ...dead }
      const rows = await this.#deps.commits.commit(batch)
      const prepare = this.#receiptFor(answer)
      for (const row of rows) this.#deps.delivery.deliver(row, prepare)
    } finally {
      for (const id of ids) this.#arriving.delete(id)
    }
    if (tooFast) this.#bursts.add(tooFast)
    if (answer?.kind === 'acknowledge') this.#tell(this.#deps.chat.acknowledge(answer.interaction))
  }

  /** What a command waits for on its way to its conversation (I6); what stands behind it there waits with it (I5). */
  #receiptFor(answer: Answer | undefined): ((row: InboxRow) => Promise<InboxRow | undefined>) | undefined {
    if (answer?.kind !== 'defer') return undefined
    const { chat, clock, commits, log, retry } = this.#deps
    return async (row) => obtainReceipt(row, answer, { chat, clock, commits, log, signal: retry.signal })
  }

  #beginCatchUp(position: GatewayPosition): void {
    const { projects, retry } = this.#deps
    const channelIds = projects.all().map(({ channelId }) => channelId)
    this.#run.abort()
    this.#run = new AbortController()
    const { signal } = this.#run
    this.#holdBack.hold(channelIds)
    this.#checkpoint.passed(position)
    void this.#checkpoint.write()
    this.#catchUp.begin(channelIds, this.#reportsOf(signal), AbortSignal.any([signal, retry.signal]))
  }

  #reportsOf(run: AbortSignal): CatchUpReports {
    return {
      found: async (message, access) => this.#found(message, access),
      empty: async (message) =>
        this.#carryOut(
          await judge({ kind: 'unread', why: 'empty', ...message, position: undefined }, this.#surroundings),
          undefined,
        ),
      marked: async (message) =>
        this.#carryOut(await judge({ kind: 'marked', ...message, position: undefined }, this.#surroundings), undefined),
      listed: (channelId, placeIds) => this.#handBack(run, () => this.#holdBack.listed(channelId, placeIds)),
      read: (channelId, placeId) => this.#handBack(run, () => this.#holdBack.read(channelId, placeId)),
    }
  }

  /** A message that can never be written is passed over, or catch-up would find it for ever. */
  async #found(message: IncomingMessage, access: AccessFacts): Promise<void> {
    const verdict = await judgeMessage({ message, access }, this.#surroundings)
    await this.#commitAcceptances(verdict, undefined).catch((error: unknown) => {
      if (isAbortError(error)) throw error
      this.#notRecorded(error)
    })
  }

  /** What is handed back is judged again: it may have to wait for another place now. */
  #handBack(run: AbortSignal, release: () => readonly HeldEvent[]): void {
    this.#inOrder(async () => {
      if (run.aborted) return
      for (const event of release()) await this.#holdOrJudge(event).catch(this.#givenUp)
      // Not a second later: a process that is killed before begins a new session, and Discord counts those.
      void this.#checkpoint.write()
    })
  }

  /** A message whose place is not known yet must not be passed over. */
  async #hasConversation(id: string): Promise<boolean> {
    return this.#arriving.has(id) || this.#ask(async () => this.#deps.store.hasConversation(id))
  }

  /** A burst of bots must not be through before its rows are on record. */
  async #saidIn(channelId: string): ReturnType<StorePort['saidIn']> {
    await Promise.all(this.#commits)
    return this.#ask(async () => this.#deps.store.saidIn(channelId))
  }

  /** Asked until the database answers. */
  async #ask<T>(question: () => Promise<T>): Promise<T> {
    const { log, retry } = this.#deps
    return retry.until(async () =>
      question().catch((error: unknown) => {
        log.error('the database cannot be read', { error: String(error) })
        return undefined
      }),
    )
  }

  #inOrder(work: () => Promise<void>): void {
    this.#queue.run(work).catch(this.#givenUp)
  }

  readonly #givenUp = (error: unknown): void => {
    // The event is told again to the next process, which asks from the last position on record (I3).
    if (isAbortError(error)) this.#checkpoint.freeze()
    this.#logged('an event of Discord could not be taken in')(error)
  }

  readonly #notRecorded = (error: unknown): void => this.#logged('what Discord said could not be put on record')(error)

  /** Never rejects; `stop` waits for it. */
  async #track(commit: Promise<unknown>): Promise<void> {
    const ended = commit.then(() => undefined, this.#notRecorded)
    this.#commits.add(ended)
    await ended
    this.#commits.delete(ended)
  }

  /** Nobody else waits for it. */
  async #propose({ query, directory }: Extract<Verdict, { kind: 'propose' }>): Promise<undefined | ChatError> {
    const { chat, proposals } = this.#deps
    return chat.propose(query, directory === undefined ? [] : await proposals.of(query, directory))
  }

  /** The nonce is the message's: told again by a RESUME, it is answered once. */
  async #say({ channelId, messageId, text }: Extract<Verdict, { kind: 'tell' }>): Promise<undefined | ChatError> {
    const message = { blocks: [], content: text, file: undefined, notify: false }
    const posted = await this.#deps.chat.post(channelId, message, `${SAID}${messageId}`)
    return posted instanceof Error ? posted : undefined
  }

  /** A person is told if Discord takes it; nothing depends on that. */
  #tell(answer: Promise<undefined | ChatError>): void {
    const tell = async (): Promise<void> => {
      const error = await answer
      if (error) this.#deps.log.warn('Discord did not take an answer', { reason: error.message })
    }
    tell().catch(this.#logged('somebody could not be answered'))
  }

  /** Logs a defect under these words; a stop is none. */
  #logged(what: string): (error: unknown) => void {
    return (error) => {
      if (!isAbortError(error)) this.#deps.log.error(what, { error: String(error) })
    }
  }
}
