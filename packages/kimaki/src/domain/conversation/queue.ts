/**
 * The queue: prompts that wait until the agent has nothing else to do.
 *
 *     queued ──(session idle, the turn settled, first in line)──▶ waiting ──▶ ... as any other prompt
 *        ├── its message edited without the suffix, or deleted, or the button pressed ──▶ ended: removed
 *        └── its message edited ──▶ queued, with the new words
 *
 * One at a time, in order of arrival. It is a row like any other prompt, so it survives whatever dies.
 */
import type { IncomingMessage } from '../message/incoming.ts'
import { unchanged, updatePrompt, type Change } from './change.ts'
import { isLive, isQueued, type Prompt, type PromptEnd } from './prompt.ts'
import { isIdle } from './run.ts'
import type { Conversation } from './state.ts'

/** A message for the queue has something to wait for; else it runs at once, like any other. */
export const mustQueue = (state: Conversation): boolean => state.prompts.some(isLive) || !isIdle(state)

export function promoteNext(state: Conversation): Change {
  const next = state.prompts.find(isQueued)
  const free = isIdle(state) && state.mirrored && state.messages.length === 0 && state.prompts.every(isQueued)
  if (!next || !free || state.outbox.length > 0) return unchanged(state)
  return unchanged(updatePrompt(state, next.id, (prompt) => ({ ...prompt, waited: true, phase: { kind: 'waiting' } })))
}

export const removeFromQueue = (state: Conversation, { id }: Prompt, by: string): Conversation =>
  updatePrompt(state, id, (prompt) => (isQueued(prompt) ? { ...prompt, phase: { kind: 'ended', end: removed(by) } } : prompt))

export const rewordQueued = (state: Conversation, { id }: Prompt, message: IncomingMessage): Conversation =>
  updatePrompt(state, id, (prompt) => (isQueued(prompt) ? { ...prompt, message } : prompt))

const removed = (by: string): PromptEnd => ({ kind: 'removed', by })

/** Of the block that shows a prompt's place in the queue. */
export const queueKey = (promptId: string): string => `queue/${promptId}`
