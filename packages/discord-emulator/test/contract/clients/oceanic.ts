/** oceanic.js: another lineage altogether, with its own REST queue, gateway and names for everything. */
import { ChannelType } from 'discord-api-types/v10'
import {
  ChannelTypes,
  Client,
  InteractionTypes,
  type AnyInteractionGateway,
  type AnyThreadChannel,
  type Attachment,
  type CreateMessageOptions,
  type Message,
  type MessageComponent,
  type ModalSubmitInteraction,
  type Role,
  type User,
} from 'oceanic.js'
import type { Connect, Draft, Heard, Question, Seen, SeenThread } from '../client.ts'
import { INTENTS } from '../intents.ts'
import { customIds } from './raw.ts'

export const oceanic: Connect = (emulator, bot, tell) => {
  const client = new Client({
    auth: `Bot ${bot.token}`,
    rest: { baseURL: `${emulator.apiUrl}/v10` },
    gateway: { intents: INTENTS, guildCreateTimeout: 200 },
  })
  const { channels, guilds, applications } = client.rest
  const body = (draft: Draft) => bodyOf(client, draft)
  const show = (message: Message) => seen(client, message)
  listen(client, tell)
  return {
    async connect(kept) {
      const ready = new Promise<void>((resolve, reject) => {
        client.once('ready', resolve)
        client.once('disconnect', () => reject(new Error('The client was turned away')))
      })
      await client.connect()
      const shard = client.shards.get(0)
      if (kept !== undefined && shard !== undefined)
        Object.assign(shard, { sessionID: kept.id, sequence: kept.sequence, resumeURL: kept.resumeUrl })
      await ready
    },
    stop: async () => client.disconnect(false),
    async crash() {
      const shard = client.shards.get(0)
      const kept = { id: shard?.sessionID ?? '', sequence: shard?.sequence ?? 0, resumeUrl: shard?.resumeURL ?? '' }
      shard?.ws?.removeAllListeners()
      shard?.ws?.terminate()
      client.disconnect(false)
      return kept
    },
    self: () => client.user.username,
    cached: () => cachedOf(client),
    guildMembers: async (guildId) => ((await client.guilds.get(guildId)?.fetchMembers()) ?? []).map(({ username }) => username),
    send: async (channelId, draft) => show(await channels.createMessage(channelId, body(draft))),
    edit: async (channelId, id, draft) => show(await channels.editMessage(channelId, id, body(draft))),
    delete: (channelId, id) => channels.deleteMessage(channelId, id),
    fetch: async (channelId, id) => show(await channels.getMessage(channelId, id)),
    history: async (channelId, page) => (await channels.getMessages(channelId, page)).map(show),
    react: (channelId, id, emoji) => channels.createReaction(channelId, id, emoji),
    unreact: (channelId, id, emoji) => channels.deleteReaction(channelId, id, emoji),
    reactors: async (channelId, id, emoji) => (await channels.getReactions(channelId, id, emoji)).map(({ username }) => username),
    pin: (channelId, id) => channels.pinMessage(channelId, id),
    unpin: (channelId, id) => channels.unpinMessage(channelId, id),
    pins: async (channelId) => (await channels.getPins(channelId)).map(({ message }) => show(message)),
    startThread: async (channelId, name, from) =>
      seenThread(
        'type' in from
          ? await channels.startThreadWithoutMessage(channelId, { name, type: THREAD_TYPES[from.type] })
          : await channels.startThreadFromMessage(channelId, from.messageId, { name }),
      ),
    changeThread: async (id, change) => seenThread(await channels.edit<AnyThreadChannel>(id, change)),
    addMember: (threadId, userId) => channels.addThreadMember(threadId, userId),
    members: async (threadId) => (await channels.getThreadMembers(threadId)).map(({ userID }) => userID),
    activeThreads: async (guildId) => (await guilds.getActiveThreads(guildId)).threads.map(({ name }) => name),
    archivedThreads: async (channelId) => (await channels.getPublicArchivedThreads(channelId)).threads.map(({ name }) => name),
    declare: (guildId, commands) =>
      applications.bulkEditGuildCommands(
        bot.applicationId,
        guildId,
        commands.map((command) => commandOf(client, command)) as never,
      ),
  }
}

const THREAD_TYPES = {
  [ChannelType.PublicThread]: ChannelTypes.PUBLIC_THREAD,
  [ChannelType.PrivateThread]: ChannelTypes.PRIVATE_THREAD,
} as const

function commandOf({ util }: Client, command: { readonly options?: readonly never[] }) {
  return { ...command, options: (command.options ?? []).map((option) => util.optionToParsed(option)) }
}

function bodyOf({ util }: Client, { replyTo, files, embeds, components, flags, content }: Draft): CreateMessageOptions {
  return {
    ...(content !== undefined && { content }),
    ...(embeds && { embeds: util.embedsToParsed(embeds as never) }),
    ...(components && { components: util.componentsToParsed(components as never) as MessageComponent[] }),
    ...(flags !== undefined && { flags }),
    ...(files && { files: files.map(({ name, data }) => ({ name, contents: data })) }),
    ...(replyTo !== undefined && { messageReference: { messageID: replyTo } }),
  }
}

function seen({ util }: Client, message: Message): Seen {
  return {
    id: message.id,
    channelId: message.channelID,
    author: message.author.username,
    content: message.content,
    type: message.type,
    embeds: message.embeds.map(({ title = '' }) => title),
    customIds: customIds(util.componentsToRaw(message.components)),
    files: [...message.attachments.values()].map(({ filename, size, url }) => ({ name: filename, size, url })),
    reactions: message.reactions.map(({ emoji, count }) => [emoji.name ?? '', count]),
    replyTo: message.messageReference?.messageID,
    pinned: message.pinned,
  }
}

