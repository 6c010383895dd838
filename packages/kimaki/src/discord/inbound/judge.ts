/**
 * One gateway dispatch -> one event for the caller: at once where the cache has all that is needed, else once Discord has told it.
 *
 * J1. Whatever Discord sends, there is an event: one that cannot be read is `unreadable`. Nothing here throws but the stop of the adapter.
 * J2. A message is read as far as it is needed: its place, then its author, then the rest, and that only if the author may speak, or may be
 *     let in for one message.
 *     Outside of all projects: its words alone, for a mention of the bot.
 */
import { isAbortError, Unreadable } from '../../base/errors.ts'
import type { Secrets } from '../../base/redact.ts'
import { may, mayUse, type AccessFacts } from '../../domain/access.ts'
import type { ChatEvent, GatewayPosition } from '../../ports/chat.ts'
import type { Marks } from '../outbound/mark.ts'
import type { Arrival, Dispatch } from '../wire/dispatch.ts'
import { handleDispatch } from '../wire/dispatch.ts'
import type { Invoked } from '../wire/interaction.ts'
import {
  message as messageReader,
  posted as postedReader,
  sender as senderReader,
  words as wordsReader,
  type Sender,
  type Written,
} from '../wire/message.ts'
import { accessFacts } from './access.ts'
import type { Cache, GuildFacts } from './cache.ts'
import { deadDispatch } from './dead-dispatch.ts'
import {
  callsBot,
  isOwn,
  isToBeTold,
  mayBeHeard,
  mentionsBot,
  placeOf,
  saysSomething,
  toIncoming,
  type Whereabouts,
} from './incoming.ts'
import { commandOf, pressOf, queryOf } from './interactions.ts'
import { Locator, type Located, type LocatorOptions } from './locate.ts'
import type { MemberFacts } from './members.ts'

export interface JudgeOptions extends LocatorOptions {
  readonly botUserId: () => string
  /** Values that must never be on record. */
  readonly secrets: Secrets
  /** Messages in threads are read, too, of people who may be let in for one message. */
  readonly hearsGuests: boolean
  readonly marks: Pick<Marks, 'read'>
}

/** A promise: Discord is asked. It rejects only when the adapter stops. */
export type Verdict = ChatEvent | Promise<ChatEvent>

