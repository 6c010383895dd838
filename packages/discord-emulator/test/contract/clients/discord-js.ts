/** discord.js: caches, structures and builders of its own. */
import {
  Client,
  ComponentType,
  Partials,
  SimpleShardingStrategy,
  type APIMessage,
  type BaseMessageOptions,
  type Channel,
  type CommandInteractionOption,
  type Interaction,
  type Message,
  type SessionInfo,
  type TextChannel,
  type ThreadChannel,
} from 'discord.js'
import type { Connect, Draft, Heard, KeptSession, Question, Seen, SeenThread } from '../client.ts'
import { INTENTS } from '../intents.ts'
import { customIds, readMessage } from './raw.ts'

interface RawPacket {
  readonly t: string
  readonly d: APIMessage
}

/** The manager of sockets that the library keeps to itself; its options are how a session is carried over. */
type Sockets = Parameters<NonNullable<ConstructorParameters<typeof Client>[0]['ws']>['buildStrategy'] & object>[0]

export const discordJs: Connect = (emulator, bot, tell) => {
  let kept: KeptSession | undefined
  let sockets: Sockets | undefined
  const client = new Client({
    intents: INTENTS,
    partials: [Partials.Message, Partials.Channel, Partials.Reaction, Partials.User],
    rest: { api: emulator.apiUrl },
    ws: {
      buildStrategy(manager) {
        sockets = manager
        const { retrieveSessionInfo, updateSessionInfo } = manager.options
        manager.options.retrieveSessionInfo = async (shard) => {
          if (kept !== undefined) await updateSessionInfo(shard, infoOf(kept))
          kept = undefined
          return retrieveSessionInfo(shard)
        }
        return new SimpleShardingStrategy(manager)
      },
    },
  })
  listen(client, tell)
  const channel = async (id: string) => (await client.channels.fetch(id)) as TextChannel
  const thread = async (id: string) => (await client.channels.fetch(id)) as unknown as ThreadChannel
  const message = async (channelId: string, id: string) => (await channel(channelId)).messages.fetch(id)
  return {
    async connect(session) {
      kept = session
      // Its structures need the caches that only GUILD_CREATE fills: what a resumed session replays is read as it came.
      if (session !== undefined)
        client.on(
          'raw',
          ({ t, d }: RawPacket) => void (t === 'MESSAGE_CREATE' && tell({ kind: 'message', message: readMessage(d) })),
        )
      const ready = new Promise<unknown>((resolve) => {
        client.once('clientReady', resolve)
        client.once('shardResume', resolve)
      })
      await client.login(bot.token)
      await ready
    },
    stop: () => client.destroy(),
    async crash() {
      const info = await sockets?.options.retrieveSessionInfo(0)
      await sockets?.destroy({ code: 4200 })
      await client.destroy()
      return { id: info?.sessionId ?? '', sequence: info?.sequence ?? 0, resumeUrl: info?.resumeURL ?? '' }
    },
    self: () => client.user?.username ?? '',
    cached: () => cachedOf(client),
    guildMembers: async (guildId) =>
      [...(await (await client.guilds.fetch(guildId)).members.fetch()).values()].map(({ user }) => user.username),
    send: async (channelId, draft) => seen(await (await channel(channelId)).send(bodyOf(draft))),
    edit: async (channelId, id, draft) => seen(await (await message(channelId, id)).edit(bodyOf(draft))),
    delete: async (channelId, id) => (await channel(channelId)).messages.delete(id),
    fetch: async (channelId, id) => seen(await (await channel(channelId)).messages.fetch({ message: id, force: true })),
    history: async (channelId, page) =>
      [...(await (await channel(channelId)).messages.fetch({ ...page, cache: false })).values()].map(seen),
    react: async (channelId, id, emoji) => (await message(channelId, id)).react(emoji),
    unreact: async (channelId, id, emoji) =>
      (await message(channelId, id)).reactions.resolve(emoji)?.users.remove(client.user?.id),
    reactors: async (channelId, id, emoji) => {
      const users = await (await message(channelId, id)).reactions.resolve(emoji)?.users.fetch()
      return [...(users?.values() ?? [])].map(({ username }) => username)
    },
    pin: async (channelId, id) => (await channel(channelId)).messages.pin(id),
    unpin: async (channelId, id) => (await channel(channelId)).messages.unpin(id),
    pins: async (channelId) => (await (await channel(channelId)).messages.fetchPins()).items.map((pin) => seen(pin.message)),
    startThread: async (channelId, name, from) => {
      const { threads } = await channel(channelId)
      const started =
        'type' in from ? threads.create({ name, type: from.type }) : threads.create({ name, startMessage: from.messageId })
      return seenThread(await started)
    },
    changeThread: async (id, change) => seenThread(await (await thread(id)).edit(change)),
    addMember: async (threadId, userId) => (await thread(threadId)).members.add(userId),
    members: async (threadId) => [...(await (await thread(threadId)).members.fetch()).keys()],
    activeThreads: async (guildId) => namesOf((await client.guilds.fetch(guildId)).channels.fetchActiveThreads()),
    archivedThreads: async (channelId) => namesOf((await channel(channelId)).threads.fetchArchived()),
    declare: async (guildId, commands) => client.application?.commands.set(commands as never[], guildId),
  }
}

