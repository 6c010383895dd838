/**
 * An answer that has no word and does not say that it is complete, as providers of each kind stream it. OpenCode takes it for a step and goes
 * on with the next one, for which it asks again whom the newest message names. An error would end the run.
 */

/** `url` and `body`: of the request that it answers. Undefined where it is not known how such an answer looks. */
export function withoutWords(url: string, body: string): Response | undefined {
  const { pathname } = new URL(url)
  const kind = KINDS.find(({ path }) => path.test(pathname))
  if (!kind || !(kind.streams ?? STREAMS).test(kind.streams ? pathname : body)) return undefined
  const lines = kind.events.map((event) => {
    const name = typeof event === 'object' && event.type !== undefined ? `event: ${event.type}\n` : ''
    return `${name}data: ${typeof event === 'string' ? event : JSON.stringify(event)}\n\n`
  })
  return new Response(lines.join(''), { headers: { 'content-type': 'text/event-stream' } })
}

interface Kind {
  readonly path: RegExp
  /** In the path, where the body does not say it. */
  readonly streams?: RegExp
  readonly events: readonly (string | { readonly type?: string; readonly [field: string]: unknown })[]
}

const STREAMS = /"stream"\s*:\s*true/
/** No kind of provider has such a reason for an end. */
const REASON = 'account_used_up'
const ID = 'kimaki'

const MESSAGE = { id: ID, type: 'message', role: 'assistant', model: ID, content: [], stop_reason: null, stop_sequence: null }
const RESPONSE = { id: ID, object: 'response', created_at: 0, model: ID, output: [], service_tier: null }
const NO_TOKENS = { input_tokens: 0, output_tokens: 0 }

const KINDS: readonly Kind[] = [
  {
    path: /\/chat\/completions$/,
    events: [
      {
        id: ID,
        object: 'chat.completion.chunk',
        created: 0,
        model: ID,
        choices: [{ index: 0, delta: {}, finish_reason: REASON }],
      },
      '[DONE]',
    ],
  },
  {
    path: /\/messages$/,
    events: [
      { type: 'message_start', message: { ...MESSAGE, usage: NO_TOKENS } },
      { type: 'message_delta', delta: { stop_reason: REASON, stop_sequence: null }, usage: { output_tokens: 0 } },
      { type: 'message_stop' },
    ],
  },
  {
    path: /\/responses$/,
    events: [
      { type: 'response.created', response: { ...RESPONSE, status: 'in_progress' } },
      {
        type: 'response.incomplete',
        response: { ...RESPONSE, status: 'incomplete', incomplete_details: { reason: REASON }, usage: NO_TOKENS },
      },
    ],
  },
  {
    path: /:streamGenerateContent$/,
    streams: /:streamGenerateContent$/,
    events: [{ candidates: [{ content: { role: 'model', parts: [] }, finishReason: 'OTHER', index: 0 }] }],
  },
]
