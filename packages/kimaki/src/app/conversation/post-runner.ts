/**
 * Posting: one create in flight per conversation, in the order on record. The row with its text and nonce is durable before the
 * request leaves. When it is unknown whether a post happened (no answer, or an earlier process died), the thread is read after our
 * last known post and a message of ours with equal text that no row knows is adopted; only else it is posted, with the same nonce.
 */
import { faceText, isStale, type Card, type Post } from '../../domain/conversation/state.ts'
import type { ChatPort } from '../../ports/chat.ts'
import type { Clock } from '../../base/clock.ts'
import type { Log } from '../../ports/host.ts'
import type { StorePort } from '../../ports/store.ts'
import { postFallbackText, refusedAsFileText, threadGoneText } from '../../view/text/notice.ts'
import type { Runner } from './runner.ts'
import type { Retrying } from '../retry.ts'

export interface ThreadSync {
  post(runner: Runner, post: Post, doubtful: boolean): void
  edit(runner: Runner, card: Card): void
}

interface Parts {
  readonly chat: ChatPort
  readonly store: StorePort
  readonly clock: Clock
  readonly log: Log
  readonly retry: Retrying
}

export function createThreadSync(parts: Parts): ThreadSync {
  return {
    post: (runner, post, doubtful) => void send(parts, runner, post, doubtful),
    edit: (runner, card) => void edit(parts, runner, card),
  }
}

/** The newest wish counts, each time it is tried. A card whose message is gone, or that Discord refuses, stays as it is. */
async function edit({ chat, clock, log, retry }: Parts, runner: Runner, { postId }: Card): Promise<void> {
  const shown = await retry.until(async () => {
    const card = runner.state?.cards.find((one) => one.postId === postId)
    if (!card || !isStale(card)) return card?.shown ?? ''
    const result = await chat.edit(card.channelId, card.messageId, card.face)
    if (result.ok) return faceText(card.face)
    if (result.failure.kind === 'unknown') return undefined
    if (result.failure.kind === 'stopped') return 'stopped'
    log.warn('a notice could not be changed', { conversation: runner.id, ...result.failure })
    return faceText(card.face)
  })
  if (shown !== 'stopped') runner.push({ kind: 'edited', at: clock.now(), postId, shown })
}

async function send(parts: Parts, runner: Runner, post: Post, doubtful: boolean): Promise<void> {
  const { clock, retry } = parts
  let unsure = doubtful
  const outcome = await retry.until(async () => {
    const result = await attempt(parts, runner.id, post, unsure).catch((error: unknown) => {
      parts.log.error('posting threw; trying again', { conversation: runner.id, error: String(error) })
      return undefined
    })
    if (result === undefined) unsure = true
    return result
  })
  if (outcome === 'stopped' || outcome.kind === 'stopped') return
  const at = clock.now()
  if (outcome.kind === 'posted') runner.push({ kind: 'posted', at, postId: post.id, messageId: outcome.messageId })
  else if (outcome.kind === 'gone') runner.push({ kind: 'thread-gone', at, text: threadGoneText(runner.state?.title.synced) })
  else runner.push({ kind: 'post-refused', at, postId: post.id, fallback: postFallbackText() })
}

type Outcome = { readonly kind: 'posted'; readonly messageId: string } | { readonly kind: 'gone' | 'refused' | 'stopped' }

async function attempt(
  { chat, store, log }: Parts,
  conversation: string,
  post: Post,
  unsure: boolean,
): Promise<Outcome | undefined> {
  if (unsure) {
    const found = await findPosted(chat, store, conversation, post)
    if (found !== 'not-posted') return found
  }
  const result = await chat.post(post.channelId, post, post.id)
  if (result.ok) return { kind: 'posted', messageId: result.value.messageId }
  const { failure } = result
  if (failure.kind === 'unknown') {
    log.warn('a post has no answer; looking whether it stands', { conversation, reason: failure.message })
    return undefined
  }
  if (failure.kind === 'refused')
    log.warn('Discord refused a post', { conversation, code: failure.code, reason: failure.message })
  // What Discord reads in a message (length, forbidden words) it does not read in a file.
  if (failure.kind === 'refused' && !post.fallback) return postAsFile(chat, post)
  return { kind: failure.kind }
}

async function postAsFile(chat: ChatPort, post: Post): Promise<Outcome | undefined> {
  const text = post.file ? `${post.content}\n\n${post.file.text}` : post.content
  const message = { ...post, content: refusedAsFileText(), file: { name: 'answer.md', text } }
  const result = await chat.post(post.channelId, message, post.id)
  if (result.ok) return { kind: 'posted', messageId: result.value.messageId }
  return result.failure.kind === 'unknown' ? undefined : { kind: result.failure.kind }
}

async function findPosted(
  chat: ChatPort,
  store: StorePort,
  conversation: string,
  post: Post,
): Promise<Outcome | 'not-posted' | undefined> {
  const after = (await store.lastSent(conversation)) ?? conversation
  const own = await chat.ownMessagesAfter(post.channelId, after)
  if (!own.ok) return own.failure.kind === 'unknown' ? undefined : { kind: own.failure.kind }
  for (const { id, content } of own.value) {
    const same = [post.content.trim(), refusedAsFileText()].includes(content.trim())
    if (same && !(await store.isOurs(id))) return { kind: 'posted', messageId: id }
  }
  return 'not-posted'
}
