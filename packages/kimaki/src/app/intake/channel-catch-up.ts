/**
 * Reads the past of one project channel and its threads over REST, from their cursors on.
 *
 *   marking ─▶ listing ─▶ reading ─▶ done
 *
 *   marking   where its news begin goes on record as the channel's mark
 *   listing   Discord names the threads that may hold news
 *   reading   the channel and its older threads page by page, then the young threads; the mark goes when all are read
 *
 * Invariants
 *  C1. The mark is on record before the channel's cursor moves, and until its threads have been read too: a cursor that has moved hides
 *      threads that were archived before it.
 *  C2. Threads younger than the mark are read after the channel: one of them may have begun with a message that was not read yet.
 *  C3. Where Discord does not answer, `advance` comes back, and goes on later from the page it stopped at.
 *  C4. A place is reported as read when everything found in it is on record, so that its cursor moves without gaps.
 *  C5. Where a live message waits is read next, before places in which only old ones may stand.
 */
import { ChatUnknown } from '../../base/errors.ts'
import { mapConcurrently, wantedFirst } from '../../base/concurrent.ts'
import { compareSnowflakes } from '../../base/ids.ts'
import { untilAborted } from '../../base/sleep.ts'
import type { AccessFacts } from '../../domain/access.ts'
import type { IncomingMessage } from '../../domain/message/incoming.ts'
import type { CatchUpPage, ChatError, ChatPort, EmptyMessage, MarkedMessage } from '../../ports/chat.ts'
import type { Log } from '../../ports/host.ts'
import type { CommitQueue } from '../commit-queue.ts'

/** Threads of one channel that are read at a time. Discord's limits are per channel; the order within one is kept. */
const THREADS_AT_ONCE = 8

/** Whom the reading reports to. */
export interface CatchUpReports {
  /** Resolves when the message is on record, or is not for us. */
  found(message: IncomingMessage, access: AccessFacts): Promise<void>
  /** Resolves when its channel is being told that nothing was in it, if it is. */
  empty(message: EmptyMessage): Promise<void>
  marked(message: MarkedMessage): Promise<void>
  /** The threads of the channel are known: these places are to be read, the channel among them. */
  listed(channelId: string, placeIds: readonly string[]): void
  /** The past of this place has been read. */
  read(channelId: string, placeId: string): void
}

interface ChannelCatchUpDeps {
  readonly chat: Pick<ChatPort, 'newestIn' | 'threadsSince' | 'readAfter'>
  readonly commits: Pick<CommitQueue, 'commit'>
  readonly log: Log
  readonly reports: CatchUpReports
  /** By channel or thread: the newest message that has been looked at. */
  readonly cursors: ReadonlyMap<string, string>
  /** By channel: the mark that an earlier reading left. */
  readonly marks: ReadonlyMap<string, string>
  /** Does a live message wait for this place? */
  readonly isAwaited: (placeId: string) => boolean
  /** Nobody wants the reading any more. */
  readonly signal: AbortSignal
}

interface Thread {
  readonly id: string
  readonly isYoung: boolean
}

type State = 'marking' | 'listing' | 'reading' | 'done'

const NOTHING_MORE: CatchUpPage = { messages: [], lastId: undefined, more: false }

export class ChannelCatchUp {
  readonly channelId: string
  readonly #deps: ChannelCatchUpDeps
  #state: State = 'marking'
  /** Where news begin. */
  #mark: string
  #threads: readonly Thread[] = []
  /** By channel or thread that is still to be read: read up to here. */
  readonly #unread = new Map<string, string>()
  #found = 0

  constructor(channelId: string, deps: ChannelCatchUpDeps) {
    this.channelId = channelId
    this.#mark = channelId
    this.#deps = deps
  }

  /** Messages that were found until now. */
  get found(): number {
    return this.#found
  }

  /** Goes on until everything is read, or Discord gives no answer (C3). Rejects with an `AbortError` once nobody wants it any more. */
  async advance(): Promise<undefined | ChatUnknown> {
    while (this.#state !== 'done') {
      const next = await this.#step(this.#state)
      if (next instanceof ChatUnknown) return next
      this.#state = next
    }
    return undefined
  }

