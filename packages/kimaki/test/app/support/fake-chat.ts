/** A Discord in a few arrays: what is written and posted is kept, what goes wrong is said by the test. */
import { ChatForbidden, ChatGone, ChatRefused, ChatUnknown } from '../../../src/base/errors.ts'
import { compareSnowflakes } from '../../../src/base/ids.ts'
import { untilAborted } from '../../../src/base/sleep.ts'
import { layout } from '../../../src/discord/layout/layout.ts'
import type { AccessFacts } from '../../../src/domain/access.ts'
import type { ChannelReport } from '../../../src/domain/channel.ts'
import type { Modal } from '../../../src/domain/conversation/posts/modal.ts'
import type { MessageContent } from '../../../src/domain/conversation/posts/post.ts'
import type { IncomingMessage, RepliedMessage } from '../../../src/domain/message/incoming.ts'
import type {
  CatchUpPage,
  ChatError,
  ChatEvent,
  ChatPort,
  ChatReady,
  Choice,
  CommandDeclaration,
  GatewayPosition,
  Interaction,
  OwnMessage,
  Line,
  StartOptions,
  Visibility,
} from '../../../src/ports/chat.ts'
import type { ChannelsPort, GuildChannel } from '../../../src/ports/channels.ts'
import type { Block, Outgoing } from '../../../src/view/blocks.ts'
import { fakeChannels, type ChannelAnswers } from './fake-channels.ts'
import { GUILD, OWNER, nextId, ownerAccess } from '../../support/conversation.ts'

export interface Posted {
  readonly id: string
  readonly channelId: string
  readonly content: string
  readonly nonce: string
  readonly buttons: readonly string[]
  /** Text of the attached file. */
  readonly file: string | undefined
  /** Files of the agent: name and text. */
  readonly attached: readonly (readonly [name: string, text: string])[]
  readonly notify: boolean
  readonly components?: Outgoing['components']
}

/** Asked before each call of that name; a returned value is the answer. */
type Answers = Partial<{
  post: (
    channelId: string,
    content: string,
  ) => Promise<{ readonly messageId: string; readonly isForeign?: true } | ChatError | undefined>
  edit: (messageId: string, content: string) => Promise<ChatError | undefined>
  pin: (messageId: string) => Promise<ChatError | undefined>
  defer: (interactionId: string) => Promise<ChatError | undefined>
  reply: (text: string) => Promise<ChatError | undefined>
  startThread: (name: string) => Promise<{ readonly threadId: string } | ChatError | undefined>
  openThread: (messageId: string) => Promise<{ readonly threadId: string } | ChatError | undefined>
  readAfter: (channelId: string, after: string) => Promise<CatchUpPage | ChatError | undefined>
  threadsSince: ChatPort['threadsSince']
  newestIn: ChatPort['newestIn']
  accessOf: ChatPort['accessOf']
  threadStarter: ChatPort['threadStarter']
  registerCommands: ChatPort['registerCommands']
  download: ChatPort['download']
  typing: (channelId: string) => void
  layout: ChatPort['layout'] | undefined
}> &
  ChannelAnswers

export const position = (sequence: number, sessionId = 'gateway-1'): GatewayPosition => ({
  sessionId,
  resumeUrl: 'wss://resume',
  sequence,
})

export const gone = new ChatGone({ code: 10_003, reason: 'Unknown Channel' })
export const refused = new ChatRefused({ code: 50_035, reason: 'Invalid Form Body' })
export const forbidden = new ChatForbidden({ code: 50_013, reason: 'Missing Permissions' })
export const unknown = new ChatUnknown({ reason: 'no answer' })

const isAfter = (id: string, after: string): boolean => compareSnowflakes(id, after) > 0

interface Thread {
  readonly id: string
  readonly channelId: string
  readonly name: string
}

