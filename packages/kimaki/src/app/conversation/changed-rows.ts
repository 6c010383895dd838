/** The rows a step changed: found by identity, since states are never edited in place. */
import type { Change } from '../../domain/conversation/change.ts'
import type { Input } from '../../domain/conversation/input.ts'
import { CACHED, type Conversation } from '../../domain/conversation/state.ts'
import type { ConversationRows } from '../../ports/store.ts'

interface Step {
  readonly input: Input
  readonly before: Conversation | undefined
  readonly change: Change
  /** With its posts planned, before the turn is closed. */
  readonly planned: Conversation
  readonly after: Conversation
}

/** Undefined when the step left nothing to record. */
export function changedRows({ input, before, change, planned, after }: Step): ConversationRows | undefined {
  const known = new Set<unknown>(before?.turn.prompts)
  const editable = new Set<unknown>(before?.posts.editable)
  const outbox = new Set<unknown>(before?.posts.outbox)
  const rows = {
    allowances: change.allowances,
    prompts: planned.turn.prompts.filter((prompt) => !known.has(prompt)),
    effects: change.effects,
    effectsDone: input.kind === 'outcome' ? [input.effect.key] : [],
    editable: planned.posts.editable.filter((post) => !editable.has(post)),
    posts: planned.posts.outbox.filter((post) => !outbox.has(post)),
    sent: input.kind === 'posted' ? [{ postId: input.postId, messageId: input.messageId }] : [],
    dropped: dropped(before, planned, input),
    fixed: fixed(before, planned),
  }
  const turnClosed = after !== planned
  const isNothing = !turnClosed && Object.values(rows).every((list) => list.length === 0)
  if (isNothing && before && CACHED.every((field) => before[field] === after[field])) return undefined
  return { ...rows, state: after, turnClosed }
}

/** Editable posts that are left as they are. */
function fixed(before: Conversation | undefined, planned: Conversation): readonly string[] {
  if (!before || before.posts.editable === planned.posts.editable) return []
  const left = new Set(planned.posts.editable.map(({ postId }) => postId))
  return before.posts.editable.flatMap(({ postId }) => (left.has(postId) ? [] : [postId]))
}

/** Posts that left the outbox without being sent. */
function dropped(before: Conversation | undefined, planned: Conversation, input: Input): readonly string[] {
  if (!before || input.kind === 'posted') return []
  const left = new Set(planned.posts.outbox.map(({ id }) => id))
  return before.posts.outbox.filter(({ id }) => !left.has(id)).map(({ id }) => id)
}
