import type { ToolCall } from './api.ts'
import type { ChosenStep } from './script.ts'
import { withToken } from './token.ts'

/** What goes over the wire for one request, as data. */
export type Answer =
  | {
      readonly kind: 'stream'
      readonly pieces: readonly Piece[]
      /** `stall`, `cut`, or the finish reason (`none`: without one). */ readonly end: string
    }
  | { readonly kind: 'error'; readonly status: number; readonly message: string; readonly retryAfterS: number | undefined }
  | { readonly kind: 'garbage' }

/** One delta of the stream and how long to wait before it. */
export interface Piece {
  readonly afterMs: number
  readonly delta: { readonly content: string } | { readonly reasoning: string } | { readonly calls: readonly ToolCall[] }
}

/** Turns a step into its answer; a text that is not empty gets the token. */
export function answerOf(step: ChosenStep['step'], token: string): Answer {
  switch (step.kind) {
    case 'plain':
      return { kind: 'stream', pieces: inChunks(step.text, step), end: 'stop' }
    case 'text':
      return { kind: 'stream', pieces: inChunks(withToken(step.text, token), step), end: step.finish ?? 'stop' }
    case 'tools': {
      const calls: Piece = { afterMs: step.delayMs ?? 0, delta: { calls: step.calls } }
      return { kind: 'stream', pieces: [...marked(step.text, token), calls], end: 'tool_calls' }
    }
    case 'reasoning':
      return {
        kind: 'stream',
        pieces: [{ afterMs: 0, delta: { reasoning: step.reasoning } }, ...spoken(withToken(step.text, token))],
        end: 'stop',
      }
    case 'stall':
    case 'cut':
      return { kind: 'stream', pieces: marked(step.text, token), end: step.kind }
    case 'empty':
      return { kind: 'stream', pieces: [], end: step.finish ?? 'stop' }
    case 'error':
      return { kind: 'error', status: step.status, message: step.message, retryAfterS: step.retryAfterS }
    case 'garbage':
      break
  }
  return { kind: 'garbage' }
}

export function textOf(answer: Answer): string {
  if (answer.kind !== 'stream') return ''
  return answer.pieces.map(({ delta }) => ('content' in delta ? delta.content : '')).join('')
}

export function reasoningOf(answer: Answer): string {
  if (answer.kind !== 'stream') return ''
  return answer.pieces.map(({ delta }) => ('reasoning' in delta ? delta.reasoning : '')).join('')
}

export function callsOf(answer: Answer): readonly ToolCall[] {
  if (answer.kind !== 'stream') return []
  return answer.pieces.flatMap(({ delta }) => ('calls' in delta ? delta.calls : []))
}

export function toolsOf(answer: Answer): readonly string[] {
  return callsOf(answer).map(({ name }) => name)
}

function marked(text: string | undefined, token: string): readonly Piece[] {
  return text === undefined || text === '' ? [] : spoken(withToken(text, token))
}

function spoken(content: string): readonly Piece[] {
  return [{ afterMs: 0, delta: { content } }]
}

/** Equal pieces of whole code points, so that no piece ends inside a surrogate pair. */
function inChunks(text: string, step: { readonly chunks?: number; readonly delayMs?: number }): readonly Piece[] {
  const characters = Array.from(text)
  const size = Math.max(1, Math.ceil(characters.length / Math.max(1, step.chunks ?? 1)))
  const count = Math.ceil(characters.length / size)
  return Array.from({ length: count }, (_, index) => ({
    afterMs: step.delayMs ?? 0,
    delta: { content: characters.slice(index * size, (index + 1) * size).join('') },
  }))
}
