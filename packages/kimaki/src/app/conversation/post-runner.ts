/**
 * Posting: one create in flight per conversation, in the order on record. The row with its text and nonce is durable before the
 * request leaves. When it is unknown whether a post happened (no answer, or an earlier process died), the thread is read after our
 * last known post and a message of ours with equal text that no row knows is adopted; only else it is posted, with the same nonce.
 */
import type { Clock } from '../../base/clock.ts'
import { ChatRefused, ChatUnknown, isAbortError } from '../../base/errors.ts'
import { title } from '../../domain/conversation/features/title.ts'
import { contentText, isStale, type EditablePost, type Post } from '../../domain/conversation/posts/post.ts'
import type { ChatError, ChatPort } from '../../ports/chat.ts'
import type { Log } from '../../ports/host.ts'
import type { StorePort } from '../../ports/store.ts'
import { postFallbackText, refusedAsFileText, threadGoneText } from '../../view/text/notice.ts'
import type { Retry } from '../retry.ts'
import type { ConversationHandle } from './handle.ts'

interface Deps {
  readonly chat: Pick<ChatPort, 'post' | 'edit' | 'ownMessagesAfter'>
  readonly store: Pick<StorePort, 'newestOwnMessage' | 'isOwnMessage'>
  readonly clock: Clock
  readonly log: Log
  readonly retry: Retry
}

export class PostRunner {
  readonly #deps: Deps

  constructor(deps: Deps) {
    this.#deps = deps
  }

  create(conversation: ConversationHandle, post: Post, mayBePosted: boolean): void {
    this.#run(conversation, createUntilKnown(this.#deps, conversation, post, mayBePosted))
  }

  edit(conversation: ConversationHandle, post: EditablePost): void {
    this.#run(conversation, editUntilKnown(this.#deps, conversation, post))
  }

  /** When the bot stops, the post stays on record. */
  #run({ id }: ConversationHandle, work: Promise<void>): void {
    work.catch((error: unknown) => {
      if (!isAbortError(error)) this.#deps.log.error('a post threw', { conversation: id, error: String(error) })
    })
  }
}

/** The newest content counts, each time the edit is tried. A post whose message is gone, or that Discord refuses, stays as it is. */
async function editUntilKnown(
  { chat, clock, log, retry }: Deps,
  conversation: ConversationHandle,
  { postId }: EditablePost,
): Promise<void> {
  const shown = await retry.until(async () => {
    const post = conversation.state?.posts.editable.find((known) => known.postId === postId)
    if (!post || !isStale(post)) return post?.shown ?? ''
    const edited = await chat.edit(post.channelId, post.messageId, post.content)
    if (edited instanceof ChatUnknown) return undefined
    if (edited instanceof Error)
      log.warn('a notice could not be changed', { conversation: conversation.id, code: edited.code, reason: edited.reason })
    return contentText(post.content)
  })
  conversation.push({ kind: 'post-edited', at: clock.now(), postId, shown })
}

async function createUntilKnown(deps: Deps, conversation: ConversationHandle, post: Post, mayBePosted: boolean): Promise<void> {
  const { clock, retry, log } = deps
  const posted = await retry.until(async (failures) => {
    const result = await attempt(deps, conversation.id, post, mayBePosted || failures > 0).catch((error: unknown) => {
      if (isAbortError(error)) throw error
      log.error('posting threw; trying again', { conversation: conversation.id, error: String(error) })
      return new ChatUnknown({ reason: String(error) })
    })
    return result instanceof ChatUnknown ? undefined : result
  })
  const at = clock.now()
  if (typeof posted === 'string') return conversation.push({ kind: 'posted', at, postId: post.id, messageId: posted })
  if (posted instanceof ChatRefused)
    return conversation.push({ kind: 'post-refused', at, postId: post.id, fallback: postFallbackText(Number(posted.code)) })
  const { state } = conversation
  conversation.push({ kind: 'thread-gone', at, text: threadGoneText(state && title.of(state).given) })
}

/** The id of the message. */
async function attempt(deps: Deps, conversation: string, post: Post, mayBePosted: boolean): Promise<string | ChatError> {
  const { chat, log } = deps
  const found = mayBePosted ? await findPosted(deps, conversation, post) : undefined
  if (found !== undefined) return found
  const posted = await chat.post(post.channelId, post, post.id)
  if (!(posted instanceof Error)) return posted.messageId
  if (posted instanceof ChatUnknown)
    log.warn('a post has no answer; looking whether it stands', { conversation, reason: posted.reason })
  if (!(posted instanceof ChatRefused)) return posted
  log.warn('Discord refused a post', { conversation, code: posted.code, reason: posted.reason })
  // What Discord reads in a message (length, forbidden words) it does not read in a file.
  return post.fallback ? posted : postAsFile(deps, post, Number(posted.code))
}

async function postAsFile({ chat }: Deps, post: Post, code: number): Promise<string | ChatError> {
  const text = post.file ? `${post.content}\n\n${post.file.text}` : post.content
  const message = { ...post, content: refusedAsFileText(code), file: { name: 'answer.md', text } }
  const posted = await chat.post(post.channelId, message, post.id)
  return posted instanceof Error ? posted : posted.messageId
}

/** Undefined: it does not stand. */
async function findPosted({ chat, store }: Deps, conversation: string, post: Post): Promise<string | ChatError | undefined> {
  const after = (await store.newestOwnMessage(conversation)) ?? conversation
  const own = await chat.ownMessagesAfter(post.channelId, after)
  if (own instanceof Error) return own
  for (const { id, content } of own) {
    const isSame = content.trim() === post.content.trim() || content.startsWith(refusedAsFileText())
    if (isSame && !(await store.isOwnMessage(id))) return id
  }
  return undefined
}
