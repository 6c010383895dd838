/** A person wrote: the prompt joins the line, a shell command stands beside it. */
import { unchanged, type Change } from './change.ts'
import type { Input } from './input.ts'
import type { Prompt, PromptPhase } from './prompt.ts'
import { mustQueue } from './queue.ts'
import { intentOf } from '../message/intent.ts'
import type { IncomingMessage } from '../message/incoming.ts'
import { addCommand } from './shell.ts'
import type { Conversation, Thread } from './state.ts'

export function onMessage(state: Conversation, input: Extract<Input, { kind: 'message' | 'set-aside' }>): Change {
  const { message } = input
  const id = promptIdOf(message.id)
  if (state.prompts.some((prompt) => prompt.id === id)) return unchanged(state)
  const intent = intentOf(message.text, () => false)
  if (intent.kind === 'shell' && input.kind === 'message')
    return unchanged({
      ...addCommand(state, { id, message, command: intent.command }),
      thread: threadAfter(state, message),
    })
  const queued = intent.kind === 'queue' && (intent.text !== '' || message.attachments.length > 0)
  const prompt: Prompt = {
    id,
    order: input.order,
    message: queued ? { ...message, text: intent.text } : message,
    acceptedAt: input.at,
    phase: phaseOf(input, queued && mustQueue(state)),
  }
  return unchanged({ ...state, thread: threadAfter(state, message), prompts: [...state.prompts, prompt] })
}

function phaseOf(input: Extract<Input, { kind: 'message' | 'set-aside' }>, queued: boolean): PromptPhase {
  if (input.kind === 'set-aside') return { kind: 'ended', end: { kind: 'failed', reason: { kind: 'told', text: input.text } } }
  return { kind: queued ? 'queued' : 'waiting' }
}

export const promptIdOf = (messageId: string): string => `discord:${messageId}`

/** Somebody wrote in the thread: it is there (again), whatever was believed. */
function threadAfter({ thread }: Conversation, { inThread, channelId }: IncomingMessage): Thread {
  return inThread && (thread.kind === 'gone' || thread.kind === 'failed') ? { kind: 'open', id: channelId } : thread
}
