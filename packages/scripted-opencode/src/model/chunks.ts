/** The chunks of a streamed answer (OpenAI API reference: chat.completion.chunk) as events. */
import { isRecord, list, number, record, text } from '../base/json.ts'
import type { Json } from '../base/json.ts'
import { UnreadableAnswer } from './failures.ts'

export type ModelEvent =
  /** The provider has begun to answer. */
  | { readonly kind: 'open' }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'reasoning'; readonly text: string }
  /** `input`: `undefined` where the arguments are no JSON object. */
  | { readonly kind: 'call'; readonly id: string; readonly name: string; readonly input: Json | undefined }
  | { readonly kind: 'finish'; readonly reason: string; readonly usage: Usage }

/** In tokens. */
export interface Usage {
  readonly input: number
  readonly output: number
}

const REASONS: Readonly<Record<string, string>> = {
  stop: 'stop',
  length: 'length',
  content_filter: 'content-filter',
  tool_calls: 'tool-calls',
  function_call: 'tool-calls',
}

interface Call {
  readonly id: string
  readonly name: string
  args: string
  isTold: boolean
}

/** Ends with `finish`, which has the reason `unknown` when the provider gave none. Throws `UnreadableAnswer`. */
export async function* parseChunks(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<ModelEvent> {
  const calls = new Map<number, Call>()
  let reason = 'unknown'
  let usage: Usage = { input: 0, output: 0 }
  for await (const chunk of chunks(bytes)) {
    if (isRecord(chunk['usage'])) usage = usageOf(chunk['usage'])
    const [choice] = list(chunk['choices']).map(record)
    if (!choice) continue
    const delta = record(choice['delta'])
    const thought = text(delta['reasoning_content'])
    if (thought) yield { kind: 'reasoning', text: thought }
    const said = text(delta['content'])
    if (said) yield { kind: 'text', text: said }
    for (const piece of list(delta['tool_calls']).map(record)) {
      const call = take(calls, piece)
      const input = objectIn(call.args)
      if (!input || call.isTold) continue
      call.isTold = true
      yield { kind: 'call', id: call.id, name: call.name, input }
    }
    reason = REASONS[text(choice['finish_reason']) ?? ''] ?? reason
  }
  for (const { id, name, isTold } of calls.values()) if (!isTold) yield { kind: 'call', id, name, input: undefined }
  yield { kind: 'finish', reason, usage }
}

function take(calls: Map<number, Call>, { index, id, function: named }: Json): Call {
  const key = number(index) ?? calls.size
  const { name, arguments: args } = record(named)
  const call = calls.get(key) ?? { id: text(id) ?? `call_${key}`, name: text(name) ?? '', args: '', isTold: false }
  call.args += text(args) ?? ''
  calls.set(key, call)
  return call
}

function usageOf({ prompt_tokens, completion_tokens }: Json): Usage {
  return { input: number(prompt_tokens) ?? 0, output: number(completion_tokens) ?? 0 }
}

function objectIn(source: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(source)
    return isRecord(value) ? value : undefined
  } catch {
    return undefined
  }
}

async function* chunks(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Json> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const piece of bytes) {
    const lines = (rest + decoder.decode(piece, { stream: true })).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) {
      const data = /^data: ?(.*)/.exec(line)?.[1]?.trimEnd()
      if (data !== undefined && data !== '[DONE]') yield chunk(data)
    }
  }
}

function chunk(data: string): Json {
  try {
    return record(JSON.parse(data))
  } catch (cause) {
    throw new UnreadableAnswer(data, String(cause))
  }
}
