/**
 * Posting: one create in flight in each channel of a conversation, in the order on record. The row with its text and nonce is durable before the
 * request leaves. When it is unknown whether a post happened (no answer, or an earlier process died), the thread is read after our
 * last known post and a message of ours with equal text that no row knows is adopted; only else it is posted, with the same nonce.
 *
 * What Discord does not allow for now (a right, a lock, an archived thread) is tried again when the place has changed. Only a place that is
 * known to be gone lets go of a post.
 */
import type { Clock } from '../../base/clock.ts'
import { ChatForbidden, ChatRefused, ChatUnknown, isAbortError, type ChatGone } from '../../base/errors.ts'
import { title } from '../../domain/conversation/features/title.ts'
import type { Input } from '../../domain/conversation/input.ts'
import { contentText, isStale, type AttachedFile, type EditablePost, type Post } from '../../domain/conversation/posts/post.ts'
import type { ChatError, ChatPort, SentFile } from '../../ports/chat.ts'
import type { Files, Log } from '../../ports/host.ts'
import type { StorePort } from '../../ports/store.ts'
import { postFallbackText, refusedAsFileText, threadGoneText, withoutFilesText } from '../../view/text/notice.ts'
import type { Places } from '../places.ts'
import type { Retry } from '../retry.ts'
import type { Doing, UnderWay } from './under-way.ts'
import type { ConversationHandle } from './handle.ts'

interface Deps {
  readonly chat: Pick<ChatPort, 'post' | 'edit' | 'ownMessagesAfter' | 'inspect'>
  readonly store: Pick<StorePort, 'newestOwnMessage' | 'isOwnMessage'>
  readonly files: Pick<Files, 'read'>
  readonly clock: Clock
  readonly log: Log
  readonly retry: Retry
  readonly places: Pick<Places, 'changes' | 'reopened'>
}

/** `trouble`: why it is tried once more. */
type Posting = Deps & Pick<Doing, 'trouble'>

type PostRunnerDeps = Deps & { readonly underWay: Pick<UnderWay, 'begin'> }

export class PostRunner {
  readonly #deps: PostRunnerDeps

  constructor(deps: PostRunnerDeps) {
    this.#deps = deps
  }

  create(conversation: ConversationHandle, post: Post, mayBePosted: boolean): void {
    this.#run(conversation, 'post', async (deps) => createUntilKnown(deps, conversation, post, mayBePosted))
  }

  edit(conversation: ConversationHandle, post: EditablePost): void {
    this.#run(conversation, 'edit', async (deps) => editUntilKnown(deps, conversation, post))
  }

  /** When the bot stops, the post stays on record. */
  #run({ id }: ConversationHandle, kind: 'post' | 'edit', work: (deps: Posting) => Promise<void>): void {
    const { underWay, ...deps } = this.#deps
    const doing = underWay.begin(id, kind)
    work({ ...deps, trouble: (reason) => doing.trouble(reason) })
      .catch((error: unknown) => {
        if (!isAbortError(error)) deps.log.error('a post threw', { conversation: id, error: String(error) })
      })
      .finally(() => doing.end())
  }
}

/** The newest content counts, each time the edit is tried. What cannot be edited any more is told in a new message. */
async function editUntilKnown(
  deps: Posting,
  conversation: ConversationHandle,
  { postId, channelId }: EditablePost,
): Promise<void> {
  const { chat, clock, log } = deps
  const end = await untilAllowed<Input>(deps, conversation, channelId, async () => {
    const at = clock.now()
    const post = conversation.state?.posts.editable.find((known) => known.postId === postId)
    if (!post || !isStale(post)) return { kind: 'post-edited', at, postId, shown: post?.shown ?? '' }
    const edited = await chat.edit(post.channelId, post.messageId, post.content)
    if (edited instanceof ChatUnknown || edited instanceof ChatForbidden) return edited
    if (!(edited instanceof Error)) return { kind: 'post-edited', at: clock.now(), postId, shown: contentText(post.content) }
    log.warn('a notice could not be changed', { conversation: conversation.id, code: edited.code, reason: edited.reason })
    return { kind: 'post-fixed', at: clock.now(), postId }
  })
  conversation.push(end)
}

async function createUntilKnown(
  deps: Posting,
  conversation: ConversationHandle,
  post: Post,
  mayBePosted: boolean,
): Promise<void> {
  const { clock, log } = deps
  const posted = await untilAllowed<Standing | ChatGone | ChatRefused>(
    deps,
    conversation,
    post.channelId,
    async (failures, forbidden) => {
      const result = await attempt(deps, conversation.id, post, mayBePosted || failures > 0).catch((error: unknown) => {
        if (isAbortError(error)) throw error
        log.error('posting threw; trying again', { conversation: conversation.id, error: String(error) })
        return new ChatUnknown({ reason: String(error) })
      })
      if (result instanceof ChatForbidden && result.code !== forbidden?.code) await hold(deps, conversation, post, result)
      return result
    },
  )
  const at = clock.now()
  if (!(posted instanceof Error)) return conversation.push({ kind: 'posted', at, postId: post.id, ...posted })
  if (posted instanceof ChatRefused)
    return conversation.push({ kind: 'post-refused', at, postId: post.id, fallback: postFallbackText(Number(posted.code)) })
  const { state } = conversation
  conversation.push({ kind: 'thread-gone', at, text: threadGoneText(state && title.of(state).given) })
}