function infoOf({ id, sequence, resumeUrl }: KeptSession): SessionInfo {
  return { sessionId: id, sequence, resumeURL: resumeUrl, shardId: 0, shardCount: 1 }
}

async function namesOf(fetched: Promise<{ readonly threads: ReadonlyMap<string, { readonly name: string }> }>) {
  return [...(await fetched).threads.values()].map(({ name }) => name)
}

const bodyOf = ({ replyTo, files, embeds, components, flags, content }: Draft): BaseMessageOptions =>
  ({
    ...(content !== undefined && { content }),
    ...(embeds && { embeds }),
    ...(components && { components }),
    ...(flags !== undefined && { flags }),
    ...(files && { files: files.map(({ name, data }) => ({ name, attachment: data })) }),
    ...(replyTo !== undefined && { reply: { messageReference: replyTo } }),
  }) as BaseMessageOptions

function seen(message: Message): Seen {
  return {
    id: message.id,
    channelId: message.channelId,
    author: message.author.username,
    content: message.content,
    type: message.type,
    embeds: message.embeds.map(({ title }) => title ?? ''),
    customIds: customIds(message.components.map((component) => component.toJSON())),
    files: [...message.attachments.values()].map(({ name, size, url }) => ({ name, size, url })),
    reactions: [...message.reactions.cache.values()].map(({ emoji, count }) => [emoji.name ?? '', count]),
    replyTo: message.reference?.messageId,
    pinned: message.pinned,
  }
}

function seenThread(thread: ThreadChannel): SeenThread {
  const { id, name, type } = thread
  return { id, name, type, parentId: thread.parentId ?? '', archived: thread.archived === true, locked: thread.locked === true }
}

function cachedOf({ guilds, channels }: Client) {
  const names = (found: Iterable<{ readonly name: string }>) => [...found].map(({ name }) => name).sort()
  const all = [...channels.cache.values()] as (Channel & { readonly name: string })[]
  return {
    guilds: names(guilds.cache.values()),
    channels: names(all.filter((one) => !one.isThread())),
    threads: names(all.filter((one) => one.isThread())),
    roles: names(guilds.cache.flatMap(({ roles }) => roles.cache).values()),
  }
}

function listen(client: Client, tell: (heard: Heard) => void): void {
  client.on('messageCreate', (message) => tell({ kind: 'message', message: seen(message) }))
  client.on('messageUpdate', (_before, message) => tell({ kind: 'edited', message: seen(message) }))
  client.on('messageDelete', ({ id }) => tell({ kind: 'deleted', id }))
  client.on('messageReactionAdd', ({ message, emoji }, { id }) =>
    tell({ kind: 'reacted', messageId: message.id, emoji: emoji.name ?? '', userId: id }),
  )
  client.on('threadCreate', (thread) => tell({ kind: 'thread', thread: seenThread(thread) }))
  client.on('threadUpdate', (_before, thread) => tell({ kind: 'thread-changed', thread: seenThread(thread) }))
  client.on('interactionCreate', (interaction) => tell({ kind: 'asked', question: questionOf(interaction) }))
}

