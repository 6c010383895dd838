import { callsOf, reasoningOf, textOf } from './answer.ts'
import type { Answer, Piece } from './answer.ts'
import type { ToolCall } from './api.ts'

/** What the shapes of an answer need to know of its request; `id` is the answer's token. */
export interface Reply {
  readonly id: string
  readonly model: string
  readonly body: unknown
}

/** One server-sent event with a delta (OpenAI API reference: chat.completion.chunk). */
export function chunkOf(reply: Reply, { delta }: Piece): string {
  if ('content' in delta) return event(reply, { role: 'assistant', content: delta.content })
  if ('reasoning' in delta) return event(reply, { role: 'assistant', reasoning_content: delta.reasoning })
  return event(reply, { role: 'assistant', tool_calls: toolCalls(reply, delta.calls).map((call, index) => ({ index, ...call })) })
}

/** The end of a stream: finish reason with usage, then `[DONE]`. `none` ends without a reason. */
export function finishOf(reply: Reply, answer: Answer, reason: string): string {
  return `${event(reply, {}, reason === 'none' ? null : reason, usageOf(reply, answer))}data: [DONE]\n\n`
}

/** The same answer without streaming (chat.completion). */
export function completionOf(reply: Reply, answer: Answer): unknown {
  const calls = callsOf(answer)
  const reasoning = reasoningOf(answer)
  const message = {
    role: 'assistant',
    content: textOf(answer) || null,
    ...(reasoning === '' ? {} : { reasoning_content: reasoning }),
    ...(calls.length === 0 ? {} : { tool_calls: toolCalls(reply, calls) }),
  }
  const finish_reason = answer.kind === 'stream' ? answer.end : 'stop'
  return { ...header(reply, 'chat.completion'), choices: [{ index: 0, message, finish_reason }], usage: usageOf(reply, answer) }
}

export function errorOf(answer: Extract<Answer, { kind: 'error' }>): unknown {
  return { error: { message: answer.message, type: 'scripted_error', code: answer.status, param: null } }
}

export function isStreaming({ body }: Reply): boolean {
  return typeof body === 'object' && body !== null && 'stream' in body && body.stream === true
}

function event(reply: Reply, delta: object, finish_reason: string | null = null, usage?: object): string {
  const chunk = {
    ...header(reply, 'chat.completion.chunk'),
    choices: [{ index: 0, delta, finish_reason }],
    ...(usage && { usage }),
  }
  return `data: ${JSON.stringify(chunk)}\n\n`
}

function header({ id, model }: Reply, object: string): object {
  return { id: `chatcmpl-${plain(id)}`, object, created: 0, model }
}

function toolCalls({ id }: Reply, calls: readonly ToolCall[]): readonly object[] {
  return calls.map(({ name, args }, index) => ({
    id: `call_${plain(id)}_${index}`,
    type: 'function',
    function: { name, arguments: JSON.stringify(args) },
  }))
}

function plain(token: string): string {
  return token.replaceAll(/[⟦⟧]/gu, '')
}

/** Four characters to a token: near enough for context bars and cost lines, and the same every time. */
function usageOf({ body }: Reply, answer: Answer): object {
  const prompt = Math.ceil(JSON.stringify(body).length / 4)
  const completion = Math.ceil((textOf(answer).length + reasoningOf(answer).length + JSON.stringify(callsOf(answer)).length) / 4)
  return { prompt_tokens: prompt, completion_tokens: completion, total_tokens: prompt + completion }
}
