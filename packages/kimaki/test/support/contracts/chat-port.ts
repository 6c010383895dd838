/** What every `ChatPort` must do, told with nothing but the port: the adapter on the emulator passes it, and so must a fake. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ChatForbidden, ChatGone, ChatUnknown, isAbortError } from '../../../src/base/errors.ts'
import type { ChatError, ChatEvent, ChatPort, CommandDeclaration } from '../../../src/ports/chat.ts'

/** A world around one chat that was not started yet. */
export interface ChatPortFixture {
  readonly chat: ChatPort
  readonly guildId: string
  /** A project channel. */
  readonly channelId: string
  /** A channel that was deleted. */
  readonly goneChannelId: string
  /** A member of the guild who is no bot. */
  readonly personId: string
  /** The person writes; returns the id of the message. */
  write(channelId: string, text: string): string
  /** The person invokes a slash command that was registered. */
  invoke(channelId: string, name: string): void
  leaveGuild(): void
  /** Discord refuses every further post in this channel for good. */
  forbidPosts(channelId: string): void
  /** The next post happens, and its answer is lost. */
  loseAnswerOfPost(): void
  /** The next post is never answered. */
  hangPost(): void
  close(): Promise<void>
}

const ABORT: CommandDeclaration = { name: 'abort', description: 'Stop the agent', options: [] }
/** Nobody remembers. */
const REMEMBERS_NOTHING = { names: [], keep: async () => undefined }
const saying = (content: string) => ({ blocks: ['b'], content, file: undefined, notify: false })