function seenThread({ id, name, type, parentID, threadMetadata }: AnyThreadChannel): SeenThread {
  return { id, name, type, parentId: parentID, archived: threadMetadata.archived, locked: threadMetadata.locked }
}

function cachedOf({ guilds }: Client) {
  const names = (named: readonly { readonly name: string }[]) => named.map(({ name }) => name).sort()
  const all = [...guilds.values()]
  return {
    guilds: names(all),
    channels: names(all.flatMap((guild) => [...guild.channels.values()])),
    threads: names(all.flatMap((guild) => [...guild.threads.values()])),
    roles: names(all.flatMap((guild) => [...guild.roles.values()])),
  }
}

function listen(client: Client, tell: (heard: Heard) => void): void {
  // A library that meets an error without a listener ends the process; the suite sees what did not happen.
  client.on('error', () => undefined)
  client.on('messageCreate', (message) => tell({ kind: 'message', message: seen(client, message) }))
  client.on('messageUpdate', (message) => tell({ kind: 'edited', message: seen(client, message) }))
  client.on('messageDelete', ({ id }) => tell({ kind: 'deleted', id }))
  client.on('messageReactionAdd', (message, { id }, { emoji }) =>
    tell({ kind: 'reacted', messageId: message.id, emoji: emoji.name ?? '', userId: id }),
  )
  client.on('threadCreate', (thread) => tell({ kind: 'thread', thread: seenThread(thread) }))
  client.on('threadUpdate', (...[thread]) => tell({ kind: 'thread-changed', thread: seenThread(thread) }))
  client.on('interactionCreate', (interaction) => tell({ kind: 'asked', question: questionOf(client, interaction) }))
}

// What can be done with an interaction depends on its kind; a question the suite never asks of a kind is a defect there.
function questionOf(client: Client, interaction: AnyInteractionGateway): Question {
  const any = interaction as never as AnyInteraction
  const body = (draft: Draft) => bodyOf(client, draft)
  return {
    what: 'command',
    name: '',
    user: (interaction as ModalSubmitInteraction).user.username,
    options: {},
    focused: undefined,
    chosen: [],
    fields: {},
    ...readQuestion(interaction),
    reply: (draft) => any.createMessage(body(draft)),
    defer: (flags) => any.defer(flags),
    editReply: async (draft) => seen(client, await any.editOriginal(body(draft))),
    deleteReply: () => any.deleteOriginal(),
    followUp: (draft) => any.createFollowup(body(draft)),
    update: (draft) => any.editParent(body(draft)),
    deferUpdate: () => any.deferUpdate(),
    show: ({ custom_id: customID, title, components }) =>
      any.createModal({ customID, title, components: client.util.componentsToParsed(components as never) }),
    offer: (choices) => any.result(choices),
  }
}

interface AnyInteraction {
  createMessage(body: CreateMessageOptions): Promise<unknown>
  defer(flags?: number): Promise<unknown>
  editOriginal(body: CreateMessageOptions): Promise<Message>
  deleteOriginal(): Promise<unknown>
  createFollowup(body: CreateMessageOptions): Promise<unknown>
  editParent(body: CreateMessageOptions): Promise<unknown>
  deferUpdate(): Promise<unknown>
  createModal(modal: unknown): Promise<unknown>
  result(choices: readonly unknown[]): Promise<unknown>
}

function readQuestion(interaction: AnyInteractionGateway): Partial<Question> {
  switch (interaction.type) {
    case InteractionTypes.APPLICATION_COMMAND:
    case InteractionTypes.APPLICATION_COMMAND_AUTOCOMPLETE: {
      const { name, options } = interaction.data
      const what = interaction.type === InteractionTypes.APPLICATION_COMMAND ? 'command' : 'autocomplete'
      const path = [name, ...(options.getSubCommand() ?? [])].join(' ')
      const given = options.getOptions().map((option) => [option.name, optionOf(options, option)] as const)
      return { what, name: path, options: Object.fromEntries(given), focused: options.getFocused()?.name }
    }
    case InteractionTypes.MESSAGE_COMPONENT: {
      const { data } = interaction
      const chosen = 'values' in data ? chosenOf(data.resolved, data.values.raw) : []
      return { what: 'component', name: data.customID, chosen }
    }
    case InteractionTypes.MODAL_SUBMIT: {
      const { customID, components, resolved } = interaction.data
      const fields = components.getComponents().map((field) => {
        const { value, values } = field as { readonly value?: string; readonly values?: readonly string[] }
        return [field.customID, chosenOf(resolved, values ?? [value ?? ''])] as const
      })
      return { what: 'modal', name: customID, fields: Object.fromEntries(fields) }
    }
    default:
      return {}
  }
}

type Options = Extract<AnyInteractionGateway, { type: InteractionTypes.APPLICATION_COMMAND }>['data']['options']

function optionOf({ resolved }: Options, { value }: ReturnType<Options['getOptions']>[number]): string | number | boolean {
  return resolved === null ? value : (chosenOf(resolved, [value as string])[0] ?? value)
}

interface Resolved {
  readonly users: ReadonlyMap<string, User>
  readonly roles: ReadonlyMap<string, Role>
  readonly channels: ReadonlyMap<string, { readonly name?: string | null }>
  readonly attachments?: ReadonlyMap<string, Attachment>
}

function chosenOf(resolved: object, values: readonly string[]): readonly string[] {
  const { users, roles, channels, attachments } = resolved as Resolved
  return values.map(
    (id) => users.get(id)?.username ?? roles.get(id)?.name ?? channels.get(id)?.name ?? attachments?.get(id)?.filename ?? id,
  )
}
