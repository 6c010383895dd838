/** What is due in Discord: one create in flight, in order; then one edit at a time, so that the last content stays. */
import type { Input } from '../../domain/conversation/input.ts'
import { isStale, type EditablePost, type Post } from '../../domain/conversation/posts/post.ts'
import type { Conversation } from '../../domain/conversation/state.ts'

export interface Poster {
  /** `mayBePosted`: an earlier process may have posted it. */
  create(post: Post, mayBePosted: boolean): void
  /** The post does not show what it should. */
  edit(post: EditablePost): void
}

export class OutboxPump {
  readonly #poster: Poster
  /** Id of the post that is being created. */
  #creating: string | undefined
  #editing: string | undefined

  constructor(poster: Poster) {
    this.#poster = poster
  }

  /** Hands out the next create or edit, if none is in flight. Creates go before edits. */
  pump(state: Conversation | undefined, mayBePosted: boolean): void {
    if (!state || this.#creating !== undefined) return
    const next = state.posts.outbox[0]
    if (next) {
      this.#creating = next.id
      return this.#poster.create(next, mayBePosted)
    }
    const stale = this.#editing === undefined ? state.posts.editable.find(isStale) : undefined
    if (!stale) return
    this.#editing = stale.postId
    this.#poster.edit(stale)
  }

  /** The input may be the end of what was in flight. */
  took(input: Input): void {
    const isThreadGone = input.kind === 'thread-gone'
    const isCreated = (input.kind === 'posted' || input.kind === 'post-refused') && input.postId === this.#creating
    if (isCreated || isThreadGone) this.#creating = undefined
    if (input.kind === 'post-edited' || isThreadGone) this.#editing = undefined
  }
}
