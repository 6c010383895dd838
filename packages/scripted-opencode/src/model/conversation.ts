/** What was said in a session, as messages for the model. */
import type { Part, Stored, ToolPart } from '../store/shapes.ts'

export type ChatMessage = Readonly<Record<string, unknown>> & { readonly role: 'system' | 'user' | 'assistant' | 'tool' }

export const conversation = (history: readonly Stored[]): readonly ChatMessage[] => history.flatMap(messagesOf)

function messagesOf({ info, parts }: Stored): readonly ChatMessage[] {
  if (info.role === 'user') {
    const content = parts.flatMap(contentOf)
    return content.length === 0 ? [] : [{ role: 'user', content: plain(content) }]
  }
  // An answer that failed is forgotten; one that was stopped is kept as far as it came.
  const isStopped = info.error?.name === 'MessageAbortedError'
  if (info.error && !(isStopped && parts.some(({ type }) => type === 'text' || type === 'tool'))) return []
  const text = parts.flatMap((part) => (part.type === 'text' && part.text !== '' ? [part.text] : [])).join('')
  const tools = parts.filter((part) => part.type === 'tool')
  if (text === '' && tools.length === 0) return []
  const calls = tools.map(({ callID, tool, state }) => ({
    id: callID,
    type: 'function',
    function: { name: tool, arguments: JSON.stringify(state.input) },
  }))
  return [
    { role: 'assistant', content: text, ...(calls.length > 0 && { tool_calls: calls }) },
    ...tools.map((part): ChatMessage => ({ role: 'tool', tool_call_id: part.callID, content: resultOf(part) })),
  ]
}

function resultOf({ state }: ToolPart): string {
  if (state.status === 'completed') return state.output
  return state.status === 'error' ? state.error : '[Tool execution was interrupted]'
}

type Content = Readonly<Record<string, unknown>> & { readonly type: string }

function contentOf(part: Part): readonly Content[] {
  if (part.type === 'text') return part.ignored ? [] : [{ type: 'text', text: part.text }]
  if (part.type === 'compaction') return [{ type: 'text', text: 'What did we do so far?' }]
  // The words of a text file stand beside it as a text.
  if (part.type !== 'file' || part.mime === 'text/plain') return []
  if (part.mime.startsWith('image/')) return [{ type: 'image_url', image_url: { url: part.url } }]
  const file = { filename: part.filename, file_data: part.url }
  if (part.mime === 'application/pdf') return [{ type: 'file', file }]
  return [
    {
      type: 'text',
      text: `ERROR: Cannot read "${part.filename ?? 'file'}" (this model does not support ${part.mime} input). Inform the user.`,
    },
  ]
}

/** One text goes as a text, not as a list of one. */
function plain(content: readonly Content[]): unknown {
  const [only] = content
  return content.length === 1 && only?.type === 'text' ? only['text'] : content
}
