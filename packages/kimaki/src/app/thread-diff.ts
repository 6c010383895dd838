/** Want minus have: which messages Discord has to be given so that the thread shows the view. Pure. */
import { deriveId } from '../base/ids.ts'
import { isIdle } from '../domain/conversation/run.ts'
import type { Conversation, Post } from '../domain/conversation/state.ts'
import type { Block, Outgoing } from '../view/blocks.ts'
import { view } from '../view/view.ts'

export interface Plan {
  readonly state: Conversation
  /** New posts, in order; their blocks count as posted from the commit that records them. */
  readonly posts: readonly Post[]
  /** Nothing of the view is left to be recorded. */
  readonly allShown: boolean
}

/**
 * While the agent works, posts are planned only when none is on its way: what closes meanwhile is packed together. Once it is idle
 * everything is planned at once, so that the commit that ends a prompt holds all that is left to be said.
 */
export function planPosts(state: Conversation, layout: (blocks: readonly Block[]) => readonly Outgoing[]): Plan {
  const channelId = placeOf(state)
  const missing = view(state).filter((block) => !state.posted.has(block.key))
  const waits = !state.mirrored || (state.outbox.length > 0 && !isIdle(state))
  if (channelId === undefined || missing.length === 0 || waits) return { state, posts: [], allShown: missing.length === 0 }
  const open = missing.findIndex((block) => !block.closed)
  const ready = open === -1 ? missing : missing.slice(0, open)
  const posts = layout(ready).map((outgoing): Post => ({
    ...outgoing,
    id: postId(state.id, outgoing),
    channelId,
    fallback: false,
  }))
  const posted = new Set([...state.posted, ...ready.map((block) => block.key)])
  return { state: { ...state, posted, outbox: [...state.outbox, ...posts] }, posts, allShown: open === -1 }
}

function placeOf(state: Conversation): string | undefined {
  if (state.thread.kind === 'open') return state.thread.id
  return state.thread.kind === 'failed' || state.thread.kind === 'gone' ? state.channelId : undefined
}

/** Also the nonce of the post: 25 characters, Discord's limit. */
const postId = (conversation: string, outgoing: Outgoing): string => deriveId('k', conversation, ...outgoing.blocks)
