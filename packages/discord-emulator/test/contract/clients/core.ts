/** @discordjs/core: Discord's JSON almost as it is; the caches are ours. */
import { Client, GatewayDispatchEvents as E } from '@discordjs/core'
import { REST } from '@discordjs/rest'
import { CloseCodes, WebSocketManager, type SessionInfo } from '@discordjs/ws'
import type { APIThreadChannel } from 'discord-api-types/v10'
import type { Connect, Heard, KeptSession } from '../client.ts'
import { INTENTS } from '../intents.ts'
import { answersOf, bodyOf, readMessage, readQuestion, readThread } from './raw.ts'

export const core: Connect = (emulator, bot, tell) => {
  const rest = new REST({ version: '10', api: emulator.apiUrl }).setToken(bot.token)
  let session: SessionInfo | null = null
  let crashed = false
  const gateway = new WebSocketManager({
    token: bot.token,
    intents: INTENTS,
    rest,
    retrieveSessionInfo: () => session,
    updateSessionInfo: (_shard, info) => void (crashed || (session = info)),
  })
  const client = new Client({ rest, gateway })
  const caches = keepCaches(client)
  listen(client, tell)
  const { channels, threads, guilds, applicationCommands } = client.api
  return {
    async connect(kept) {
      session = kept === undefined ? null : infoOf(kept)
      const ready = new Promise<unknown>((resolve) => {
        caches.onComplete(() => resolve(undefined))
        client.once(E.Resumed, resolve)
      })
      await gateway.connect()
      await ready
    },
    stop: async () => gateway.destroy({ code: CloseCodes.Normal }),
    async crash() {
      crashed = true
      await gateway.destroy({ code: 4200 })
      return { id: session?.sessionId ?? '', sequence: session?.sequence ?? 0, resumeUrl: session?.resumeURL ?? '' }
    },
    self: caches.self,
    cached: caches.show,
    async guildMembers(guildId) {
      const { members } = await client.requestGuildMembers({ guild_id: guildId, query: '', limit: 0 })
      return members.map(({ user }) => user.username)
    },
    send: async (channelId, draft) => readMessage(await channels.createMessage(channelId, bodyOf(draft))),
    edit: async (channelId, id, draft) => readMessage(await channels.editMessage(channelId, id, bodyOf(draft))),
    delete: (channelId, id) => channels.deleteMessage(channelId, id),
    fetch: async (channelId, id) => readMessage(await channels.getMessage(channelId, id)),
    history: async (channelId, page) => (await channels.getMessages(channelId, page)).map(readMessage),
    react: (channelId, id, emoji) => channels.addMessageReaction(channelId, id, emoji),
    unreact: (channelId, id, emoji) => channels.deleteOwnMessageReaction(channelId, id, emoji),
    reactors: async (channelId, id, emoji) =>
      (await channels.getMessageReactions(channelId, id, emoji)).map(({ username }) => username),
    pin: (channelId, id) => channels.pinMessage(channelId, id),
    unpin: (channelId, id) => channels.unpinMessage(channelId, id),
    pins: async (channelId) => (await channels.getPins(channelId)).map(readMessage),
    async startThread(channelId, name, from) {
      const type = 'type' in from ? { type: from.type } : {}
      const messageId = 'messageId' in from ? from.messageId : undefined
      return readThread(await channels.createThread(channelId, { name, ...type }, messageId))
    },
    changeThread: async (id, change) => readThread((await channels.edit(id, change)) as APIThreadChannel),
    addMember: (threadId, userId) => threads.addMember(threadId, userId),
    members: async (threadId) => (await threads.getAllMembers(threadId)).map(({ user_id: id = '' }) => id),
    activeThreads: async (guildId) => namesOf((await guilds.getActiveThreads(guildId)).threads),
    archivedThreads: async (channelId) => namesOf((await channels.getArchivedThreads(channelId, 'public')).threads),
    declare: (guildId, commands) => applicationCommands.bulkOverwriteGuildCommands(bot.applicationId, guildId, commands as never),
  }
}

function infoOf({ id, sequence, resumeUrl }: KeptSession): SessionInfo {
  return { sessionId: id, sequence, resumeURL: resumeUrl, shardId: 0, shardCount: 1 }
}

const namesOf = (named: readonly { readonly name?: string | null }[]) => named.map(({ name }) => name ?? '')

function listen(client: Client, tell: (heard: Heard) => void): void {
  client.on(E.MessageCreate, ({ data }) => tell({ kind: 'message', message: readMessage(data) }))
  client.on(E.MessageUpdate, ({ data }) => tell({ kind: 'edited', message: readMessage(data) }))
  client.on(E.MessageDelete, ({ data }) => tell({ kind: 'deleted', id: data.id }))
  client.on(E.MessageReactionAdd, ({ data }) =>
    tell({ kind: 'reacted', messageId: data.message_id, emoji: data.emoji.name ?? '', userId: data.user_id }),
  )
  client.on(E.ThreadCreate, ({ data }) => tell({ kind: 'thread', thread: readThread(data as APIThreadChannel) }))
  client.on(E.ThreadUpdate, ({ data }) => tell({ kind: 'thread-changed', thread: readThread(data) }))
  client.on(E.InteractionCreate, ({ data, api }) =>
    tell({ kind: 'asked', question: { ...readQuestion(data), ...answersOf(api, data) } }),
  )
}

/** Names by id, as a bot on this library keeps them. */
function keepCaches(client: Client) {
  const guilds = new Map<string, string>()
  const channels = new Map<string, string>()
  const threads = new Map<string, string>()
  const roles = new Map<string, string>()
  let self = ''
  let awaited: Set<string> | undefined
  let complete: () => void = () => undefined
  const arrived = (id: string) => {
    awaited?.delete(id)
    if (awaited?.size === 0) complete()
  }
  client.on(E.Ready, ({ data }) => {
    self = data.user.username
    awaited = new Set(data.guilds.map(({ id }) => id))
    arrived('')
  })
  client.on(E.GuildCreate, ({ data }) => {
    guilds.set(data.id, data.name)
    for (const { id, name } of data.channels) channels.set(id, name ?? '')
    for (const { id, name } of data.threads) threads.set(id, name ?? '')
    for (const { id, name } of data.roles) roles.set(id, name)
    arrived(data.id)
  })
  client.on(E.ChannelCreate, ({ data }) => void channels.set(data.id, data.name ?? ''))
  client.on(E.ChannelUpdate, ({ data }) => void channels.set(data.id, data.name ?? ''))
  client.on(E.ChannelDelete, ({ data }) => void channels.delete(data.id))
  client.on(E.ThreadCreate, ({ data }) => void threads.set(data.id, data.name ?? ''))
  client.on(E.ThreadUpdate, ({ data }) => void threads.set(data.id, data.name ?? ''))
  client.on(E.ThreadDelete, ({ data }) => void threads.delete(data.id))
  client.on(E.GuildRoleCreate, ({ data }) => void roles.set(data.role.id, data.role.name))
  client.on(E.GuildRoleUpdate, ({ data }) => void roles.set(data.role.id, data.role.name))
  client.on(E.GuildRoleDelete, ({ data }) => void roles.delete(data.role_id))
  const sorted = (names: Map<string, string>) => [...names.values()].sort()
  return {
    self: () => self,
    show: () => ({ guilds: sorted(guilds), channels: sorted(channels), threads: sorted(threads), roles: sorted(roles) }),
    onComplete: (listener: () => void) => void (complete = listener),
  }
}
