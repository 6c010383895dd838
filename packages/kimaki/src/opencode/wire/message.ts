/** OpenCode's messages, parts, errors and states, reduced to what a thread can show. Pure. */
import type { AgentFailure, AgentFile, AgentPart, AssistantMessage, SessionStatus, UserMessage } from '../../domain/agent.ts'
import { isOriginText } from '../../domain/message/prompt.ts'
import type * as api from './api.ts'
import { read } from './read.ts'
import type { Received } from './read.ts'

export type MessageHead = UserMessage | Omit<AssistantMessage, 'parts'>

/** A message without its parts; messages that OpenCode made itself (compaction) are user messages too. */
export function messageOf(info: Received<api.Message>): MessageHead | undefined {
  const id = info.text('id')
  const time = info.object('time')
  const created = time.number('created')
  const role = info.choice('role', ['user', 'assistant'])
  if (id === undefined || created === undefined || role === undefined) return undefined
  if (role === 'user') return { kind: 'user', id, created }
  const provider = info.text('providerID') ?? ''
  const cost = info.number('cost') ?? 0
  return {
    kind: 'assistant',
    id,
    parent: info.text('parentID') ?? '',
    created,
    completed: time.number('completed'),
    finish: info.text('finish'),
    failure: failureOf(info.object('error'), provider),
    model: { provider, model: info.text('modelID') ?? '' },
    agent: info.text('agent') ?? info.text('mode') ?? '',
    tokens: tokensOf(info),
    ...(cost > 0 && { cost }),
    summary: info.isTrue('summary'),
  }
}

/** A part that a thread can show; steps, snapshots, patches and the like are `undefined`. */
export function partOf(part: Received<api.Part>): AgentPart | undefined {
  const id = part.text('id')
  const type = part.choice('type', ['text', 'reasoning', 'file', 'tool'])
  if (id === undefined || type === undefined) return undefined
  if (type === 'tool') return toolOf(id, read(part.fields))
  if (type === 'file') return { kind: 'file', id, ...fileOf(read(part.fields), 'file') }
  return { kind: type, id, text: part.text('text') ?? '', closed: part.object('time').number('end') !== undefined }
}

/** Whoever made it may have left out its name: then it is named after what made it, and what it is. */
function fileOf(file: Received<api.FilePart>, maker: string, path?: string): AgentFile {
  const name = file.text('filename') || path?.split('/').at(-1)
  if (name) return { name }
  return { name: `${maker}.${/^[\w.]+\/([\w.]+)/.exec(file.text('mime') ?? '')?.[1] ?? 'bin'}`, isUnnamed: true }
}

/** What somebody wrote in a message that is not one of our prompts; of files their names. */
export function wordsOf(parts: readonly Received<api.Part>[]): string {
  if (isOurPrompt(parts)) return ''
  return parts
    .flatMap((part) => {
      if (part.text('type') === 'file') return [`[${fileOf(read(part.fields), 'file').name}]`]
      return part.text('type') === 'text' && !part.isTrue('synthetic') && !part.isTrue('ignored') ? [part.text('text') ?? ''] : []
    })
    .join('\n')
    .trim()
}

export const isOurPrompt = (parts: readonly Received<api.Part>[]): boolean =>
  parts.some((part) => part.isTrue('synthetic') && isOriginText(part.text('text') ?? ''))

function toolOf(id: string, part: Received<api.ToolPart>): AgentPart {
  const state = part.object('state')
  const tool = part.text('tool') ?? ''
  const child = tool === 'task' ? state.object('metadata').text('sessionId') : undefined
  const output = state.text('output')
  // OpenCode names no picture that it has read; its path does.
  const path = tool === 'read' ? state.object('input').text('filePath') : undefined
  const files = state.list('attachments').map((file) => fileOf(file, tool, path))
  return {
    kind: 'tool',
    id,
    callId: part.text('callID') ?? '',
    tool,
    ...(child !== undefined && { child }),
    ...(output !== undefined && { outputLength: output.length }),
    ...(files.length > 0 && { files }),
    state: state.choice('status', ['pending', 'running', 'completed', 'error']) ?? 'pending',
    input: state.object('input').fields,
    title: state.text('title'),
    error: state.text('error'),
  }
}

/** `undefined` when there is no error. The name stands in where OpenCode gives no message. */
export function failureOf(received: Received<api.MessageError>, provider?: string): AgentFailure | undefined {
  const error = read<api.NamedMessageError>(received.fields)
  const name = error.text('name')
  if (name === undefined) return undefined
  const data = error.object('data')
  return {
    name,
    message: withoutStack(data.text('message') ?? '') || name,
    status: data.number('statusCode'),
    provider: data.text('providerID') ?? (provider === '' ? undefined : provider),
  }
}

/** OpenCode tells some errors with the stack of its own source behind the sentence. */
function withoutStack(message: string): string {
  const stack = STACK.exec(message)
  return (stack ? message.slice(0, stack.index).trimEnd() : message).replace(/^Error: /, '')
}

/** Bounded, and without what stands before it: a provider's error may hold any number of blanks or brackets. */
const STACK = /\sat [^\n(]{0,200}\([^\n)]{0,500}:\d{1,9}:\d{1,9}\)/

/** A session that `/session/status` does not list is idle. */
export function statusOf(status: Received<api.SessionStatus>): SessionStatus {
  const kind = status.choice('type', ['busy', 'retry'])
  if (kind === undefined) return { kind: 'idle' }
  if (kind === 'busy') return { kind: 'busy' }
  return {
    kind: 'retry',
    attempt: status.number('attempt') ?? 1,
    message: status.text('message') ?? '',
    next: status.number('next') ?? 0,
  }
}

/** The state of one session in the answer of `/session/status`. */
export const statusIn = (statuses: unknown, session: string): SessionStatus =>
  statusOf(read<api.SessionStatuses>(statuses).object(session))

function tokensOf(info: Received<api.Message>): number {
  const tokens = info.object('tokens')
  const cache = tokens.object('cache')
  const counts = [
    tokens.number('input'),
    tokens.number('output'),
    tokens.number('reasoning'),
    cache.number('read'),
    cache.number('write'),
  ]
  return counts.reduce<number>((sum, count) => sum + (count ?? 0), 0)
}
