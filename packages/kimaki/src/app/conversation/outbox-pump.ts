/**
 * What is due in Discord. In each channel: one create in flight, in order; then one edit at a time, so that the last content stays. The
 * channels of a conversation, its thread and the project channel, do not wait for each other.
 */
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
  /** By channel, the id of the post that is being created, and of the one that is being edited. */
  readonly #creating = new Map<string, string>()
  readonly #editing = new Map<string, string>()

  constructor(poster: Poster) {
    this.#poster = poster
  }

  /** Hands out the next create or edit of each channel in which none is in flight. Creates go before edits. */
  pump(state: Conversation | undefined, mayBePosted: boolean): void {
    if (!state) return
    const { outbox, editable } = state.posts
    for (const post of outbox) {
      if (this.#creating.has(post.channelId)) continue
      this.#creating.set(post.channelId, post.id)
      this.#poster.create(post, mayBePosted)
    }
    for (const post of editable) {
      if (this.#creating.has(post.channelId) || this.#editing.has(post.channelId) || !isStale(post)) continue
      this.#editing.set(post.channelId, post.postId)
      this.#poster.edit(post)
    }
  }

  /** The input may be the end of what was in flight. */
  took(input: Input): void {
    if (input.kind === 'posted' || input.kind === 'post-refused') release(this.#creating, input.postId)
    if (input.kind === 'post-edited' || input.kind === 'post-fixed') release(this.#editing, input.postId)
    if (input.kind !== 'thread-gone') return
    this.#creating.clear()
    this.#editing.clear()
  }
}

function release(inFlight: Map<string, string>, postId: string): void {
  for (const [channelId, id] of inFlight) if (id === postId) inFlight.delete(channelId)
}
