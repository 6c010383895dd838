/** Which guild a channel or thread belongs to: as the store knows it, or Discord, for a thread that was archived before the gateway came. */
import { NoAnswer, StoreAway } from '../base/errors.ts'
import { fieldsOf, isSnowflake, parseJson } from '../base/shape.ts'
import type { Store } from '../ports/store.ts'
import type { UpstreamRest } from '../upstream/rest.ts'
import type { Limits } from './limits.ts'

export interface ChannelLookUp {
  readonly store: Store
  readonly upstream: UpstreamRest
  readonly limits: Limits
}

/** Undefined: of no guild that the bot sees. */
export async function guildOfChannel({ store, upstream, limits }: ChannelLookUp, clientId: string, channelId: string) {
  const known = store.guilds.guildOfChannel(channelId)
  if (known !== undefined) return known
  const answer = await upstream.ask({ method: 'GET', path: `/channels/${channelId}` })
  if (answer instanceof NoAnswer) return answer
  // Whoever asks for channels by chance uses up a budget of its own, not the bot's.
  limits.answered(clientId, 'GET /channels/{channel_id}', answer)
  if (answer.status >= 500 || answer.status === 429) return new NoAnswer({ reason: String(answer.status) })
  if (answer.status !== 200) return undefined
  const { guild_id: guildId } = fieldsOf(parseJson(Buffer.from(answer.body).toString()))
  if (!isSnowflake(guildId)) return undefined
  const stored = store.guilds.rememberChannel(channelId, guildId)
  return stored instanceof StoreAway ? stored : guildId
}