export class FakeChat implements ChatPort {
  readonly posts: Posted[] = []
  /** Opened from a message. */
  readonly threads: string[] = []
  /** Started without a message. */
  readonly started: Thread[] = []
  readonly calls: string[] = []
  /** Names of the files of answers. */
  readonly sentAlong: string[] = []
  /** What commands were answered, by their tokens. */
  readonly replies = new Map<string, string>()
  /** Every answer to a command, in their order. */
  readonly answered: { readonly token: string; readonly text: string }[] = []
  /** The newest answers to interactions, by their tokens: with their buttons. */
  readonly answers = new Map<string, MessageContent>()
  /** By the ids of their interactions. */
  readonly proposed = new Map<string, readonly Choice[]>()
  readonly goneChannels = new Set<string>()
  readonly members = new Set([OWNER])
  commands: readonly CommandDeclaration[] = []
  /** The next post happens, and nobody is told. */
  losesAnswerOfPost = false
  /** The next channel is made, and nobody is told. */
  losesAnswerOfChannel = false
  on: Answers = {}
  connection: Line = { kind: 'up' }
  readonly cosmetic: ChatPort['cosmetic'] = {
    typing: (channelId) => this.on.typing?.(channelId),
    rename: (channelId, name) => void this.calls.push(`rename ${channelId} ${name}`),
    addMember: (threadId, userId) => void this.calls.push(`addMember ${threadId} ${userId}`),
  }
  /** Channels that were made, or stood there before. */
  readonly made: GuildChannel[] = []
  readonly application: ChatPort['application'] = async () => ({ id: '1', name: 'Kimaki', mayReadMessages: true })
  readonly channels: ChannelsPort = fakeChannels(this)
  readonly #stopping = new AbortController()
  readonly #written: { readonly message: IncomingMessage; readonly access: AccessFacts }[] = []
  readonly #opened: Thread[] = []
  /** Interactions that Discord knows to be received, by their tokens. */
  readonly #acknowledged = new Set<string>()
  /** Discord remembers a nonce for some minutes, which a restart may take. */
  readonly #nonces = new Map<string, string>()
  #options: StartOptions | undefined
  #sequence = 1

  /** Discord outlives the bot. */
  inherit(earlier: FakeChat): void {
    this.posts.push(...earlier.posts)
    this.made.push(...earlier.made)
    this.started.push(...earlier.started)
    this.#opened.push(...earlier.#opened)
    this.#written.push(...earlier.#written)
    for (const token of earlier.#acknowledged) this.#acknowledged.add(token)
    for (const [token, text] of earlier.replies) this.replies.set(token, text)
  }

  /** Somebody writes a message, and the gateway tells it. */
  write(message: IncomingMessage, access: AccessFacts = ownerAccess): void {
    this.#written.push({ message, access })
    this.emit({ kind: 'message', message, access, position: this.nextPosition() })
  }

  nextPosition(): GatewayPosition {
    return position((this.#sequence += 1))
  }

  /** The gateway tells this, unless the connection has ended. */
  emit(event: ChatEvent): void {
    if (!this.#stopping.signal.aborted) this.#options?.onEvent(event)
  }

  async start(options: StartOptions): Promise<ChatReady> {
    this.#options = options
    return { kind: 'ready', applicationId: '1', botUserId: '1', guildIds: [GUILD] }
  }

  line(): Line {
    return this.connection
  }

  async inspect(channelId: string): Promise<ChannelReport | ChatError> {
    return this.#inChannel(channelId, undefined, () => {
      const parentId = [...this.#opened, ...this.started].find(({ id }) => id === channelId)?.channelId
      return { id: channelId, name: 'c', kind: parentId === undefined ? 'text' : 'thread', guildId: GUILD, parentId, missing: [] }
    })
  }

  async newestIn(channelId: string): Promise<string | ChatError> {
    return this.#inChannel(channelId, this.on.newestIn?.(channelId), () => this.#idsIn(channelId).at(-1) ?? channelId)
  }

  async readAfter(channelId: string, after: string): Promise<CatchUpPage | ChatError> {
    return this.#inChannel(channelId, this.on.readAfter?.(channelId, after), () => ({
      messages: this.#written.filter(({ message }) => message.channelId === channelId && isAfter(message.id, after)),
      lastId: this.#idsIn(channelId).findLast((id) => isAfter(id, after)),
      more: false,
    }))
  }

  async threadsSince(
    channelIds: readonly string[],
    since: (channelId: string) => string,
  ): Promise<readonly { readonly id: string; readonly parentId: string }[] | ChatError> {
    return this.#answer(this.on.threadsSince?.(channelIds, since), () =>
      [...this.#opened, ...this.started]
        .filter(({ channelId }) => channelIds.includes(channelId))
        .map(({ id, channelId: parentId }) => ({ id, parentId })),
    )
  }

