/** A person wrote: the prompt joins the line; a shell command and a question aside stand beside it. */
import { askAside, beginInCopy, canAskAside } from './aside.ts'
import { unchanged, type Change } from './change.ts'
import type { Input } from './input.ts'
import type { AsideOrigin, Prompt, PromptPhase } from './prompt.ts'
import { mustQueue } from './queue.ts'
import { intentOf } from '../message/intent.ts'
import type { IncomingMessage } from '../message/incoming.ts'
import { addCommand } from './shell.ts'
import type { Conversation, Thread } from './state.ts'

export function onMessage(state: Conversation, input: Extract<Input, { kind: 'message' | 'set-aside' }>): Change {
  const { message } = input
  const id = promptIdOf(message.id)
  if ([...state.prompts, ...state.asides].some((one) => one.id === id)) return unchanged(state)
  if (input.kind === 'message' && input.aside) return unchanged(takeAside(state, id, input, input.aside))
  const intent = intentOf(message.text, () => false)
  if (intent.kind === 'shell' && input.kind === 'message')
    return unchanged({
      ...addCommand(state, { id, message, command: intent.command }),
      thread: threadAfter(state, message),
    })
  const isAside = input.kind === 'message' && intent.kind === 'btw' && isQuestion(message, intent.text)
  if (isAside && canAskAside(state, message)) return unchanged(askAside(state, id, { ...message, text: intent.text }))
  const queued = intent.kind === 'queue' && (intent.text !== '' || message.attachments.length > 0)
  const prompt: Prompt = {
    id,
    order: input.order,
    message: queued || isAside ? { ...message, text: intent.text } : message,
    acceptedAt: input.at,
    phase: phaseOf(input, queued && mustQueue(state)),
  }
  return unchanged({ ...state, thread: threadAfter(state, message), prompts: [...state.prompts, prompt] })
}

/** Something is asked, and not of somebody else. */
const isQuestion = ({ attachments, quotes = [], namesOther }: IncomingMessage, text: string): boolean =>
  !namesOther && (text !== '' || attachments.length + quotes.length > 0)

function takeAside(
  state: Conversation,
  id: string,
  { order, message, at }: Extract<Input, { kind: 'message' }>,
  aside: AsideOrigin,
): Conversation {
  const prompt: Prompt = { id, order, message, acceptedAt: at, aside, phase: { kind: 'waiting' } }
  return { ...beginInCopy(state, aside), prompts: [...state.prompts, prompt] }
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
