/**
 * Boards that are kept up to date: one message of ours in a project channel, on record. It is edited when something in the project has
 * changed, at most every 10 s, and once after each start. A message that is gone ends its board.
 */
import type { Clock } from '../../base/clock.ts'
import { ChatForbidden, ChatUnknown, isAbortError } from '../../base/errors.ts'
import { KeyedTimers } from '../../base/keyed-timers.ts'
import { boardOf } from '../../domain/conversation/inquiry/board.ts'
import type { ChatPort } from '../../ports/chat.ts'
import type { Log } from '../../ports/host.ts'
import type { StorePort } from '../../ports/store.ts'
import { boardEndedText, boardRefusedText, boardText, noBoardText, pinnedText, unpinnedText } from '../../view/inquiry/board.ts'
import type { CommitQueue } from '../commit-queue.ts'
import { SAID } from '../intake/acceptances.ts'

const EVERY_MS = 10_000

interface BoardDeps {
  readonly chat: Pick<ChatPort, 'post' | 'edit' | 'pin'>
  readonly store: Pick<StorePort, 'threadsOf' | 'boards'>
  readonly commits: Pick<CommitQueue, 'commit'>
  readonly clock: Clock
  readonly log: Log
}

export class Boards {
  readonly #deps: BoardDeps
  readonly #timers: KeyedTimers
  /** Messages by channel, with what each is known to show. */
  readonly #boards = new Map<string, { readonly messageId: string; shown: string | undefined }>()
  readonly #edits = new Set<Promise<void>>()

  constructor(deps: BoardDeps) {
    this.#deps = deps
    this.#timers = new KeyedTimers(deps.clock)
  }

  async load(): Promise<void> {
    for (const [channelId, messageId] of await this.#deps.store.boards()) {
      this.#boards.set(channelId, { messageId, shown: undefined })
      this.changed(channelId)
    }
  }

  /** What one person is shown; `reader` undefined: everybody. */
  async textFor(channelId: string, reader: string | undefined): Promise<string> {
    const { store, clock } = this.#deps
    return boardText(boardOf(await store.threadsOf(channelId), clock.now()), reader)
  }

  /** Something in the project of this channel is not what it was. */
  changed(channelId: string): void {
    if (this.#boards.has(channelId)) this.#timers.set(channelId, EVERY_MS, () => this.#refresh(channelId))
  }

  /**
   * Posts the board, or takes the one that is there, and pins it; resolves with what the person reads. Done twice for a request it is the
   * same message: `requestId` is its nonce.
   */
  async pin(place: { readonly guildId: string; readonly channelId: string }, requestId: string): Promise<string> {
    const { chat, commits } = this.#deps
    const { channelId } = place
    const shown = await this.textFor(channelId, undefined)
    const known = this.#boards.get(channelId)
    const edited = known && (await chat.edit(channelId, known.messageId, { text: shown, buttons: [] }))
    if (edited instanceof ChatUnknown || edited instanceof ChatForbidden) return boardRefusedText(String(edited.reason))
    const messageId = known && !edited ? known.messageId : await this.#post(channelId, shown, requestId)
    if (typeof messageId !== 'string') return boardRefusedText(String(messageId.reason))
    await commits.commit({ board: { channelId, messageId } })
    this.#boards.set(channelId, { messageId, shown })
    const refused = await chat.pin(channelId, messageId)
    const link = `https://discord.com/channels/${place.guildId}/${channelId}/${messageId}`
    return refused ? unpinnedText(link) : pinnedText(link)
  }

  async unpin(channelId: string): Promise<string> {
    if (!this.#boards.has(channelId)) return noBoardText()
    await this.#end(channelId)
    return boardEndedText()
  }

  /** Resolves when no edit is under way any more. */
  async stop(): Promise<void> {
    this.#timers.stop()
    await Promise.all(this.#edits)
  }

  async #post(channelId: string, content: string, requestId: string) {
    const posted = await this.#deps.chat.post(
      channelId,
      { blocks: [], content, file: undefined, notify: false },
      `${SAID}${requestId}`,
    )
    return posted instanceof Error ? posted : posted.messageId
  }

  #refresh(channelId: string): void {
    const edit = this.#edit(channelId)
      .catch((error: unknown) => {
        if (!isAbortError(error))
          this.#deps.log.error('a board could not be renewed', { channel: channelId, error: String(error) })
      })
      .finally(() => this.#edits.delete(edit))
    this.#edits.add(edit)
  }

  async #edit(channelId: string): Promise<void> {
    const board = this.#boards.get(channelId)
    const text = await this.textFor(channelId, undefined)
    if (!board || board.shown === text) return
    const edited = await this.#deps.chat.edit(channelId, board.messageId, { text, buttons: [] })
    if (!(edited instanceof Error)) return void (board.shown = text)
    // What Discord does not allow or answer now, it may with the next change.
    if (edited instanceof ChatUnknown) return this.changed(channelId)
    if (!(edited instanceof ChatForbidden)) await this.#end(channelId)
  }

  async #end(channelId: string): Promise<void> {
    this.#boards.delete(channelId)
    this.#timers.clear(channelId)
    await this.#deps.commits.commit({ board: { channelId, messageId: undefined } })
  }
}
