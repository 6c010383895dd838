/** Slow mode (docs: Channel > `rate_limit_per_user`): one message of a person in so many seconds; bots and moderators are exempt. */
import { PermissionFlagsBits as P } from 'discord-api-types/v10'
import { may } from '../realm/access.ts'
import type { Actor } from '../realm/actor.ts'
import { refusal } from '../base/discord-error.ts'
import type { Realm } from '../realm/realm.ts'
import type { ChannelRecord, ThreadRecord } from '../realm/records.ts'
import { snowflakeTime } from '../base/snowflake.ts'

/** Throws 20016 for a person who wrote here too recently. */
export function checkSlowMode(realm: Realm, actor: Actor, channel: ChannelRecord | ThreadRecord): void {
  if (actor.kind === 'bot' || channel.slowmode === 0) return
  if (EXEMPT.some((bit) => may(realm, actor.id, channel, bit))) return
  const since = realm.settings.now() - channel.slowmode * 1000
  const last = realm.messages.all(channel.id).findLast(({ authorId }) => authorId === actor.id)
  if (last !== undefined && snowflakeTime(last.id) > since) throw refusal('slowMode')
}

const EXEMPT = [P.BypassSlowmode, P.ManageMessages, P.ManageChannels]
