/** The rows a step changed: found by identity, since states are never edited in place. */
import type { Change } from '../../domain/conversation/change.ts'
import type { Input } from '../../domain/conversation/input.ts'
import type { Conversation } from '../../domain/conversation/state.ts'
import type { ConversationRows } from '../../ports/store.ts'

export interface Step {
  readonly input: Input
  readonly before: Conversation | undefined
  readonly change: Change
  /** After planning its posts, before settling. */
  readonly planned: Conversation
  readonly after: Conversation
}

/** Undefined when the step left nothing to record: most of what the agent says. */
export function rowsOf({ input, before, change, planned, after }: Step): ConversationRows | undefined {
  const known = new Set<unknown>(before?.prompts)
  const cards = new Set(before?.cards)
  const outbox = new Map(before?.outbox.map((post) => [post.id, post]))
  const rows: ConversationRows = {
    state: after,
    prompts: planned.prompts.filter((prompt) => !known.has(prompt)),
    effects: change.effects,
    effectsDone: input.kind === 'outcome' ? [input.effect.key] : [],
    cards: planned.cards.filter((card) => !cards.has(card)),
    posts: planned.outbox.filter((post) => outbox.get(post.id) !== post),
    sent: input.kind === 'posted' ? [{ postId: input.postId, messageId: input.messageId }] : [],
    dropped: dropped(before, planned, input),
    settled: after !== planned,
  }
  const nothing = Object.values(rows).every(
    (value) => value === after || value === false || (Array.isArray(value) && value.length === 0),
  )
  return nothing && before && sameCache(before, after) ? undefined : rows
}

function dropped(before: Conversation | undefined, planned: Conversation, input: Input): readonly string[] {
  if (!before || input.kind === 'posted') return []
  const left = new Set(planned.outbox.map(({ id }) => id))
  return before.outbox.filter(({ id }) => !left.has(id)).map(({ id }) => id)
}

const sameCache = (a: Conversation, b: Conversation): boolean =>
  a.thread === b.thread &&
  a.session === b.session &&
  a.asks === b.asks &&
  a.retries === b.retries &&
  a.interrupts === b.interrupts &&
  a.late === b.late &&
  a.asides === b.asides &&
  a.commands === b.commands &&
  a.sealed === b.sealed &&
  a.settledAt === b.settledAt &&
  a.title === b.title &&
  a.verbosity === b.verbosity