/** An error: it cannot be read. */
type Outcome = ChatEvent | Error
type Finding = Outcome | Promise<Outcome>

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

  judge(arrival: Arrival, position: GatewayPosition): Verdict {
    const event = (outcome: Outcome): ChatEvent =>
      outcome instanceof Error ? this.#unreadable(arrival, position, outcome) : outcome
    const defect = (error: unknown): ChatEvent => {
      if (isAbortError(error)) throw error
      return event(new Error(`a defect: ${String(error)}`))
    }
    try {
      const found = this.#find(arrival, position)
      return found instanceof Promise ? found.then(event).catch(defect) : event(found)
    } catch (error) {
      return defect(error)
    }
  }

  #find({ read }: Arrival, position: GatewayPosition): Finding {
    if (read === undefined) return passed(position)
    return read instanceof Unreadable ? read : this.#told(read, position)
  }

  #unreadable(arrival: Arrival, position: GatewayPosition, { message: reason }: Error): ChatEvent {
    const { t: type, d: payload, read } = arrival
    if (read instanceof Error) this.#cache.forget(arrival)
    this.#options.log.error('a dispatch of Discord cannot be read and is passed over', {
      type,
      sequence: position.sequence,
      reason,
    })
    return { kind: 'unreadable', dispatch: deadDispatch(type, payload, reason, this.#options.secrets), position }
  }

  /** The cache follows the dispatch first: a message is judged by what its guild and channel were when it was sent. */
  #told(dispatch: Dispatch, position: GatewayPosition): Finding {
    const nameBefore = dispatch.t === 'THREAD_UPDATE' ? this.#cache.channel(dispatch.d.id)?.name : undefined
    this.#cache.apply(dispatch)
    const gone = ({ id }: { readonly id: string }): ChatEvent => ({ kind: 'channel-gone', channelId: id, position })
    const changed = (...ids: readonly string[]) => ({ kind: 'place-changed', ids, position }) as const
    const finding = handleDispatch<Finding>(
      {
        READY: () => ({ kind: 'fresh', position }),
        GUILD_CREATE: ({ id, isHere }) => (isHere ? { ...changed(id), guild: { id, isHere } } : changed(id)),
        // Unavailable is an outage of Discord's.
        GUILD_DELETE: ({ id, unavailable }) =>
          unavailable ? passed(position) : { ...changed(id), guild: { id, isHere: false } },
        // Of others it is told only with an intent that is not asked for.
        GUILD_MEMBER_UPDATE: ({ guild_id: guildId, user }) =>
          user.id === this.#options.botUserId() ? changed(guildId) : passed(position),
        GUILD_ROLE_CREATE: ({ guild_id: guildId }) => changed(guildId),
        GUILD_ROLE_UPDATE: ({ guild_id: guildId }) => changed(guildId),
        GUILD_ROLE_DELETE: ({ guild_id: guildId }) => changed(guildId),
        CHANNEL_CREATE: ({ id }) => changed(id),
        CHANNEL_UPDATE: ({ id }) => changed(id),
        CHANNEL_DELETE: gone,
        THREAD_CREATE: ({ id }) => changed(id),
        THREAD_LIST_SYNC: ({ threads }) => changed(...threads.map(({ id }) => id)),
        THREAD_DELETE: gone,
        THREAD_UPDATE: ({ id, name }) =>
          name === nameBefore ? changed(id) : { kind: 'thread-renamed', threadId: id, name: name ?? '', position },
        MESSAGE_CREATE: (message) => this.#written(message, undefined, position),
        // A link's preview, a pin and the like are told as updates, too.
        MESSAGE_UPDATE: (message) =>
          message.edited_timestamp === undefined ? passed(position) : this.#written(message, message.edited_timestamp, position),
        MESSAGE_DELETE: ({ id, channel_id: channelId }) => this.#deleted(channelId, [id], position),
        MESSAGE_DELETE_BULK: ({ ids, channel_id: channelId }) => this.#deleted(channelId, ids, position),
        INTERACTION_CREATE: (interaction) => this.#interaction(interaction, position),
      },
      dispatch,
    )
    return finding ?? passed(position)
  }

  #written(message: Written, editedAt: string | undefined, position: GatewayPosition): Finding {
    const { guild_id: guildId, channel_id: channelId, whole } = message
    const sender = senderReader(whole)
    if (guildId === undefined) return passed(position)
    if (!(sender instanceof Unreadable) && isOwn(sender, this.#options.botUserId()))
      return editedAt === undefined ? this.#own(guildId, message, position) : passed(position)
    if (!(sender instanceof Unreadable) && !mayBeHeard(sender, this.#options.botUserId())) return passed(position)
    const here = (ours: Ours): Finding => {
      if (sender instanceof Unreadable) return sender
      const heard = (facts: MemberFacts | undefined): Outcome => this.#heard({ message, sender, ours, facts, editedAt, position })
      const facts = memberIn(sender)
      if (facts) return heard(facts)
      return this.#locator.member(guildId, sender.author.id).then((told) => (told instanceof Error ? told : heard(told)))
    }
    const elsewhere = (guild: GuildFacts): ChatEvent =>
      sender instanceof Unreadable || editedAt !== undefined
        ? passed(position)
        : this.#elsewhere({ message, sender, guild, position })
    return this.#at({ guildId, channelId }, position, here, elsewhere)
  }

  /** Discord is not asked where it stands: our own place is known, and nothing depends on it. */
  #own(guildId: string, { id: messageId, channel_id: channelId, whole }: Written, position: GatewayPosition): ChatEvent {
    const place = this.#locator.known(guildId, channelId)?.place
    const said = postedReader(whole)
    if (!place || said instanceof Unreadable) return passed(position)
    const marked = place.inThread ? undefined : this.#options.marks.read(whole)
    if (marked) return { kind: 'marked', place: { channelId, ...place }, messageId, ...marked, position }
    return { kind: 'own', place: { channelId, ...place }, messageId, nonce: said.nonce, position }
  }

  /** Outside of all projects. Discord is not asked who somebody is only to say that there is no project. */
  #elsewhere({ message: { id: messageId, channel_id: channelId, whole }, sender, guild, position }: Elsewhere): ChatEvent {
    const said = wordsReader(whole)
    const facts = memberIn(sender)
    if (said instanceof Unreadable || !facts || !callsBot(sender, said.content, this.#options.botUserId()))
      return passed(position)
    const place = { channelId, projectChannelId: channelId, inThread: false }
    const access = accessFacts(guild, sender.author.id, facts.isBot, facts)
    return { kind: 'unread', why: 'no-project', messageId, place, mentionsBot: true, access, position }
  }

  #heard({ message: { id: messageId, channel_id: channelId, whole }, sender, ours, facts, editedAt, position }: Heard): Outcome {
    const { author } = sender
    const isNew = editedAt === undefined
    const place = { channelId, ...ours.place }
    const access = accessFacts(ours.guild, author.id, author.bot ?? false, facts)
    const unheard = isNew ? ({ kind: 'unheard', place, messageId, position } as const) : passed(position)
    const isGuest = this.#options.hearsGuests && place.inThread && may('be-let-in', access)
    if (!isGuest && !mayUse(access)) return unheard
    const message = messageReader(whole)
    if (message instanceof Unreadable) return isGuest ? unheard : message
    if (isGuest && !saysSomething(message)) return unheard
    const around = { cache: this.#cache, botUserId: this.#options.botUserId(), ...ours, member: facts }
    if (isToBeTold(sender, message))
      return isNew
        ? { kind: 'unread', why: 'empty', messageId, place, mentionsBot: mentionsBot(message, around), access, position }
        : passed(position)
    if (!saysSomething(message)) return passed(position)
    const incoming = toIncoming(message, around)
    if (isNew) return { kind: 'message', message: incoming, access, position }
    return { kind: 'edited', message: incoming, access, editedAt, position }
  }

  /** Nothing was ever accepted in a channel that we do not know. */
  #deleted(channelId: string, messageIds: readonly string[], position: GatewayPosition): ChatEvent {
    const channel = this.#cache.channel(channelId)
    const place = channel && placeOf(channel, this.#options.isProjectChannel)
    return place ? { kind: 'deleted', place: { channelId, ...place }, messageIds, position } : passed(position)
  }

  #interaction(invoked: Invoked, position: GatewayPosition): Finding {
    if (invoked.kind === 'press') {
      const pressed = pressOf(invoked.interaction)
      if (!pressed) return passed(position)
      const { press, token, roleIds } = pressed
      return this.#byPerson(press, roleIds, position, (facts) => ({ kind: 'pressed', press, token, position, ...facts }))
    }
    if (invoked.kind === 'autocomplete') {
      const typed = queryOf(invoked.interaction)
      if (!typed) return passed(position)
      const { query, roleIds } = typed
      return this.#byPerson(query, roleIds, position, (facts) => ({ kind: 'autocomplete', query, position, ...facts }))
    }
    const command = invoked.kind === 'command' ? commandOf(invoked.interaction) : undefined
    if (!command) return passed(position)
    const { roleIds } = command
    return this.#byPerson(command.command, roleIds, position, (facts) => ({
      kind: 'command',
      command: command.command,
      position,
      ...facts,
    }))
  }

  /** Where no project is: whoever gets the event decides whether it is answered. Without an answer, Discord says so to the person. */
  #byPerson(
    { guildId, channelId, userId }: { readonly guildId: string; readonly channelId: string; readonly userId: string },
    roleIds: readonly string[],
    position: GatewayPosition,
    toEvent: (facts: { readonly place: Whereabouts & { readonly channelId: string }; readonly access: AccessFacts }) => ChatEvent,
  ): Finding {
    const at = (guild: GuildFacts, place: Whereabouts): ChatEvent => {
      const member = { roles: roleIds, nick: undefined, isBot: false }
      return toEvent({ place: { channelId, ...place }, access: accessFacts(guild, userId, false, member) })
    }
    const elsewhere = { projectChannelId: channelId, inThread: false }
    return this.#at(
      { guildId, channelId },
      position,
      ({ guild, place }) => at(guild, place),
      (guild) => at(guild, elsewhere),
    )
  }

  #at(
    { guildId, channelId }: { readonly guildId: string; readonly channelId: string },
    position: GatewayPosition,
    here: (ours: Ours) => Finding,
    elsewhere: (guild: GuildFacts) => Finding = () => passed(position),
  ): Finding {
    const finding = (located: Located | undefined | Error): Finding => {
      if (located instanceof Error) return located
      if (located === undefined) return passed(position)
      const { guild, place } = located
      return place ? here({ guild, place }) : elsewhere(guild)
    }
    const known = this.#locator.known(guildId, channelId)
    return known ? finding(known) : this.#locator.fetch(guildId, channelId).then(finding)
  }
}

interface Heard {
  readonly message: Written
  readonly sender: Sender
  readonly ours: Ours
  readonly facts: MemberFacts | undefined
  readonly editedAt: string | undefined
  readonly position: GatewayPosition
}

interface Elsewhere {
  readonly message: Written
  readonly sender: Sender
  readonly guild: GuildFacts
  readonly position: GatewayPosition
}

const memberIn = ({ author, member }: Sender): MemberFacts | undefined => member && { ...member, isBot: author.bot ?? false }

const passed = (position: GatewayPosition): ChatEvent => ({ kind: 'passed', position })