export function chatPortContract(name: string, open: () => Promise<ChatPortFixture>): void {
  let fixture: ChatPortFixture
  let chat: ChatPort
  let events: ChatEvent[]
  const isProjectChannel = (id: string): boolean => id === fixture.channelId

  beforeEach(async () => {
    fixture = await open()
    chat = fixture.chat
    events = []
    const onEvent = (event: ChatEvent): void => void events.push(event)
    const started = await chat.start({ position: undefined, isProjectChannel, onEvent, onFatal: () => undefined })
    expect(started).toMatchObject({ kind: 'ready', guildIds: [fixture.guildId] })
  })

  afterEach(async () => {
    await chat.stop()
    await fixture.close()
  })

  async function event<K extends ChatEvent['kind']>(kind: K): Promise<Extract<ChatEvent, { kind: K }>> {
    const isWanted = (event: ChatEvent): event is Extract<ChatEvent, { kind: K }> => event.kind === kind
    await expect.poll(() => events.some(isWanted)).toBe(true)
    return events.find(isWanted) as Extract<ChatEvent, { kind: K }>
  }

  const post = async (content: string, nonce = content, channelId = fixture.channelId): Promise<string> =>
    value(await chat.post(channelId, saying(content), nonce)).messageId
  const own = async (channelId = fixture.channelId, afterId?: string) => value(await chat.ownMessagesAfter(channelId, afterId))

  describe(`${name} as a ChatPort`, () => {
    describe('what people do', () => {
      test('a message is handed up with its place, its author and what that person may do', async () => {
        const id = fixture.write(fixture.channelId, 'please look')
        const { message, access } = await event('message')
        expect(message).toMatchObject({
          id,
          guildId: fixture.guildId,
          channelId: fixture.channelId,
          projectChannelId: fixture.channelId,
          inThread: false,
          author: { kind: 'person', id: fixture.personId },
          text: 'please look',
        })
        expect(access).toMatchObject({ userId: fixture.personId, guildId: fixture.guildId, isBot: false })
      })

      test('a command is registered again without harm, handed up, deferred, and answered; the answer may be given again', async () => {
        for (let n = 0; n < 2; n += 1) value(await chat.registerCommands(fixture.guildId, [ABORT], REMEMBERS_NOTHING))
        fixture.invoke(fixture.channelId, 'abort')
        const { command, place, access } = await event('command')
        expect(command).toMatchObject({ name: 'abort', options: {}, guildId: fixture.guildId, userId: fixture.personId })
        expect([place.projectChannelId, access.userId]).toEqual([fixture.channelId, fixture.personId])
        value(await chat.defer(command, 'ephemeral'))
        for (let n = 0; n < 2; n += 1) value(await chat.reply(command, { text: 'Stopped.', buttons: [] }))
        for (let n = 0; n < 2; n += 1) value(await chat.replyAlone(command, '✗ not stopped'))
      })

      test('what a person may do is known as long as they are a member', async () => {
        const facts = { userId: fixture.personId, guildId: fixture.guildId }
        expect(value(await chat.accessOf(fixture.guildId, fixture.personId))).toMatchObject({ ...facts, memberRoleIds: [] })
        fixture.leaveGuild()
        expect(value(await chat.accessOf(fixture.guildId, fixture.personId))).toMatchObject({
          ...facts,
          memberRoleIds: undefined,
        })
      })
    })

    describe('messages of ours', () => {
      test('posted twice with one nonce they are one message', async () => {
        expect(await post('once', 'n')).toBe(await post('once', 'n'))
        expect(await own()).toHaveLength(1)
      })

      test('are found by the texts of their components, where they have no content', async () => {
        const components = [
          { kind: 'text' as const, text: 'Before' },
          { kind: 'container' as const, components: [{ kind: 'text' as const, text: '**a**: 1' }] },
        ]
        const content = 'Before\n**a**: 1'
        value(await chat.post(fixture.channelId, { ...saying(content), components }, 'n'))
        expect(await own()).toMatchObject([{ content }])
      })

      test('are found, oldest first, after a message that is itself left out, and those of others are not', async () => {
        const first = await post('one')
        fixture.write(fixture.channelId, 'mine')
        const second = await post('two')
        const found = [
          { id: first, content: 'one' },
          { id: second, content: 'two' },
        ]
        expect(await own()).toMatchObject(found)
        expect(await own(fixture.channelId, first)).toMatchObject(found.slice(1))
        expect(await own(fixture.channelId, second)).toEqual([])
      })

      test('may be edited, and edited again to the same', async () => {
        const id = await post('before')
        for (let n = 0; n < 2; n += 1)
          value(await chat.edit(fixture.channelId, id, { text: 'after', buttons: [{ id: 'b', label: 'Stop' }] }))
        expect(await own()).toMatchObject([{ id, content: 'after' }])
      })

      test('whose answer was lost have an unknown outcome, are found, and are not doubled by another try', async () => {
        fixture.loseAnswerOfPost()
        expect(await chat.post(fixture.channelId, saying('lost'), 'n')).toBeInstanceOf(ChatUnknown)
        const [found, ...more] = await own()
        expect([found?.content, more]).toEqual(['lost', []])
        expect(await post('lost', 'n')).toBe(found?.id)
      })

      test('are laid out: short blocks share a message', () => {
        const block = (key: string) => ({ key, text: key, closed: true, notify: false })
        const message = { blocks: ['a', 'b'], content: 'a\nb', file: undefined, notify: false }
        expect(chat.layout([block('a'), block('b')])).toEqual([message])
      })
    })

    describe('threads', () => {
      test('opened from a message twice are one thread, with the id of the message', async () => {
        const id = fixture.write(fixture.channelId, 'go')
        for (let n = 0; n < 2; n += 1)
          expect(value(await chat.openThread(fixture.channelId, id, 'work'))).toEqual({ threadId: id })
      })

      test('started without one are two if started twice, and found after an id that is itself left out', async () => {
        const first = value(await chat.startThread(fixture.channelId, 'aside')).threadId
        const second = value(await chat.startThread(fixture.channelId, 'aside')).threadId
        const after = async (id: string) => value(await chat.ownThreadsAfter(fixture.channelId, id)).map((thread) => thread.id)
        expect((await after('0')).toSorted()).toEqual([first, second])
        expect(await after(first)).toEqual([second])
        expect(value(await chat.ownThreadsAfter(fixture.channelId, first))).toMatchObject([{ name: 'aside' }])
      })

      test('take posts of their own', async () => {
        const { threadId } = value(await chat.startThread(fixture.channelId, 'aside'))
        const id = await post('in it', 'n', threadId)
        expect(await own(threadId)).toMatchObject([{ id, content: 'in it' }])
        expect(await own()).toEqual([])
      })
    })

    describe('the past', () => {
      test('a channel tells what it is and whose it is, a thread also where', async () => {
        const { channelId, guildId } = fixture
        expect(value(await chat.inspect(channelId))).toMatchObject({ id: channelId, kind: 'text', guildId, missing: [] })
        const { threadId } = value(await chat.startThread(channelId, 'empty'))
        expect(value(await chat.inspect(threadId))).toMatchObject({ kind: 'thread', guildId, parentId: channelId })
      })

      test('the newest message is named, or the channel itself where there is none', async () => {
        const { threadId } = value(await chat.startThread(fixture.channelId, 'empty'))
        expect(value(await chat.newestIn(threadId))).toBe(threadId)
        const id = fixture.write(threadId, 'something')
        expect(value(await chat.newestIn(threadId))).toBe(id)
      })

      test('is read oldest first, without the message it is read after; posts of ours are passed over, and counted', async () => {
        const known = fixture.write(fixture.channelId, 'known')
        fixture.write(fixture.channelId, 'one')
        fixture.write(fixture.channelId, 'two')
        const lastId = await post('ours')
        const page = value(await chat.readAfter(fixture.channelId, known))
        expect(page.messages.map(({ message }) => message.text)).toEqual(['one', 'two'])
        expect(page.messages.map(({ access }) => access.userId)).toEqual([fixture.personId, fixture.personId])
        expect(page).toMatchObject({ lastId, more: false })
        expect(value(await chat.readAfter(fixture.channelId, lastId))).toEqual({ messages: [], lastId: undefined, more: false })
      })

      test('threads that may hold news are listed, below the channels asked for', async () => {
        const id = fixture.write(fixture.channelId, 'go')
        value(await chat.openThread(fixture.channelId, id, 'work'))
        const thread = { id, parentId: fixture.channelId }
        expect(value(await chat.threadsSince([fixture.channelId], () => id))).toEqual([thread])
        expect(value(await chat.threadsSince([], () => id))).toEqual([])
      })
    })

    describe('channels of a server', () => {
      test('are made below a category, listed with their topic, and deleted once', async () => {
        const { channels } = chat
        const category = value(await channels.create(fixture.guildId, { kind: 'category', name: 'Kimaki' }))
        const wanted = { kind: 'text', name: 'garden', parentId: category.id, topic: 'ours (x)' } as const
        const made = value(await channels.create(fixture.guildId, wanted))
        const listed = value(await channels.list(fixture.guildId))
        expect(listed.find(({ id }) => id === category.id)).toMatchObject({ kind: 'category', name: 'Kimaki' })
        expect(listed.find(({ id }) => id === made.id)).toEqual({ ...wanted, id: made.id })
        expect(value(await channels.servers()).map(({ id }) => id)).toEqual([fixture.guildId])
        expect(value(await chat.application())).toMatchObject({ mayReadMessages: true })
        expect(await channels.remove(made.id)).toBeUndefined()
        expect(await channels.remove(made.id)).toBeInstanceOf(ChatGone)
      })
    })

    describe('trouble is a value', () => {
      test('a channel that was deleted is gone, whatever is asked of it', async () => {
        const { goneChannelId } = fixture
        expect(await chat.post(goneChannelId, saying('x'), 'n')).toBeInstanceOf(ChatGone)
        expect(await chat.edit(goneChannelId, goneChannelId, { text: 'x', buttons: [] })).toBeInstanceOf(ChatGone)
        expect(await chat.ownMessagesAfter(goneChannelId, undefined)).toBeInstanceOf(ChatGone)
        expect(await chat.readAfter(goneChannelId, '0')).toBeInstanceOf(ChatGone)
        expect(await chat.newestIn(goneChannelId)).toBeInstanceOf(ChatGone)
        expect(await chat.inspect(goneChannelId)).toBeInstanceOf(ChatGone)
        expect(await chat.startThread(goneChannelId, 'aside')).toBeInstanceOf(ChatGone)
        expect(await chat.threadStarter(goneChannelId, '1')).toBeUndefined()
      })

      test('a post in a place where the bot may not write is forbidden', async () => {
        fixture.forbidPosts(fixture.channelId)
        expect(await chat.post(fixture.channelId, saying('x'), 'n')).toBeInstanceOf(ChatForbidden)
      })
    })

    describe('stop', () => {
      test('ends what is under way with an AbortError', async () => {
        fixture.hangPost()
        const ended = chat.post(fixture.channelId, saying('x'), 'n').catch((error: unknown) => error)
        await chat.stop()
        expect(isAbortError(await ended)).toBe(true)
      })

      test('lets nothing begin: every later call rejects with an AbortError, and nothing is told', async () => {
        await chat.stop()
        const told = events.length
        const content = { text: 'x', buttons: [] }
        const interaction = { id: '1', token: 't' }
        const { channelId, guildId, personId } = fixture
        const attachment = { id: '1', name: 'a', contentType: 'text/plain', size: 1, url: 'https://cdn.discordapp.com/a' }
        const calls: Readonly<Record<string, () => Promise<unknown>>> = {
          newestIn: () => chat.newestIn(channelId),
          inspect: () => chat.inspect(channelId),
          readAfter: () => chat.readAfter(channelId, '0'),
          threadsSince: () => chat.threadsSince([channelId], () => '0'),
          accessOf: () => chat.accessOf(guildId, personId),
          openThread: () => chat.openThread(channelId, '1', 'x'),
          startThread: () => chat.startThread(channelId, 'x'),
          ownThreadsAfter: () => chat.ownThreadsAfter(channelId, '0'),
          post: () => chat.post(channelId, saying('x'), 'n'),
          edit: () => chat.edit(channelId, '1', content),
          acknowledge: () => chat.acknowledge(interaction),
          refuse: () => chat.refuse(interaction, 'x'),
          followUp: () => chat.followUp({ ...interaction, applicationId: '1' }, 'x'),
          showModal: () => chat.showModal(interaction, { id: 'x', title: 'x', label: 'x', placeholder: 'x' }),
          defer: () => chat.defer(interaction, 'public'),
          reply: () => chat.reply({ applicationId: '1', token: 't' }, content),
          registerCommands: () => chat.registerCommands(fixture.guildId, [ABORT], REMEMBERS_NOTHING),
          removeGlobalCommands: () => chat.removeGlobalCommands(['abort']),
          ownMessagesAfter: () => chat.ownMessagesAfter(channelId, undefined),
          threadStarter: () => chat.threadStarter(channelId, '1'),
          download: () => chat.download(channelId, '1', attachment, 10),
        }
        const outcomes = await Promise.all(
          Object.entries(calls).map(async ([call, make]) => [call, await make().then(() => 'answered', nameOf)] as const),
        )
        expect(outcomes).toEqual(Object.keys(calls).map((call) => [call, 'AbortError']))
        chat.cosmetic.typing(channelId)
        fixture.write(channelId, 'too late')
        await chat.stop()
        expect(events).toHaveLength(told)
      })
    })
  })
}

function value<T>(result: T | ChatError): T {
  if (result instanceof Error) throw new Error(`call failed: ${result.name}: ${result.message}`)
  return result
}

const nameOf = (error: unknown): string => (isAbortError(error) ? 'AbortError' : String(error))
