/**
 * Counts what throws in a conversation, and puts aside what has thrown three times. A throw is a defect: the state is read again from its
 * rows, at once after the first one, then after pauses that grow, so that a poisoned conversation costs the others nothing. What has
 * thrown three times is a dead letter: it is put aside with a notice, so that the conversation goes on.
 */
import { backoffMs } from '../../base/backoff.ts'
import type { Clock } from '../../base/clock.ts'
import { deriveId } from '../../base/ids.ts'
import { blockKey } from '../../domain/conversation/posts/block-key.ts'
import type { Input } from '../../domain/conversation/input.ts'
import type { Post } from '../../domain/conversation/posts/post.ts'
import { promptIdOf } from '../../domain/conversation/prompt.ts'
import type { Conversation } from '../../domain/conversation/state.ts'
import type { Batch, InboxRow } from '../../ports/store.ts'
import { deadLetterText } from '../../view/text/notice.ts'

export const ATTEMPTS = 3
const PAUSES = { firstMs: 500, longestMs: 30_000 }
/** A conversation without a defect for this long starts over with its pauses. */
const FORGIVEN_AFTER_MS = 300_000

export class Defects {
  readonly #clock: Clock
  /** How often in a row each effect's outcome, or kind of input, has thrown. */
  readonly #throws = new Map<string, number>()
  #inARow = 0
  #lastAt = Number.NEGATIVE_INFINITY

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Before the state is read again. */
  get pauseMs(): number {
    return this.#inARow > 1 ? backoffMs(PAUSES, this.#inARow - 1) : 0
  }

  record(name?: string): void {
    const now = this.#clock.now()
    this.#inARow = Math.abs(now - this.#lastAt) > FORGIVEN_AFTER_MS ? 1 : this.#inARow + 1
    this.#lastAt = now
    if (name !== undefined) this.#throws.set(name, (this.#throws.get(name) ?? 0) + 1)
  }

  forget(...names: readonly string[]): void {
    for (const name of names) this.#throws.delete(name)
  }

  isDeadLetter(name: string): boolean {
    return (this.#throws.get(name) ?? 0) >= ATTEMPTS
  }
}

/** What a defect is counted under. */
export const nameOf = (input: Input): string => (input.kind === 'outcome' ? input.effect.key : input.kind)

/** A message that has failed three times is told; anything else that has is left undone. */
export function inputOf({ at, order, request, receipt, tries }: InboxRow): Input | undefined {
  if (request.kind === 'message')
    return tries < ATTEMPTS
      ? { at, order, ...request }
      : { at, order, kind: 'dead-letter', message: request.message, text: deadLetterText() }
  if (tries >= ATTEMPTS) return undefined
  if (request.kind === 'pressed') return { at, order, ...request }
  return request.kind === 'command' ? { at, order, ...request, isMissed: receipt === 'missed' } : { at, ...request }
}

/** Neither the message nor its dead letter could be taken: whoever wrote it is told all the same, past the state. */
export function fallbackPost({ request, conversation }: InboxRow, state: Conversation | undefined): Pick<Batch, 'fallbackPost'> {
  if (request.kind !== 'message') return {}
  const { message } = request
  const block = blockKey('prompt', promptIdOf(message.id), 'aside')
  const post: Post = {
    id: deriveId('k', conversation.id, block),
    channelId: state?.thread.kind === 'open' ? state.thread.id : message.channelId,
    blocks: [block],
    content: deadLetterText(),
    file: undefined,
    notify: false,
    fallback: false,
    editable: false,
    buttons: [],
  }
  return { fallbackPost: { place: conversation, post } }
}
