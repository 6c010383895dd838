/** One gateway dispatch -> one event for the caller: at once where the cache has all that is needed, else once Discord has told it. */
import {
  GatewayDispatchEvents,
  type APIInteraction,
  type GatewayDispatchPayload,
  type GatewayMessageCreateDispatchData,
  type GatewayMessageUpdateDispatchData,
} from 'discord-api-types/v10'
import type { ChatEvent, GatewayPosition } from '../../ports/chat.ts'
import { accessFacts } from './access.ts'
import type { Cache, GuildFacts } from './cache.ts'
import { handleDispatch } from './dispatches.ts'
import { callsBot, isUnreadable, mayBePrompt, placeOf, toIncoming, type Whereabouts } from './incoming.ts'
import { commandOf, pressOf } from './interactions.ts'
import { Locator, type Located, type LocatorOptions } from './locate.ts'
import type { MemberFacts } from './members.ts'

export interface JudgeOptions extends LocatorOptions {
  readonly botUserId: () => string
}

/** A promise: Discord is asked. It rejects only when the adapter stops. */
export type Verdict = ChatEvent | Promise<ChatEvent>

type Written = GatewayMessageCreateDispatchData | GatewayMessageUpdateDispatchData

/** A project channel of ours, or a thread below one. */
interface Ours {
  readonly guild: GuildFacts
  readonly place: Whereabouts
}

export class Judge {
  readonly #cache: Cache
  readonly #locator: Locator
  readonly #options: JudgeOptions

  constructor(options: JudgeOptions) {
    this.#cache = options.cache
    this.#locator = new Locator(options)
    this.#options = options
  }

  /** The cache follows the dispatch first: a message is judged by what its guild and channel were when it was sent. */
  judge(dispatch: GatewayDispatchPayload, position: GatewayPosition): Verdict {
    const nameBefore = dispatch.t === GatewayDispatchEvents.ThreadUpdate ? this.#cache.channel(dispatch.d.id)?.name : undefined
    this.#cache.apply(dispatch)
    const gone = ({ id }: { readonly id: string }): ChatEvent => ({ kind: 'channel-gone', channelId: id, position })
    const verdict = handleDispatch<Verdict>(
      {
        READY: () => ({ kind: 'fresh', position }),
        CHANNEL_DELETE: gone,
        THREAD_DELETE: gone,
        THREAD_UPDATE: ({ id, name }) =>
          name === nameBefore ? passed(position) : { kind: 'thread-renamed', threadId: id, name: name ?? '', position },
        MESSAGE_CREATE: (message) => this.#unread(message, position) ?? this.#prompt(message, position),
        MESSAGE_UPDATE: (message) => {
          const { edited_timestamp: editedAt } = message
          // A link's preview, a pin and the like are told as updates, too.
          if (editedAt === null) return passed(position)
          return this.#written(message, position, (found) => ({ kind: 'edited', position, editedAt, ...found }))
        },
        MESSAGE_DELETE: ({ id, channel_id: channelId }) => this.#deleted(channelId, [id], position),
        MESSAGE_DELETE_BULK: ({ ids, channel_id: channelId }) => this.#deleted(channelId, ids, position),
        INTERACTION_CREATE: (interaction) => this.#interaction(interaction, position),
      },
      dispatch,
    )
    return verdict ?? passed(position)
  }

