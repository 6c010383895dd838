/** Reactions (docs: Message > Create Reaction and the routes after it). Only Unicode emoji exist in the emulator. */
import { PermissionFlagsBits as P } from 'discord-api-types/v10'
import type { Snowflake } from '../../api.ts'
import { LIMITS } from '../../rules/limits.ts'
import { demand } from '../realm/access.ts'
import type { Actor } from '../realm/actor.ts'
import { checkOpen, findMessage, type MessageAddress } from './change-message.ts'
import { refusal } from '../base/discord-error.ts'
import type { EventName } from '../../rules/intents.ts'
import type { Realm } from '../realm/realm.ts'
import type { MessageRecord, ReactionRecord } from '../realm/records.ts'
import { inGuild } from '../show/show-message.ts'
import { showMember } from '../show/show-user.ts'

export type ReactionAddress = MessageAddress & { readonly emoji: string }

/** ADD_REACTIONS is needed only for the first of its kind; READ_MESSAGE_HISTORY always. */
export function addReaction(realm: Realm, actor: Actor, { emoji, ...address }: ReactionAddress): void {
  const { channel, message } = findMessage(realm, actor.id, address)
  checkEmoji(emoji)
  demand(realm, actor.id, channel, P.ReadMessageHistory)
  checkOpen(realm, actor, channel)
  const existing = reactionOf(message, emoji)
  if (existing === undefined) {
    demand(realm, actor.id, channel, P.AddReactions)
    if (message.reactions.length >= LIMITS.reactions) throw refusal('tooManyReactions')
  }
  if (existing?.userIds.includes(actor.id) === true) return
  const changed = { emoji, userIds: [...(existing?.userIds ?? []), actor.id] }
  replaceReactions(realm, message, existing ? swap(message, changed) : [...message.reactions, changed])
  const member = realm.guilds.get(channel.guildId)?.members.get(actor.id)
  tell(realm, 'MESSAGE_REACTION_ADD', message, {
    user_id: actor.id,
    emoji: { id: null, name: emoji },
    message_author_id: message.authorId,
    burst: false,
    type: 0,
    ...(member && { member: showMember(realm, member) }),
  })
}

/** One's own at any time; another's with MANAGE_MESSAGES. */
export function removeReaction(
  realm: Realm,
  actor: Actor,
  { emoji, userId, ...address }: ReactionAddress & { userId: Snowflake },
): void {
  const { channel, message } = findMessage(realm, actor.id, address)
  checkEmoji(emoji)
  if (userId !== actor.id) demand(realm, actor.id, channel, P.ManageMessages)
  checkOpen(realm, actor, channel)
  const existing = reactionOf(message, emoji)
  if (existing?.userIds.includes(userId) !== true) return
  const left = { emoji, userIds: existing.userIds.filter((id) => id !== userId) }
  replaceReactions(realm, message, left.userIds.length === 0 ? without(message, emoji) : swap(message, left))
  tell(realm, 'MESSAGE_REACTION_REMOVE', message, { user_id: userId, emoji: { id: null, name: emoji }, burst: false, type: 0 })
}

/** All of them, or all with one emoji. */
export function clearReactions(
  realm: Realm,
  actor: Actor,
  { emoji, ...address }: MessageAddress & { readonly emoji?: string },
): void {
  const { channel, message } = findMessage(realm, actor.id, address)
  demand(realm, actor.id, channel, P.ManageMessages)
  if (emoji === undefined) {
    replaceReactions(realm, message, [])
    tell(realm, 'MESSAGE_REACTION_REMOVE_ALL', message, {})
  } else {
    checkEmoji(emoji)
    replaceReactions(realm, message, without(message, emoji))
    tell(realm, 'MESSAGE_REACTION_REMOVE_EMOJI', message, { emoji: { id: null, name: emoji } })
  }
}

export function reactingUsers(realm: Realm, userId: Snowflake, { emoji, ...address }: ReactionAddress): readonly Snowflake[] {
  const { channel, message } = findMessage(realm, userId, address)
  checkEmoji(emoji)
  demand(realm, userId, channel, P.ReadMessageHistory)
  return reactionOf(message, emoji)?.userIds ?? []
}

function checkEmoji(emoji: string): void {
  const known = /^\p{RGI_Emoji}$/v
  if (!known.test(emoji) && !known.test(`${emoji}\u{FE0F}`)) throw refusal('unknownEmoji')
}

const reactionOf = ({ reactions }: MessageRecord, emoji: string) => reactions.find((one) => one.emoji === emoji)
const without = ({ reactions }: MessageRecord, emoji: string) => reactions.filter((one) => one.emoji !== emoji)
const swap = ({ reactions }: MessageRecord, changed: ReactionRecord) =>
  reactions.map((one) => (one.emoji === changed.emoji ? changed : one))

function replaceReactions(realm: Realm, message: MessageRecord, reactions: readonly ReactionRecord[]): void {
  realm.messages.replace({ ...message, reactions })
}

function tell(realm: Realm, event: EventName, message: MessageRecord, what: object): void {
  const guildId = realm.channels.get(message.channelId)?.guildId ?? ''
  const payload = { channel_id: message.channelId, message_id: message.id, ...inGuild(guildId), ...what }
  realm.dispatch({ event, guildId, channelId: message.channelId, subjectId: message.id, payload: () => payload })
}
