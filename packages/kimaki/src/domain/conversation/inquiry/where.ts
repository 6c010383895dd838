/** Where a message is on its way through Kimaki: from Discord onto the record, to the agent, and to its answer. */
import { asks } from '../features/asks/asks.ts'
import { context } from '../features/context.ts'
import { queue } from '../features/queue.ts'
import { promptIdOf, type Prompt } from '../prompt.ts'
import type { MessageTarget } from '../request.ts'
import type { Conversation } from '../state.ts'

/** What the record says of a message of Discord. */
export interface MessageRecord {
  /** Kimaki has posted it. */
  readonly isOurs: boolean
  /** Kimaki has looked at all that was written there up to this message, or beyond it. */
  readonly isSeen: boolean
  /** Undefined: it was not accepted. */
  readonly accepted: { readonly conversation: string; readonly isTaken: boolean } | undefined
  readonly prompt: Prompt | undefined
  /** The message below the answer. */
  readonly answeredAt: { readonly channelId: string; readonly messageId: string } | undefined
}

export type Whereabouts =
  | { readonly kind: 'ours' | 'unseen' | 'not-allowed' | 'not-for-us' | 'received' | 'for-others' | 'answers-ask' | 'gone-by' }
  | { readonly kind: 'queued'; readonly position: number }
  | { readonly kind: 'refused' | 'dropped' }
  | { readonly kind: 'removed'; readonly by: string }
  | { readonly kind: 'prompt'; readonly prompt: Prompt; readonly answeredAt: MessageRecord['answeredAt'] }

/** `mayAuthorSpeak` undefined: nobody knows. */
export function whereIs(
  target: Pick<MessageTarget, 'id'>,
  record: MessageRecord,
  state: Conversation | undefined,
  mayAuthorSpeak: boolean | undefined,
): Whereabouts {
  const { isOurs, isSeen, accepted, answeredAt } = record
  if (isOurs) return { kind: 'ours' }
  if (!accepted) {
    if (mayAuthorSpeak === false) return { kind: 'not-allowed' }
    return { kind: isSeen ? 'not-for-us' : 'unseen' }
  }
  const id = promptIdOf(target.id)
  const prompt = state?.turn.prompts.find((known) => known.id === id) ?? record.prompt
  if (prompt) return { kind: 'prompt', prompt, answeredAt }
  if (state) {
    const beside = besideTheRun(id, target.id, state)
    if (beside) return beside
  }
  return { kind: accepted.isTaken ? 'gone-by' : 'received' }
}

function besideTheRun(id: string, messageId: string, state: Conversation): Whereabouts | undefined {
  const waiting = queue.of(state)
  const item = waiting.find((known) => known.id === id)
  if (item?.phase.kind === 'waiting') {
    const before = waiting.filter(({ phase }) => phase.kind === 'waiting')
    return { kind: 'queued', position: before.indexOf(item) + 1 }
  }
  if (item?.phase.kind === 'removed') return { kind: 'removed', by: item.phase.by }
  if (item?.phase.kind === 'refused' || item?.phase.kind === 'dropped') return { kind: item.phase.kind }
  if (context.of(state).some((said) => said.id === messageId)) return { kind: 'for-others' }
  if (asks.of(state).asks.some(({ repliedIn = [] }) => repliedIn.includes(id))) return { kind: 'answers-ask' }
  return undefined
}