// What can be done with an interaction depends on its kind; a question the suite never asks of a kind is a defect there.
function questionOf(interaction: Interaction): Question {
  const any = interaction as never as AnyInteraction
  return {
    what: 'command',
    name: '',
    user: interaction.user.username,
    options: {},
    focused: undefined,
    chosen: [],
    fields: {},
    ...readQuestion(interaction),
    reply: (draft) => any.reply(bodyOf(draft)),
    defer: (flags) => any.deferReply(flags === undefined ? {} : { flags }),
    editReply: async (draft) => seen(await any.editReply(bodyOf(draft))),
    deleteReply: () => any.deleteReply(),
    followUp: (draft) => any.followUp(bodyOf(draft)),
    update: (draft) => any.update(bodyOf(draft)),
    deferUpdate: () => any.deferUpdate(),
    show: (modal) => any.showModal(modal),
    offer: (choices) => any.respond(choices),
  }
}

interface AnyInteraction {
  reply(body: BaseMessageOptions): Promise<unknown>
  deferReply(options: { readonly flags?: number }): Promise<unknown>
  editReply(body: BaseMessageOptions): Promise<Message>
  deleteReply(): Promise<unknown>
  followUp(body: BaseMessageOptions): Promise<unknown>
  update(body: BaseMessageOptions): Promise<unknown>
  deferUpdate(): Promise<unknown>
  showModal(modal: unknown): Promise<unknown>
  respond(choices: readonly unknown[]): Promise<unknown>
}

function readQuestion(interaction: Interaction): Partial<Question> {
  if (interaction.isChatInputCommand() || interaction.isAutocomplete()) {
    const { options, commandName } = interaction
    const path = [commandName, options.getSubcommandGroup(false), options.getSubcommand(false)].filter((step) => step !== null)
    const [first] = options.data
    const leaves = first?.options?.[0]?.options ?? first?.options ?? options.data
    const what = interaction.isAutocomplete() ? 'autocomplete' : 'command'
    const focused = leaves.find((option) => option.focused === true)?.name
    return {
      what,
      name: path.join(' '),
      options: Object.fromEntries(leaves.map((option) => [option.name, valueOf(option)])),
      focused,
    }
  }
  if (interaction.isContextMenuCommand()) return { what: 'command', name: interaction.commandName }
  if (interaction.isModalSubmit()) {
    const fields = interaction.fields.fields.map((field) => [field.customId, fieldOf(field as never)] as const)
    return { what: 'modal', name: interaction.customId, fields: Object.fromEntries(fields) }
  }
  if (!interaction.isMessageComponent()) return {}
  return { what: 'component', name: interaction.customId, chosen: chosenOf(interaction as never) }
}

function valueOf({ value = '', user, role, channel, attachment }: CommandInteractionOption) {
  return user?.username ?? role?.name ?? channel?.name ?? attachment?.name ?? value
}

type Named<Field extends string> = ReadonlyMap<string, { readonly [field in Field]: string }>

interface Choice {
  readonly values?: readonly string[]
  readonly value?: string
  readonly users?: Named<'username'>
  readonly roles?: Named<'name'>
  readonly channels?: Named<'name'>
  readonly attachments?: Named<'name'>
}

function chosenOf({ values = [], users, roles, channels, attachments }: Choice): readonly string[] {
  return values.map(
    (id) => users?.get(id)?.username ?? roles?.get(id)?.name ?? channels?.get(id)?.name ?? attachments?.get(id)?.name ?? id,
  )
}

function fieldOf(field: Choice & { readonly type: ComponentType }): readonly string[] {
  return field.type === ComponentType.TextInput ? [field.value ?? ''] : chosenOf(field)
}
