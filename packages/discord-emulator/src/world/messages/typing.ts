/** Typing indicators (docs: Channel > Trigger Typing Indicator; Gateway Events > Typing Start). */
import type { Snowflake } from '../../api.ts'
import type { Actor } from '../realm/actor.ts'
import type { Realm } from '../realm/realm.ts'
import { writableChannel } from './send-message.ts'
import { inGuild } from '../show/show-message.ts'
import { showMember } from '../show/show-user.ts'

export function startTyping(realm: Realm, actor: Actor, channelId: Snowflake): void {
  const { guildId } = writableChannel(realm, actor, channelId)
  const member = realm.guilds.get(guildId)?.members.get(actor.id)
  const payload = {
    channel_id: channelId,
    ...inGuild(guildId),
    user_id: actor.id,
    timestamp: Math.floor(realm.settings.now() / 1000),
    ...(member && { member: showMember(realm, member) }),
  }
  realm.dispatch({ event: 'TYPING_START', guildId, channelId, subjectId: actor.id, payload: () => payload })
}