/** Tries until Discord answers, and while it does not let the bot do this there. `forbidden`: how the attempt before was refused. */
async function untilAllowed<T>(
  { retry, places, trouble }: Posting,
  { state }: ConversationHandle,
  channelId: string,
  once: (failures: number, forbidden: ChatForbidden | undefined) => Promise<T | ChatUnknown | ChatForbidden>,
): Promise<T> {
  const ids = state ? [channelId, state.channelId, state.guildId] : [channelId]
  let forbidden: ChatForbidden | undefined
  let since = 0
  const { result } = await retry.until(
    async (failures) => {
      since = places.changes
      const answer = await once(failures, forbidden)
      forbidden = answer instanceof ChatForbidden ? answer : undefined
      if (answer instanceof ChatUnknown || answer instanceof ChatForbidden) trouble(String(answer.reason))
      return answer instanceof ChatUnknown || answer instanceof ChatForbidden ? undefined : { result: answer }
    },
    async (failures) => (forbidden ? places.reopened(ids, failures, since) : retry.backOff(failures)),
  )
  return result
}

/** The post waits: the log and the conversation learn why. */
async function hold(
  { chat, clock, log }: Deps,
  conversation: ConversationHandle,
  { id: postId, channelId }: Post,
  { code, reason }: ChatForbidden,
): Promise<void> {
  const found = await chat.inspect(conversation.state?.channelId ?? channelId)
  const missing = found instanceof Error ? [] : found.missing
  log.warn('Discord does not let the bot write here: the post waits', {
    conversation: conversation.id,
    channel: channelId,
    code,
    reason,
    ...(missing.length > 0 && { missing }),
  })
  conversation.push({ kind: 'post-held', at: clock.now(), postId, code: Number(code), missing })
}

/** The message that stands for a post. */
type Standing = Pick<Extract<Input, { kind: 'posted' }>, 'messageId' | 'isForeign'>

async function attempt(deps: Deps, conversation: string, post: Post, mayBePosted: boolean): Promise<Standing | ChatError> {
  const { chat, log } = deps
  const found = mayBePosted ? await findPosted(deps, conversation, post) : undefined
  if (found !== undefined) return found
  const posted = post.attached
    ? await postWithFiles(deps, post, post.attached)
    : await chat.post(post.channelId, plainOf(post), post.id)
  if (!(posted instanceof Error)) return posted
  if (posted instanceof ChatUnknown)
    log.warn('a post has no answer; looking whether it stands', { conversation, reason: posted.reason })
  if (!(posted instanceof ChatRefused)) return posted
  log.warn('Discord refused a post', { conversation, code: posted.code, reason: posted.reason })
  // What Discord reads in a message (length, forbidden words) it does not read in a file.
  if (post.fallback) return posted
  return post.attached ? postWithoutFiles(deps, post) : postAsFile(deps, post, Number(posted.code))
}

/** The bytes are read when they are sent: the outbox may be long. */
async function postWithFiles({ chat, files }: Deps, post: Post, wanted: readonly AttachedFile[]): Promise<Standing | ChatError> {
  const attached: SentFile[] = []
  for (const { name, mime, path } of wanted) {
    const bytes = await files.read(path)
    if (!bytes) return new ChatRefused({ code: 0, reason: `${path} cannot be read` })
    attached.push({ name, mime, bytes })
  }
  return chat.post(post.channelId, { ...post, attached }, post.id)
}

const postWithoutFiles = ({ chat }: Deps, post: Post): Promise<Standing | ChatError> =>
  chat.post(post.channelId, { ...plainOf(post), content: withoutFilesText(post.content) }, post.id)

const plainOf = ({ attached: _, ...post }: Post): Omit<Post, 'attached'> => post

async function postAsFile({ chat }: Deps, post: Post, code: number): Promise<Standing | ChatError> {
  const text = post.file ? `${post.content}\n\n${post.file.text}` : post.content
  const message = { ...plainOf(post), content: refusedAsFileText(code), components: undefined, file: { name: 'answer.md', text } }
  return chat.post(post.channelId, message, post.id)
}

/** Undefined: it does not stand. */
async function findPosted({ chat, store }: Deps, conversation: string, post: Post): Promise<Standing | ChatError | undefined> {
  const after = (await store.newestOwnMessage(conversation, post.channelId)) ?? conversation
  const own = await chat.ownMessagesAfter(post.channelId, after)
  if (own instanceof Error) return own
  for (const { id, content, files, isForeign } of own) {
    const isSame = isOf(post, content.trim(), files) || content.startsWith(refusedAsFileText())
    if (isSame && !(await store.isOwnMessage(id))) return { messageId: id, ...(isForeign && { isForeign }) }
  }
  return undefined
}

/** With its files, or without them and a line that says so. */
const isOf = ({ content, attached = [] }: Post, text: string, files: number): boolean =>
  (text === content.trim() && (attached.length === 0 || files === attached.length)) ||
  (attached.length > 0 && text === withoutFilesText(content))