  async accessOf(guildId: string, userId: string): Promise<AccessFacts | ChatError> {
    return this.#answer(this.on.accessOf?.(guildId, userId), () => ({
      ...ownerAccess,
      userId,
      memberRoleIds: this.members.has(userId) ? [] : undefined,
    }))
  }

  async openThread(channelId: string, messageId: string, name: string): Promise<{ readonly threadId: string } | ChatError> {
    this.calls.push(`openThread ${messageId}`)
    return this.#inChannel(channelId, this.on.openThread?.(messageId), () => {
      this.threads.push(messageId)
      if (!this.#opened.some(({ id }) => id === messageId)) this.#opened.push({ id: messageId, channelId, name })
      return { threadId: messageId }
    })
  }

  async startThread(channelId: string, name: string): Promise<{ readonly threadId: string } | ChatError> {
    return this.#inChannel(channelId, this.on.startThread?.(name), () => {
      const thread = { id: nextId(), channelId, name }
      this.started.push(thread)
      return { threadId: thread.id }
    })
  }

  async ownThreadsAfter(channelId: string, after: string): Promise<readonly Thread[] | ChatError> {
    return this.#inChannel(channelId, undefined, () =>
      this.started.filter((thread) => thread.channelId === channelId && isAfter(thread.id, after)),
    )
  }

  async post(
    channelId: string,
    { content, components, buttons = [], file, attached = [], notify }: Parameters<ChatPort['post']>[1],
    nonce: string,
  ): Promise<{ readonly messageId: string } | ChatError> {
    return this.#inChannel(channelId, this.on.post?.(channelId, content), () => {
      const known = this.#nonces.get(`${channelId}/${nonce}`)
      if (known !== undefined) return { messageId: known }
      const id = nextId()
      this.#nonces.set(`${channelId}/${nonce}`, id)
      this.posts.push({
        id,
        channelId,
        content,
        nonce,
        buttons: buttons.map((button) => button.id),
        file: file?.text,
        attached: attached.map(({ name, bytes }) => [name, new TextDecoder().decode(bytes)]),
        notify,
        ...(components && { components }),
      })
      if (!this.losesAnswerOfPost) return { messageId: id }
      this.losesAnswerOfPost = false
      return unknown
    })
  }

  async edit(channelId: string, messageId: string, { text, buttons }: MessageContent): Promise<undefined | ChatError> {
    this.#stopping.signal.throwIfAborted()
    this.calls.push(`edit ${messageId}`)
    return this.#inChannel<undefined>(channelId, this.on.edit?.(messageId, text), () => {
      const at = this.posts.findIndex((post) => post.id === messageId && post.channelId === channelId)
      const post = this.posts[at]
      if (!post) return gone
      this.posts[at] = { ...post, content: text, buttons: buttons.map(({ id }) => id) }
      return undefined
    })
  }

  async pin(channelId: string, messageId: string): Promise<undefined | ChatError> {
    this.calls.push(`pin ${messageId}`)
    return this.#inChannel<undefined>(channelId, this.on.pin?.(messageId), () => undefined)
  }

  async acknowledge({ id, token }: Interaction): Promise<undefined | ChatError> {
    this.#acknowledged.add(token)
    return this.#answer<undefined>(undefined, () => void this.calls.push(`acknowledge ${id}`))
  }

  async refuse({ id }: Interaction, text: string): Promise<undefined | ChatError> {
    return this.#answer<undefined>(undefined, () => void this.calls.push(`refuse ${id} ${text}`))
  }

  async followUp({ id }: Parameters<ChatPort['followUp']>[0], text: string): Promise<undefined | ChatError> {
    return this.#answer<undefined>(undefined, () => void this.calls.push(`followUp ${id} ${text}`))
  }

  async showModal({ id }: Interaction, modal: Modal): Promise<undefined | ChatError> {
    return this.#answer<undefined>(undefined, () => void this.calls.push(`modal ${id} ${modal.id}`))
  }

  async propose({ id }: Interaction, choices: readonly Choice[]): Promise<undefined | ChatError> {
    return this.#answer<undefined>(undefined, () => void this.proposed.set(id, choices))
  }

  async defer({ id, token }: Interaction, visibility: Visibility): Promise<undefined | ChatError> {
    return this.#answer<undefined>(this.on.defer?.(id), () => {
      if (this.#acknowledged.has(token))
        return new ChatRefused({ code: 40_060, reason: 'Interaction has already been acknowledged.' })
      this.calls.push(`defer ${id} ${visibility}`)
      this.#acknowledged.add(token)
      return undefined
    })
  }

  async reply(...[{ token }, content = { text: '', buttons: [] }, attached = []]: Parameters<ChatPort['reply']>) {
    this.sentAlong.push(...attached.map(({ name }) => name))
    return this.#told('reply', token, content)
  }

  replyAlone({ token }: { readonly token: string }, text: string): Promise<undefined | ChatError> {
    return this.#told('alone', token, { text, buttons: [] })
  }

  async #told(how: string, token: string, content: MessageContent): Promise<undefined | ChatError> {
    const { text } = content
    return this.#answer<undefined>(this.on.reply?.(text), () => {
      if (!this.#acknowledged.has(token)) return new ChatGone({ code: 10_015, reason: 'Unknown Webhook' })
      this.calls.push(`${how} ${text}`)
      this.answered.push({ token, text })
      this.replies.set(token, text)
      this.answers.set(token, content)
      return undefined
    })
  }

  async registerCommands(...call: Parameters<ChatPort['registerCommands']>): Promise<undefined | ChatError> {
    const [guildId, commands, own] = call
    this.calls.push(`registerCommands ${guildId}`)
    return this.#answer<undefined>(
      this.on.registerCommands?.(...call).then(async (failed) => {
        if (!failed) await own.keep(commands.map(({ name }) => name))
        return failed
      }) ?? own.keep(commands.map(({ name }) => name)).then(() => undefined),
      () => void (this.commands = commands),
    )
  }

  async removeGlobalCommands(names: readonly string[]): Promise<undefined | ChatError> {
    return this.#answer<undefined>(undefined, () => void this.calls.push(`removeGlobalCommands ${names.join(' ')}`))
  }

  async ownMessagesAfter(channelId: string, after = '0'): Promise<readonly OwnMessage[] | ChatError> {
    this.calls.push(`ownMessagesAfter ${channelId}`)
    return this.#inChannel(channelId, undefined, () =>
      this.posts
        .filter((post) => post.channelId === channelId && isAfter(post.id, after))
        .map((post) => ({ ...post, files: post.attached.length + (post.file === undefined ? 0 : 1) })),
    )
  }

  fileLimit(): number {
    return 1000
  }

  async threadStarter(...call: Parameters<ChatPort['threadStarter']>): Promise<RepliedMessage | undefined | ChatError> {
    return this.#answer<RepliedMessage | undefined>(this.on.threadStarter?.(...call), () => undefined)
  }

  async download(...call: Parameters<ChatPort['download']>): Promise<Uint8Array | ChatError> {
    return this.#answer(this.on.download?.(...call), () => new Uint8Array())
  }

  /** Looked up at each call: the bot keeps the function it was given. */
  layout(blocks: readonly Block[]): readonly Outgoing[] {
    return (this.on.layout ?? layout)(blocks)
  }

  clean(text: string): string {
    return text
  }

  async stop(): Promise<void> {
    this.#stopping.abort()
  }

  async #inChannel<T>(
    channelId: string,
    answered: Promise<T | ChatError | undefined> | undefined,
    otherwise: () => T | ChatError,
  ): Promise<T | ChatError> {
    return this.#answer<T>(answered, () => (this.goneChannels.has(channelId) ? gone : otherwise()))
  }

  /** What the test answers, or else what Discord would; a call that the stop ends rejects. */
  async #answer<T>(
    answered: Promise<T | ChatError | undefined> | undefined,
    otherwise: () => T | ChatError,
  ): Promise<T | ChatError> {
    const { signal } = this.#stopping
    signal.throwIfAborted()
    const given = answered && (await untilAborted(answered, signal))
    signal.throwIfAborted()
    return given ?? otherwise()
  }

  #idsIn(channelId: string): readonly string[] {
    const written = this.#written.filter(({ message }) => message.channelId === channelId).map(({ message }) => message.id)
    const posted = this.posts.filter((post) => post.channelId === channelId).map(({ id }) => id)
    return [...written, ...posted].toSorted(compareSnowflakes)
  }
}