  #step(state: Exclude<State, 'done'>): Promise<State | ChatUnknown> {
    if (state === 'marking') return this.#begin()
    return state === 'listing' ? this.#list() : this.#read()
  }

  /** A channel that was linked while Discord could not be asked begins with the first message that Discord can be asked about. */
  async #begin(): Promise<State | ChatUnknown> {
    const { chat, commits, cursors, marks } = this.#deps
    const { channelId } = this
    const cursor = cursors.get(channelId)
    const begin = marks.get(channelId) ?? cursor ?? (await this.#ask(channelId, chat.newestIn(channelId), channelId))
    if (begin instanceof ChatUnknown) return begin
    await commits.commit({
      cursors: cursor === undefined ? [{ channelId, messageId: begin }] : [],
      unread: { begin: [{ channelId, since: begin }] },
    })
    this.#mark = begin
    this.#unread.set(channelId, cursor ?? begin)
    return 'listing'
  }

  async #list(): Promise<State | ChatUnknown> {
    const { chat, cursors, reports } = this.#deps
    const mark = this.#mark
    const listing = chat.threadsSince([this.channelId], () => mark)
    const threads = await this.#ask(this.channelId, listing, [])
    if (threads instanceof ChatUnknown) return threads
    this.#threads = threads.map(({ id }) => ({ id, isYoung: compareSnowflakes(id, mark) > 0 }))
    for (const { id, isYoung } of this.#threads) this.#unread.set(id, cursors.get(id) ?? (isYoung ? id : mark))
    reports.listed(this.channelId, [...this.#unread.keys()])
    return 'reading'
  }

  async #read(): Promise<State | ChatUnknown> {
    const older = this.#threads.filter(({ isYoung }) => !isYoung).map(({ id }) => id)
    const young = this.#threads.filter(({ isYoung }) => isYoung).map(({ id }) => id)
    const delayed = await this.#readPlaces([this.channelId, ...older])
    const isChannelRead = !this.#unread.has(this.channelId)
    const delayedYoung = isChannelRead ? await this.#readPlaces(young) : undefined
    if (delayed ?? delayedYoung) return delayed ?? delayedYoung ?? this.#state
    await this.#deps.commits.commit({ unread: { end: [this.channelId] } })
    return 'done'
  }

  /** Reads those of the places that are unread; the answer is that of the first place where Discord gave none. */
  async #readPlaces(placeIds: readonly string[]): Promise<undefined | ChatUnknown> {
    const unread = placeIds.filter((placeId) => this.#unread.has(placeId))
    const next = wantedFirst(unread, this.#deps.isAwaited)
    const answers = await mapConcurrently(unread, THREADS_AT_ONCE, () => this.#readPlace(next()))
    return answers.find((answer) => answer !== undefined)
  }

  async #readPlace(placeId: string): Promise<undefined | ChatUnknown> {
    const { chat, reports, signal } = this.#deps
    for (let after = this.#unread.get(placeId); after !== undefined; after = this.#unread.get(placeId)) {
      const page = await this.#ask(placeId, chat.readAfter(placeId, after), NOTHING_MORE)
      if (page instanceof ChatUnknown) return page
      for (const { message, access } of page.messages) {
        signal.throwIfAborted()
        await reports.found(message, access)
        this.#found += 1
      }
      for (const message of page.marked ?? []) await reports.marked(message)
      for (const message of page.empty ?? []) await reports.empty(message)
      if (page.more && page.lastId !== undefined) this.#unread.set(placeId, page.lastId)
      else this.#end(placeId)
    }
    return undefined
  }

  #end(placeId: string): void {
    this.#unread.delete(placeId)
    this.#deps.reports.read(this.channelId, placeId)
  }

  /** `otherwise` stands for the answer where the place is gone or may not be read: nothing is to be waited for. */
  async #ask<T>(placeId: string, asked: Promise<T | ChatError>, otherwise: T): Promise<T | ChatUnknown> {
    const { log, signal } = this.#deps
    const answer = await untilAborted(asked, signal)
    if (!(answer instanceof Error) || answer instanceof ChatUnknown) return answer
    log.warn('cannot be read while catching up', { channel: placeId, code: answer.code, reason: answer.reason })
    return otherwise
  }
}
