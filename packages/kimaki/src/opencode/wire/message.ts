/** OpenCode's messages, parts, errors and states, reduced to what a thread can show. Pure. */
import type { AgentFailure, AgentPart, AssistantMessage, SessionStatus, UserMessage } from '../../domain/conversation/agent.ts'
import { number, record, text } from './json.ts'

export type MessageHead = UserMessage | Omit<AssistantMessage, 'parts'>

/** A message without its parts; messages that OpenCode made itself (compaction) are user messages too. */
export function messageOf(value: unknown): MessageHead | undefined {
  const info = record(value)
  const id = text(info['id'])
  const time = record(info['time'])
  const created = number(time['created'])
  if (id === undefined || created === undefined) return undefined
  if (info['role'] === 'user') return { kind: 'user', id, created }
  if (info['role'] !== 'assistant') return undefined
  const provider = text(info['providerID']) ?? ''
  return {
    kind: 'assistant',
    id,
    parent: text(info['parentID']) ?? '',
    created,
    completed: number(time['completed']),
    finish: text(info['finish']),
    failure: failureOf(info['error'], provider),
    model: { provider, model: text(info['modelID']) ?? '' },
    agent: text(info['agent']) ?? text(info['mode']) ?? '',
    tokens: tokensOf(info['tokens']),
    summary: info['summary'] === true,
  }
}

/** A part that a thread can show; steps, snapshots, patches and the like are `undefined`. */
export function partOf(value: unknown): AgentPart | undefined {
  const part = record(value)
  const id = text(part['id'])
  if (id === undefined) return undefined
  switch (part['type']) {
    case 'text':
    case 'reasoning':
      return { kind: part['type'], id, text: text(part['text']) ?? '', closed: number(record(part['time'])['end']) !== undefined }
    case 'file':
      return { kind: 'file', id, name: text(part['filename']) ?? text(part['mime']) ?? 'file' }
    case 'tool':
      return toolOf(id, part)
    default:
      return undefined
  }
}

const TOOL_STATES = ['pending', 'running', 'completed', 'error'] as const

function toolOf(id: string, part: Readonly<Record<string, unknown>>): AgentPart {
  const state = record(part['state'])
  return {
    kind: 'tool',
    id,
    callId: text(part['callID']) ?? '',
    tool: text(part['tool']) ?? '',
    state: TOOL_STATES.find((known) => known === state['status']) ?? 'pending',
    input: record(state['input']),
    title: text(state['title']),
    error: text(state['error']),
  }
}

/** `undefined` when there is no error. The name stands in where OpenCode gives no message. */
export function failureOf(value: unknown, provider?: string): AgentFailure | undefined {
  const error = record(value)
  const name = text(error['name'])
  if (name === undefined) return undefined
  const data = record(error['data'])
  return {
    name,
    message: withoutStack(text(data['message']) ?? '') || name,
    status: number(data['statusCode']),
    provider: text(data['providerID']) ?? (provider === '' ? undefined : provider),
  }
}

/** OpenCode tells some errors with the stack of its own source behind the sentence. */
const withoutStack = (message: string): string =>
  message.replace(/\s+at [^\n]*\([^)\n]*:\d+:\d+\)[^]*$/, '').replace(/^Error: /, '')

/** A session that `/session/status` does not list is idle. */
export function statusOf(value: unknown): SessionStatus {
  const status = record(value)
  if (status['type'] === 'busy') return { kind: 'busy' }
  if (status['type'] !== 'retry') return { kind: 'idle' }
  return {
    kind: 'retry',
    attempt: number(status['attempt']) ?? 1,
    message: text(status['message']) ?? '',
    next: number(status['next']) ?? 0,
  }
}

function tokensOf(value: unknown): number {
  const tokens = record(value)
  const cache = record(tokens['cache'])
  const counts = [tokens['input'], tokens['output'], tokens['reasoning'], cache['read'], cache['write']]
  return counts.reduce<number>((sum, count) => sum + (number(count) ?? 0), 0)
}
