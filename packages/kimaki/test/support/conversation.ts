/** Pure builders of what tests of a conversation need: messages of people, what the agent says, and conversations in any state. */
import type { AccessFacts } from '../../src/domain/access.ts'
import type { AgentEvent, AgentMessage, AgentPart, AssistantMessage } from '../../src/domain/agent.ts'
import type { Prompt, PromptPhase } from '../../src/domain/conversation/prompt.ts'
import { beginConversation, inTurn, type Conversation, type Turn } from '../../src/domain/conversation/state.ts'
import type { IncomingMessage } from '../../src/domain/message/incoming.ts'
import type { Post } from '../../src/domain/conversation/posts/post.ts'

export const SESSION = 'ses_1'
export const GUILD = '100000000000000001'
export const CHANNEL = '100000000000000002'
export const OWNER = '100000000000000003'

export const ownerAccess: AccessFacts = {
  userId: OWNER,
  isBot: false,
  ownerId: OWNER,
  memberRoleIds: [],
  guildId: GUILD,
  roles: [],
}

let snowflake = 200_000_000_000_000_000n
export const nextId = (): string => String((snowflake += 1n))

export function message(text: string, facts: Partial<IncomingMessage> = {}): IncomingMessage {
  return {
    id: nextId(),
    guildId: GUILD,
    channelId: CHANNEL,
    projectChannelId: CHANNEL,
    inThread: false,
    author: { kind: 'person', id: OWNER, name: 'Ann' },
    text,
    titleText: text,
    mentionsBot: false,
    reply: undefined,
    attachments: [],
    sentAt: '2026-01-01T00:00:00.000Z',
    ...facts,
  }
}

/** In a thread, with an open session. */
export function conversation(turn: Partial<Turn> = {}, facts: Partial<Conversation> = {}): Conversation {
  const begun = beginConversation({
    id: '1',
    install: 'i',
    guildId: '2',
    channelId: '3',
    directory: '/p',
    verbosity: 'text_and_essential_tools',
    inThread: true,
  })
  return inTurn({ ...begun, session: { kind: 'open', id: SESSION }, ...facts }, turn)
}

export const prompt = (order: number, phase: PromptPhase, facts: Partial<Prompt> = {}): Prompt => ({
  id: `discord:${order}`,
  order,
  message: message(`m${order}`, { id: String(order) }),
  acceptedAt: 0,
  phase,
  ...facts,
})

export const delivered = (messageId: string, created: number, resends = 0): PromptPhase => ({
  kind: 'delivered',
  created,
  messageId,
  parts: [],
  resends,
})

export const user = (id: string, created: number): AgentMessage => ({ kind: 'user', id, created })

export const text = (id: string, words: string, closed = true): AgentPart => ({ kind: 'text', id, text: words, closed })

export const tool = (id: string, state: 'pending' | 'running' | 'completed', input: Record<string, unknown> = {}): AgentPart => ({
  kind: 'tool',
  id,
  callId: id,
  tool: 'bash',
  state,
  input: { command: 'ls', ...input },
  title: undefined,
  error: undefined,
})

/** An answer that is complete. */
export function answer(
  id: string,
  parent: AgentMessage,
  parts: readonly AgentPart[],
  facts: Partial<AssistantMessage> = {},
): AssistantMessage {
  return {
    kind: 'assistant',
    id,
    parent: parent.id,
    created: parent.created + 1,
    completed: parent.created + 2,
    finish: 'stop',
    failure: undefined,
    model: { provider: 'p', model: 'm' },
    agent: 'build',
    tokens: 0,
    summary: false,
    parts,
    ...facts,
  }
}

export const busy: AgentEvent = { kind: 'status', session: SESSION, status: { kind: 'busy' } }
export const idle: AgentEvent = { kind: 'status', session: SESSION, status: { kind: 'idle' } }

export const says = (message: AgentMessage): AgentEvent => ({ kind: 'message', session: SESSION, message: withoutParts(message) })
export const part = (messageId: string, news: AgentPart): AgentEvent => ({
  kind: 'part',
  session: SESSION,
  messageId,
  part: news,
})

/** The events of a whole run, as the stream tells it. */
export function run(user: AgentMessage, message: AssistantMessage): readonly AgentEvent[] {
  const begun: AssistantMessage = { ...message, completed: undefined, finish: undefined }
  return [says(user), busy, says(begun), ...message.parts.map((each) => part(message.id, each)), says(message), idle]
}

function withoutParts(message: AgentMessage): Extract<AgentEvent, { kind: 'message' }>['message'] {
  if (message.kind === 'user') return message
  const { parts: _parts, ...rest } = message
  return rest
}

/** A post in the thread of `conversation()` that Discord has not confirmed. */
export const post = (id: string, news: Partial<Post> = {}): Post => ({
  id,
  channelId: '1',
  blocks: [`part/${id}`],
  content: id,
  file: undefined,
  notify: false,
  fallback: false,
  editable: false,
  buttons: [],
  ...news,
})
