/** A store in a folder of its own, and conversations to put into it. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { Post } from '../../src/domain/conversation/posts/post.ts'
import type { Prompt, PromptPhase } from '../../src/domain/conversation/prompt.ts'
import { beginConversation, type Conversation } from '../../src/domain/conversation/state.ts'
import type { IncomingMessage } from '../../src/domain/message/incoming.ts'
import type { Acceptance, ConversationPlace, ConversationRows, StorePort } from '../../src/ports/store.ts'
import { createStore } from '../../src/store/store.ts'
import { CHANNEL, GUILD, message } from '../support/conversation.ts'

export function newFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'kimaki-store-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return join(folder, 'data', 'discord-sessions.db')
}

export function open(file = newFile()): StorePort {
  const store = createStore(file)
  if (store instanceof Error) throw store
  onTestFinished(() => store.close().catch(() => undefined))
  return store
}

export const ID = '300000000000000001'

export const conversation = (store: StorePort, facts: Partial<Conversation> = {}): Conversation => ({
  ...beginConversation({
    id: ID,
    install: store.installId,
    guildId: GUILD,
    channelId: CHANNEL,
    directory: '/p',
    verbosity: 'tools_and_text',
    inThread: false,
  }),
  ...facts,
})

export const prompt = (order: number, phase: PromptPhase): Prompt => ({
  id: `discord:${ID}${order}`,
  order,
  message: message(`message ${order}`),
  acceptedAt: 1,
  phase,
})

export const post = (id: string, ...blocks: readonly string[]): Post => ({
  id,
  channelId: ID,
  blocks,
  content: `content of ${id}`,
  file: undefined,
  notify: false,
  fallback: false,
  editable: false,
  buttons: [],
})

export const rows = (state: Conversation, changes: Partial<ConversationRows> = {}): ConversationRows => ({
  state,
  prompts: [],
  effects: [],
  effectsDone: [],
  posts: [],
  editable: [],
  sent: [],
  dropped: [],
  fixed: [],
  turnClosed: false,
  ...changes,
})

export const asking = (written: IncomingMessage, place: ConversationPlace, at: number): Acceptance => ({
  key: `discord:${written.id}`,
  request: { kind: 'message', message: written },
  conversation: place,
  at,
})
