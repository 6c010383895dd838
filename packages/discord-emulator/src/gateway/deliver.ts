/** Brings an event to the sessions it concerns: membership, shard, intents, VIEW_CHANNEL (docs: Gateway > Gateway Intents). */
import { GatewayIntentBits as I } from 'discord-api-types/v10'
import { EVENTS, type EventRule } from '../rules/intents.ts'
import { canView } from '../world/realm/access.ts'
import type { Dispatch } from '../world/realm/dispatch.ts'
import type { Realm } from '../world/realm/realm.ts'
import { isOnShard } from './ready.ts'
import type { Session } from './session.ts'
import type { Sessions } from './sessions.ts'

export function createDelivery(realm: Realm, sessions: Sessions): (dispatch: Dispatch) => void {
  return (dispatch) => {
    for (const session of sessions.living()) {
      if (!concerns(realm, session, dispatch)) continue
      const { intents, bot } = session
      const viewer = { userId: bot.id, content: (intents & I.MessageContent) !== 0, members: (intents & I.GuildMembers) !== 0 }
      sessions.push(session, { event: dispatch.event, data: dispatch.payload(viewer), subjectId: dispatch.subjectId })
    }
  }
}

function concerns(
  realm: Realm,
  { bot, intents, shard }: Session,
  { event, guildId, channelId, about = [], to, direct = false }: Dispatch,
): boolean {
  if (to !== undefined && to !== bot.id) return false
  const isDirect = direct || guildId === ''
  if (to === undefined && !isDirect && realm.guilds.get(guildId)?.members.has(bot.id) !== true) return false
  if (!isOnShard(isDirect ? '0' : guildId, shard)) return false
  const rule: EventRule = EVENTS[event]
  if (isDirect ? !admitsDirect(rule, intents) : !admits(rule, intents, about.includes(bot.id))) return false
  const channel = channelId === undefined ? undefined : realm.channels.get(channelId)
  return channelId === undefined || (channel !== undefined && canView(realm, bot.id, channel))
}

function admits({ intent, self }: EventRule, intents: number, aboutSelf: boolean): boolean {
  if (intent === 0 || (intents & intent) !== 0) return true
  return aboutSelf && self !== undefined && (self === 0 || (intents & self) !== 0)
}

/** Outside guilds (docs: Gateway > List of Intents, DIRECT_MESSAGES and its sisters). */
function admitsDirect({ intent, direct }: EventRule, intents: number): boolean {
  return intent === 0 || (direct !== undefined && (intents & direct) !== 0)
}
