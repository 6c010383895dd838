/** Direct-message channels of two (docs: User > Create DM). */
import type { APIChannel } from 'discord-api-types/v10'
import type { Snowflake } from '../../api.ts'
import { CHANNEL } from '../../rules/types.ts'
import { refusal } from '../base/discord-error.ts'
import type { Realm } from '../realm/realm.ts'
import type { ChannelRecord } from '../realm/records.ts'
import { shaped } from '../base/shaped.ts'
import { showChannel } from '../show/show-channel.ts'
import { showUser } from '../show/show-user.ts'

/** The channel of the two, opened when there is none; 50007 where they share no guild. */
export function openDirect(realm: Realm, userId: Snowflake, otherId: Snowflake): ChannelRecord {
  if (!realm.users.has(otherId)) throw refusal('unknownUser')
  const shared = [...realm.guilds.values()].some(({ members }) => members.has(userId) && members.has(otherId))
  if (!shared || userId === otherId) throw refusal('cannotMessageUser')
  const known = [...realm.channels.values()]
    .filter((one) => one.kind === 'channel')
    .find(({ recipients }) => recipients?.includes(userId) === true && recipients.includes(otherId))
  if (known !== undefined) return known
  const channel: ChannelRecord = {
    kind: 'channel',
    id: realm.newId(),
    guildId: '',
    type: CHANNEL.direct,
    name: '',
    topic: null,
    position: 0,
    parentId: null,
    overwrites: [],
    nsfw: false,
    slowmode: 0,
    lastMessageId: null,
    recipients: [userId, otherId],
  }
  realm.channels.set(channel.id, channel)
  realm.changed()
  return channel
}

/** As one of the two sees it. */
export function showDirectTo(realm: Realm, channel: ChannelRecord, viewerId: Snowflake): APIChannel {
  const others = (channel.recipients ?? []).filter((id) => id !== viewerId)
  return shaped({ ...showChannel(channel), recipients: others.map((id) => showUser(realm, id)) })
}
