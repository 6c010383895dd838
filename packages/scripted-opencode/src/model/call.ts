/**
 * One request to a model: `POST {baseURL}/chat/completions` with `stream: true` (OpenAI API reference: chat completions). What goes
 * wrong is the last event; only the caller's own abort is thrown. `node:http` rather than `fetch`, which costs as much as the whole
 * start of this program.
 */
import type { IncomingMessage } from 'node:http'
import type { Model } from '../config/models.ts'
import { parseChunks } from './chunks.ts'
import type { ModelEvent } from './chunks.ts'
import { apiFailure, lostConnection, unreachable, UnreadableAnswer } from './failures.ts'
import type { ModelFailure } from './failures.ts'
import type { ChatMessage } from './conversation.ts'
import { http } from '../base/http.ts'

export interface ModelRequest {
  readonly model: Model
  /** Sent along as `x-session-id`. */
  readonly session: string
  readonly messages: readonly ChatMessage[]
  readonly tools?: readonly unknown[]
}

const agent = new http.Agent({ keepAlive: true })

export async function* callModel(
  { model, session, messages, tools = [] }: ModelRequest,
  signal: AbortSignal,
): AsyncGenerator<ModelEvent | { readonly kind: 'failed'; readonly failure: ModelFailure }> {
  const url = `${model.baseURL}/chat/completions`
  const body = JSON.stringify({
    model: model.modelID,
    max_tokens: model.limit.output || undefined,
    messages,
    ...(tools.length > 0 && { tools, tool_choice: 'auto' }),
    stream: true,
    stream_options: { include_usage: true },
  })
  const headers = {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    authorization: `Bearer ${model.apiKey}`,
    'x-session-id': session,
  }
  const response = await send(url, headers, body, signal)
  if (response instanceof Error) {
    signal.throwIfAborted()
    return yield { kind: 'failed', failure: unreachable(url) }
  }
  try {
    if (response.statusCode !== 200) return yield { kind: 'failed', failure: apiFailure(url, response, await whole(response)) }
    yield { kind: 'open' }
    for await (const event of parseChunks(response)) yield event
  } catch (cause) {
    signal.throwIfAborted()
    yield { kind: 'failed', failure: cause instanceof UnreadableAnswer ? cause.failure : lostConnection(url) }
  } finally {
    response.destroy()
  }
}

function send(
  url: string,
  headers: Readonly<Record<string, string | number>>,
  body: string,
  signal: AbortSignal,
): Promise<IncomingMessage | Error> {
  return new Promise((resolve) => {
    const outgoing = http.request(url, { method: 'POST', headers, agent, signal }, resolve)
    outgoing.on('error', resolve)
    outgoing.end(body)
  })
}

async function whole(response: IncomingMessage): Promise<string> {
  response.setEncoding('utf8')
  let text = ''
  for await (const piece of response) text += piece as string
  return text
}
