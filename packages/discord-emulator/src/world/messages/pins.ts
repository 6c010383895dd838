/** Pinned messages (docs: Message > Pin Message, Unpin Message, Get Channel Pins). PIN_MESSAGES is needed since 2026. */
import { PermissionFlagsBits as P } from 'discord-api-types/v10'
import type { Snowflake } from '../../api.ts'
import { LIMITS } from '../../rules/limits.ts'
import { MESSAGE } from '../../rules/types.ts'
import { demand } from '../realm/access.ts'
import type { Actor } from '../realm/actor.ts'
import { checkOpen, findMessage, type MessageAddress } from './change-message.ts'
import { refusal } from '../base/discord-error.ts'
import type { Realm } from '../realm/realm.ts'
import { recordCreated, recordUpdated } from './record-message.ts'
import type { MessageRecord } from '../realm/records.ts'
import { isSystem } from './send-message.ts'
import { inGuild } from '../show/show-message.ts'
import { timestamp } from '../base/snowflake.ts'
import { systemMessage } from './system-message.ts'

/** Leaves a notice (type 6) in the channel. */
export function pinMessage(realm: Realm, actor: Actor, address: MessageAddress): void {
  const { channel, message } = findMessage(realm, actor.id, address)
  demand(realm, actor.id, channel, P.PinMessages)
  checkOpen(realm, actor, channel)
  if (isSystem(message)) throw refusal('systemMessage')
  if (message.pinnedAt !== undefined) return
  if (pinsOf(realm, channel.id).length >= LIMITS.pins) throw refusal('tooManyPins')
  recordUpdated(realm, { ...message, pinnedAt: timestamp(realm.settings.now()) }, actor.kind)
  tell(realm, channel.id)
  const reference = { channelId: channel.id, guildId: channel.guildId, messageId: message.id }
  recordCreated(realm, systemMessage(realm, actor, { channelId: channel.id, type: MESSAGE.pinned, reference }), 'system')
}

export function unpinMessage(realm: Realm, actor: Actor, address: MessageAddress): void {
  const { channel, message } = findMessage(realm, actor.id, address)
  demand(realm, actor.id, channel, P.PinMessages)
  checkOpen(realm, actor, channel)
  if (message.pinnedAt === undefined) return
  const { pinnedAt: _gone, ...rest } = message
  recordUpdated(realm, rest, actor.kind)
  tell(realm, channel.id)
}

/** Last pinned first. */
export function pinsOf(realm: Realm, channelId: Snowflake): readonly (MessageRecord & { readonly pinnedAt: string })[] {
  return realm.messages
    .all(channelId)
    .flatMap((message) => (message.pinnedAt === undefined ? [] : [{ ...message, pinnedAt: message.pinnedAt }]))
    .sort((a, b) => (a.pinnedAt < b.pinnedAt ? 1 : -1))
}

function tell(realm: Realm, channelId: Snowflake): void {
  const guildId = realm.channels.get(channelId)?.guildId ?? ''
  const [last] = pinsOf(realm, channelId)
  const payload = { ...inGuild(guildId), channel_id: channelId, last_pin_timestamp: last?.pinnedAt ?? null }
  realm.dispatch({ event: 'CHANNEL_PINS_UPDATE', guildId, channelId, subjectId: channelId, payload: () => payload })
}
