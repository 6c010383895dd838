/** A person wrote: the prompt joins the line. */
import { unchanged, type Change } from './change.ts'
import type { Input } from './input.ts'
import type { Prompt } from './prompt.ts'
import type { IncomingMessage } from '../message/incoming.ts'
import type { Conversation, Thread } from './state.ts'

export function onMessage(state: Conversation, input: Extract<Input, { kind: 'message' | 'set-aside' }>): Change {
  const id = `discord:${input.message.id}`
  if (state.prompts.some((prompt) => prompt.id === id)) return unchanged(state)
  const prompt: Prompt = {
    id,
    order: input.order,
    message: input.message,
    acceptedAt: input.at,
    phase:
      input.kind === 'message'
        ? { kind: 'waiting' }
        : { kind: 'ended', end: { kind: 'failed', reason: { kind: 'told', text: input.text } } },
  }
  return unchanged({ ...state, thread: threadAfter(state, input.message), prompts: [...state.prompts, prompt] })
}

/** Somebody wrote in the thread: it is there (again), whatever was believed. */
function threadAfter({ thread }: Conversation, { inThread, channelId }: IncomingMessage): Thread {
  return inThread && (thread.kind === 'gone' || thread.kind === 'failed') ? { kind: 'open', id: channelId } : thread
}
