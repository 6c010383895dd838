/** Many messages at once (docs: Message > Bulk Delete Messages). */
import { PermissionFlagsBits as P } from 'discord-api-types/v10'
import type { Snowflake } from '../../api.ts'
import { LIMITS } from '../../rules/limits.ts'
import { demand, visibleChannel } from '../realm/access.ts'
import type { Actor } from '../realm/actor.ts'
import { refusal } from '../base/discord-error.ts'
import type { Realm } from '../realm/realm.ts'
import { recordBulkDeleted } from './record-message.ts'
import { snowflakeTime } from '../base/snowflake.ts'

/** 2 to 100 ids (50016), none older than two weeks (50034); ids that name nothing are passed over. */
export function bulkDelete(realm: Realm, actor: Actor, channelId: Snowflake, ids: readonly Snowflake[]): void {
  const channel = visibleChannel(realm, actor.id, channelId)
  demand(realm, actor.id, channel, P.ManageMessages)
  if (ids.length < 2 || ids.length > LIMITS.bulkDelete) throw refusal('wrongBulkCount')
  const oldest = realm.settings.now() - LIMITS.bulkDeleteAge
  if (ids.some((id) => snowflakeTime(id) < oldest)) throw refusal('tooOldForBulk')
  const found = ids.map((id) => realm.messages.find(channelId, id)).filter((message) => message !== undefined)
  if (found.length > 0) recordBulkDeleted(realm, channelId, found, actor.kind)
}
