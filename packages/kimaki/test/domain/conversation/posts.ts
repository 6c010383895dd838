/** What Discord says of a post of ours: the inputs of a model's commands. */
import type { Input } from '../../../src/domain/conversation/input.ts'
import { contentText, isStale } from '../../../src/domain/conversation/posts/post.ts'
import type { Conversation } from '../../../src/domain/conversation/state.ts'
import type { Command } from './commands.ts'

export type WithoutTime = Input extends infer I ? (I extends unknown ? Omit<I, 'at'> : never) : never

/** Undefined: nothing is posted or edited now. */
export function inputOfPost(
  { posts: { outbox, editable } }: Conversation,
  kind: Command['kind'],
  n: number,
  newMessageId: () => string,
): WithoutTime | undefined {
  // The first post of a channel.
  const heads = outbox.filter((post, index) => outbox.findIndex(({ channelId }) => channelId === post.channelId) === index)
  const postId = heads[n % Math.max(heads.length, 1)]?.id
  const stale = editable.find(isStale)
  if (kind === 'post-edited') return stale && { kind: 'post-edited', postId: stale.postId, shown: contentText(stale.content) }
  if (kind === 'post-fixed') return stale && { kind: 'post-fixed', postId: stale.postId }
  if (postId === undefined) return undefined
  if (kind === 'post-held') return { kind: 'post-held', postId, code: n % 2 ? 50_001 : 50_013, missing: [] }
  if (kind === 'post-refused') return { kind: 'post-refused', postId, fallback: 'a line' }
  return { kind: 'posted', postId, messageId: newMessageId() }
}
