/** The channels of a server: listed, made, deleted. */
import { ChannelType, Routes } from 'discord-api-types/v10'
import { compareSnowflakes } from '../../base/ids.ts'
import type { ChannelsPort } from '../../ports/channels.ts'
import type { Rest } from '../rest/rest.ts'
import { activeThreads, guildChannels, guildNames, threadNow, withId } from '../wire/answer.ts'
import { guildMembers } from '../wire/guild.ts'
import { KINDS } from '../wire/channel-kinds.ts'

const TYPES = { text: ChannelType.GuildText, category: ChannelType.GuildCategory } as const

export const createChannels = (rest: Rest): ChannelsPort => ({
  servers: () => rest.read(Routes.userGuilds(), guildNames),
  async members(guildId, query, limit) {
    const search = new URLSearchParams({ query, limit: String(limit) })
    const found = await rest.read(`/guilds/${guildId}/members/search?${search.toString()}`, guildMembers)
    if (found instanceof Error) return found
    return found.map(({ user, nick }) => ({ id: user.id, name: nick ?? user.global_name ?? user.username }))
  },
  async list(guildId) {
    const channels = await rest.read(Routes.guildChannels(guildId), guildChannels)
    if (channels instanceof Error) return channels
    return channels.map(({ id, name, type, parent_id: parentId, topic }) => ({
      id,
      name: name ?? '',
      kind: KINDS[type] ?? 'other',
      parentId,
      topic: topic ?? '',
    }))
  },
  create(guildId, { kind, name, parentId, topic }) {
    const body = { name, type: TYPES[kind], parent_id: parentId, topic }
    return rest.call({ method: 'POST', route: Routes.guildChannels(guildId), body }, withId)
  },
  async activeThreads(guildId) {
    const active = await rest.read(Routes.guildActiveThreads(guildId), activeThreads)
    if (active instanceof Error) return active
    return active.threads.map(({ id, last_message_id: newestId }) => ({ id, newestId: newestId ?? id }))
  },
  async archive(threadId, idleSince) {
    const archive = () => rest.send({ method: 'PATCH', route: Routes.channel(threadId), body: { archived: true } })
    if (idleSince === undefined) return (await archive()) ?? 'archived'
    const thread = await rest.read(Routes.channel(threadId), threadNow)
    if (thread instanceof Error) return thread
    const { last_message_id: newest, thread_metadata: facts } = thread
    if (facts?.archived !== false || compareSnowflakes(newest ?? threadId, idleSince) > 0) return 'left'
    return (await archive()) ?? 'archived'
  },
  remove: (channelId) => rest.send({ method: 'DELETE', route: Routes.channel(channelId) }),
})
