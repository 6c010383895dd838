/** The channels of the one server that the fake of Discord has. */
import { ChatGone, ChatUnknown } from '../../../src/base/errors.ts'
import type { ChannelsPort, GuildChannel } from '../../../src/ports/channels.ts'
import type { ChatError } from '../../../src/ports/chat-error.ts'
import { GUILD, nextId } from '../../support/conversation.ts'

/** Asked before each call of that name; a returned value is the answer. */
export interface ChannelAnswers {
  listChannels?: () => Promise<readonly GuildChannel[] | ChatError | undefined>
  createChannel?: (name: string) => Promise<{ readonly id: string } | ChatError | undefined>
  archiveThread?: (threadId: string) => Promise<ChatError | undefined>
  removeChannel?: (channelId: string) => Promise<ChatError | undefined>
}

interface World {
  /** Channels that were made, or stood there before. */
  readonly made: GuildChannel[]
  losesAnswerOfChannel: boolean
  readonly on: ChannelAnswers
}

export const fakeChannels = (world: World): ChannelsPort => ({
  servers: async () => [{ id: GUILD, name: 'garden' }],
  list: async () => (await world.on.listChannels?.()) ?? [...world.made],
  members: async () => [],
  async create(_guildId, { kind, name, parentId, topic = '' }) {
    const given = await world.on.createChannel?.(name)
    if (given) return given
    const channel = { id: nextId(), name, kind, parentId, topic }
    world.made.push(channel)
    if (kind === 'category' || !world.losesAnswerOfChannel) return { id: channel.id }
    world.losesAnswerOfChannel = false
    return new ChatUnknown({ reason: 'no answer' })
  },
  activeThreads: async () => [],
  async archive(threadId, idleSince) {
    if (idleSince !== undefined) return 'left'
    return (await world.on.archiveThread?.(threadId)) ?? 'archived'
  },
  async remove(channelId) {
    const refusal = await world.on.removeChannel?.(channelId)
    if (refusal) return refusal
    const index = world.made.findIndex(({ id }) => id === channelId)
    if (index === -1) return new ChatGone({ code: 10_003, reason: 'Unknown Channel' })
    world.made.splice(index, 1)
    return undefined
  },
})