  #prompt(message: Written, position: GatewayPosition): Verdict {
    return this.#written(message, position, (found) => ({ kind: 'message', position, ...found }))
  }

  #written(message: Written, position: GatewayPosition, toEvent: (found: ReturnType<typeof toIncoming>) => ChatEvent): Verdict {
    const { guild_id: guildId, channel_id: channelId } = message
    const botUserId = this.#options.botUserId()
    if (guildId === undefined || !mayBePrompt(message, botUserId)) return passed(position)
    return this.#at(guildId, channelId, position, (ours) => {
      const event = (member: MemberFacts | undefined): ChatEvent =>
        toEvent(toIncoming(message, { cache: this.#cache, botUserId, ...ours, member }))
      return message.member ? event(memberIn(message)) : this.#locator.member(guildId, message.author.id).then(event)
    })
  }

  /** Undefined: whether it is a prompt is still to be judged. */
  #unread(message: GatewayMessageCreateDispatchData, position: GatewayPosition): Verdict | undefined {
    const { guild_id: guildId, channel_id: channelId, id: messageId, author } = message
    const botUserId = this.#options.botUserId()
    const isEmpty = isUnreadable(message, botUserId)
    const mentionsBot = message.mentions.some(({ id }) => id === botUserId)
    if (guildId === undefined || !(isEmpty || callsBot(message, botUserId))) return undefined
    const event = (why: 'empty' | 'no-project', guild: GuildFacts, place: Whereabouts): ChatEvent => {
      const access = accessFacts(guild, author.id, false, memberIn(message))
      return { kind: 'unread', why, messageId, place: { channelId, ...place }, mentionsBot, access, position }
    }
    const found = (located: Located | undefined): Verdict => {
      if (located?.place) return isEmpty ? event('empty', located.guild, located.place) : this.#prompt(message, position)
      const isCalled = located && callsBot(message, botUserId)
      return isCalled ? event('no-project', located.guild, { projectChannelId: channelId, inThread: false }) : passed(position)
    }
    const known = this.#locator.known(guildId, channelId)
    return known ? found(known) : this.#locator.fetch(guildId, channelId).then(found)
  }

  /** Nothing was ever accepted in a channel that we do not know. */
  #deleted(channelId: string, messageIds: readonly string[], position: GatewayPosition): ChatEvent {
    const channel = this.#cache.channel(channelId)
    const place = channel && placeOf(channel, this.#options.isProjectChannel)
    return place ? { kind: 'deleted', place: { channelId, ...place }, messageIds, position } : passed(position)
  }

  #interaction(interaction: APIInteraction, position: GatewayPosition): Verdict {
    const pressed = pressOf(interaction)
    if (pressed) {
      const { press, token, roleIds } = pressed
      return this.#byPerson(press, roleIds, position, (facts) => ({ kind: 'pressed', press, token, position, ...facts }))
    }
    const invoked = commandOf(interaction)
    if (invoked) {
      const { command, roleIds } = invoked
      return this.#byPerson(command, roleIds, position, (facts) => ({ kind: 'command', command, position, ...facts }))
    }
    return passed(position)
  }

  /** Where nothing of ours is, an interaction stays without an answer, and Discord says so to the person. */
  #byPerson(
    { guildId, channelId, userId }: { readonly guildId: string; readonly channelId: string; readonly userId: string },
    roleIds: readonly string[],
    position: GatewayPosition,
    toEvent: (facts: Pick<Extract<ChatEvent, { kind: 'pressed' }>, 'place' | 'access'>) => ChatEvent,
  ): Verdict {
    return this.#at(guildId, channelId, position, ({ guild, place }) => {
      const member = { roles: roleIds, nick: undefined, isBot: false }
      return toEvent({ place: { channelId, ...place }, access: accessFacts(guild, userId, false, member) })
    })
  }

  #at(guildId: string, channelId: string, position: GatewayPosition, judged: (ours: Ours) => Verdict): Verdict {
    const verdict = (located: Located | undefined): Verdict =>
      located?.place ? judged({ guild: located.guild, place: located.place }) : passed(position)
    const known = this.#locator.known(guildId, channelId)
    return known ? verdict(known) : this.#locator.fetch(guildId, channelId).then(verdict)
  }
}

const memberIn = ({ member, author }: Written): MemberFacts | undefined =>
  member && { roles: member.roles, nick: member.nick ?? undefined, isBot: author.bot ?? false }

const passed = (position: GatewayPosition): ChatEvent => ({ kind: 'passed', position })
