/** A Discord in a few arrays: what was posted is kept, what goes wrong is said by the test. */
import { layout } from '../../../src/discord/layout/layout.ts'
import type { AccessFacts } from '../../../src/domain/access.ts'
import type { IncomingMessage } from '../../../src/domain/message/incoming.ts'
import type { CatchUpPage, ChatPort, ChatResult, GatewayPosition, StartOptions } from '../../../src/ports/chat.ts'

export interface Posted {
  readonly id: string
  readonly channelId: string
  readonly content: string
  readonly nonce: string
  readonly buttons: readonly string[]
  /** Text of the attached file. */
  readonly file: string | undefined
  readonly notify: boolean
}

export interface FakeChat extends ChatPort {
  readonly posts: Posted[]
  readonly threads: string[]
  /** Started without a message. */
  readonly started: { readonly id: string; readonly channelId: string; readonly name: string }[]
  readonly calls: string[]
  heard: StartOptions | undefined
  /** Asked before each call of that name; a returned value is the answer. */
  on: Partial<{
    post: (channelId: string, content: string) => Promise<ChatResult<{ readonly messageId: string }> | undefined>
    edit: (messageId: string, content: string) => Promise<ChatResult<void> | undefined>
    startThread: (name: string) => Promise<ChatResult<{ readonly threadId: string }> | undefined>
    openThread: (messageId: string) => Promise<ChatResult<{ readonly threadId: string }> | undefined>
    readAfter: (channelId: string, after: string) => Promise<ChatResult<CatchUpPage> | undefined>
    threadsSince: ChatPort['threadsSince']
    newestIn: ChatPort['newestIn']
    accessOf: ChatPort['accessOf']
    download: ChatPort['download']
    typing: (channelId: string) => void
    layout: ChatPort['layout'] | undefined
  }>
}

export const position = (sequence: number, sessionId = 'gateway-1'): GatewayPosition => ({
  sessionId,
  resumeUrl: 'wss://resume',
  sequence,
})

export const gone = { ok: false, failure: { kind: 'gone', code: 10_003, message: 'Unknown Channel' } } as const
export const refused = { ok: false, failure: { kind: 'refused', code: 50_013, message: 'Missing Permissions' } } as const
export const unknown = { ok: false, failure: { kind: 'unknown', message: 'no answer' } } as const
export const stopped = { ok: false, failure: { kind: 'stopped' } } as const

export function fakeChat(): FakeChat {
  let ended = false
  const chat: FakeChat = {
    posts: [],
    threads: [],
    started: [],
    calls: [],
    heard: undefined,
    on: {},
    async start(options) {
      chat.heard = options
      return { kind: 'ready', applicationId: '1', botUserId: '1', guildIds: [GUILD] }
    },
    async readAfter(channelId, after) {
      const answer = await chat.on.readAfter?.(channelId, after)
      if (ended) return stopped
      return answer ?? { ok: true, value: { messages: [], lastId: undefined, more: false } }
    },
    newestIn: async (channel) => chat.on.newestIn?.(channel) ?? { ok: true, value: channel },
    threadsSince: async (channels, since) => chat.on.threadsSince?.(channels, since) ?? { ok: true, value: [] },
    accessOf: async (guild, user) => chat.on.accessOf?.(guild, user) ?? { ok: true, value: ownerAccess },
    async openThread(_channel, messageId) {
      chat.calls.push(`openThread ${messageId}`)
      const answer = await chat.on.openThread?.(messageId)
      if (answer) return answer
      chat.threads.push(messageId)
      return { ok: true, value: { threadId: messageId } }
    },
    async startThread(channelId, name) {
      if (ended) return stopped
      const answer = await chat.on.startThread?.(name)
      if (answer) return answer
      const id = nextId()
      chat.started.push({ id, channelId, name })
      return { ok: true, value: { threadId: id } }
    },
    ownThreadsAfter: async (channelId, after) => ({
      ok: true,
      value: chat.started.filter((thread) => thread.channelId === channelId && thread.id > after),
    }),
    async post(channelId, { content, buttons = [], file, notify }, nonce) {
      if (ended) return stopped
      const answer = await chat.on.post?.(channelId, content)
      if (answer) return answer
      const id = nextId()
      const ids = buttons.map(({ id: button }) => button)
      chat.posts.push({ id, channelId, content, nonce, buttons: ids, file: file?.text, notify })
      return { ok: true, value: { messageId: id } }
    },
    acknowledge: async ({ id }) => {
      chat.calls.push(`acknowledge ${id}`)
      return { ok: true, value: undefined }
    },
    refuse: async ({ id }, text) => {
      chat.calls.push(`refuse ${id} ${text}`)
      return { ok: true, value: undefined }
    },
    async edit(channelId, messageId, { text: content, buttons }) {
      if (ended) return stopped
      chat.calls.push(`edit ${messageId}`)
      const answer = await chat.on.edit?.(messageId, content)
      if (answer) return answer
      const at = chat.posts.findIndex((post) => post.id === messageId && post.channelId === channelId)
      const post = chat.posts[at]
      if (!post) return gone
      chat.posts[at] = { ...post, content, buttons: buttons.map(({ id: button }) => button) }
      return { ok: true, value: undefined }
    },
    async ownMessagesAfter(channelId, after = '0') {
      chat.calls.push(`ownMessagesAfter ${channelId}`)
      return { ok: true, value: chat.posts.filter((post) => post.channelId === channelId && post.id > after) }
    },
    download: async (...facts) => chat.on.download?.(...facts) ?? { ok: true, value: new Uint8Array() },
    cosmetic: {
      typing: (channelId) => chat.on.typing?.(channelId),
      rename: (channelId, name) => void chat.calls.push(`rename ${channelId} ${name}`),
      addMember: (threadId, userId) => void chat.calls.push(`addMember ${threadId} ${userId}`),
    },
    // Looked up at each call: the bot keeps the function it was given.
    layout: (blocks) => (chat.on.layout ?? layout)(blocks),
    async stop() {
      ended = true
    },
  }
  return chat
}
