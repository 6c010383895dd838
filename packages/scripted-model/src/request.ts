import type { IncomingHttpHeaders } from 'node:http'
import type { ModelLogEntry, ModelRequest } from './api.ts'
import { tokensIn } from './token.ts'

export type UnderstoodRequest = ModelRequest & Pick<ModelLogEntry, 'answers' | 'tokensBefore'>

/** Reads a chat-completions body; `Error` says what is wrong with it. */
export function readRequest(headers: IncomingHttpHeaders, body: unknown): UnderstoodRequest | Error {
  if (!isRecord(body) || !Array.isArray(body['messages'])) return new Error('scripted-model: "messages" is no array')
  const messages = (body['messages'] as readonly unknown[]).filter(isRecord)
  const lastUser = messages.findLastIndex(isUser)
  const lastFinal = messages.findLastIndex(
    (message) => message['role'] === 'assistant' && !callsTools(message) && !isCutOff(message),
  )
  const session = headers['x-session-id']
  return {
    sessionId: typeof session === 'string' ? session : undefined,
    model: typeof body['model'] === 'string' ? body['model'] : '',
    userTexts: messages.filter(isUser).map(textOfMessage),
    toolRounds: messages.slice(lastUser + 1).filter(callsTools).length,
    hasTools: Array.isArray(body['tools']) && body['tools'].length > 0,
    body,
    answers: messages
      .slice(lastFinal + 1)
      .filter(isUser)
      .map(textOfMessage),
    tokensBefore: messages
      .filter((message) => message['role'] === 'assistant')
      .flatMap((message) => tokensIn(textOfMessage(message))),
  }
}

/** OpenCode hands images that a tool returned to the model as a user message with this text: nobody said it. */
const TOOL_MEDIA = 'Attached media from tool result:'

function isUser(message: Record<string, unknown>): boolean {
  return message['role'] === 'user' && !textOfMessage(message).startsWith(TOOL_MEDIA)
}

function callsTools(message: Record<string, unknown>): boolean {
  return message['role'] === 'assistant' && Array.isArray(message['tool_calls']) && message['tool_calls'].length > 0
}

/** Every text of ours ends with its token: words without one are the beginning of an answer that was cut off. */
function isCutOff(message: Record<string, unknown>): boolean {
  const text = textOfMessage(message)
  return text !== '' && tokensIn(text).length === 0
}

/** `content` is a string or an array of parts; OpenCode adds reminders and attachments as further text parts. */
function textOfMessage(message: Record<string, unknown>): string {
  const content = message['content']
  if (typeof content === 'string') return content
  if (!Array.isArray(content)) return ''
  return (content as readonly unknown[])
    .flatMap((part) => (isRecord(part) && typeof part['text'] === 'string' ? [part['text']] : []))
    .join('\n')
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
