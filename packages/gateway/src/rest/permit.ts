/** Whether a client may ask for a route: every guild and channel that the request names must be its own. */
import type { RefusalName } from 'kimaki-protocol'
import { NoAnswer, StoreAway } from '../base/errors.ts'
import { fieldsOf, isSnowflake } from '../base/shape.ts'
import type { Store } from '../ports/store.ts'
import type { UpstreamRest } from '../upstream/rest.ts'
import { idsInBody, idsInQuery } from './ids.ts'
import type { Limits } from './limits.ts'
import type { Match } from './match.ts'
import type { Allowed } from './table.ts'

export interface Asked {
  readonly match: Match
  readonly query: URLSearchParams
  readonly body: unknown
}

export interface PermitOptions {
  readonly store: Store
  readonly upstream: UpstreamRest
  readonly applicationId: string
  readonly limits: Limits
}

type Verdict = 'yes' | RefusalName

export async function permit(options: PermitOptions, clientId: string, { match, query, body }: Asked): Promise<Verdict> {
  const { store, applicationId } = options
  if (!('allowed' in match.rule)) return 'route'
  const { params } = match
  const [inBody, inQuery] = [idsInBody(body), idsInQuery(query)]
  if (inBody === undefined || inQuery === undefined) return 'body'
  const own = store.clients.guildsOf(clientId)
  if (own instanceof StoreAway) return 'unavailable'

  const named = namedInPath(match.rule.allowed, params)
  if (named === undefined) return 'route'
  const isForeignApplication = params.application_id !== undefined && params.application_id !== applicationId
  const isForeignWebhook = params.webhook_id !== undefined && params.webhook_id !== applicationId
  if (isForeignApplication || isForeignWebhook) return 'route'

  if (named.token !== undefined) {
    const guild = store.guilds.guildOfToken(named.token)
    if (guild instanceof StoreAway) return 'unavailable'
    if (guild === undefined || !own.includes(guild)) return 'foreignToken'
  }
  const guilds = [...named.guilds, ...inBody.guilds, ...inQuery.guilds]
  if (guilds.some((id) => !own.includes(id))) return 'foreignGuild'
  for (const channelId of new Set([...named.channels, ...inBody.channels, ...inQuery.channels])) {
    const guild = await guildOfChannel(options, clientId, channelId)
    if (guild instanceof StoreAway) return 'unavailable'
    if (guild instanceof NoAnswer) return 'noAnswer'
    if (guild === undefined || !own.includes(guild)) return 'foreignGuild'
  }
  return 'yes'
}

interface Named {
  readonly guilds: readonly string[]
  readonly channels: readonly string[]
  readonly token?: string
}

/** What the path must name for its kind of authority; undefined: it does not. */
function namedInPath(allowed: Allowed, params: Readonly<Record<string, string>>): Named | undefined {
  const token = params.interaction_token ?? params.webhook_token
  switch (allowed) {
    case 'guild':
    case 'commands':
      return params.guild_id === undefined ? undefined : { guilds: [params.guild_id], channels: [] }
    case 'channel':
      return params.channel_id === undefined ? undefined : { guilds: [], channels: [params.channel_id] }
    case 'interaction':
      return token === undefined ? undefined : { guilds: [], channels: [], token }
    case 'own':
      return { guilds: [], channels: [] }
  }
}

/** A thread that was archived before the gateway came is known to Discord alone. */
async function guildOfChannel({ store, upstream, limits }: PermitOptions, clientId: string, channelId: string) {
  const known = store.guilds.guildOfChannel(channelId)
  if (known !== undefined) return known
  const answer = await upstream.ask({ method: 'GET', path: `/channels/${channelId}` })
  if (answer instanceof NoAnswer) return answer
  // Whoever asks for channels by chance uses up a budget of its own, not the bot's.
  limits.answered(clientId, 'GET /channels/{channel_id}', answer)
  if (answer.status >= 500 || answer.status === 429) return new NoAnswer({ reason: String(answer.status) })
  if (answer.status !== 200) return undefined
  const { guild_id: guildId } = fieldsOf(JSON.parse(Buffer.from(answer.body).toString()))
  if (!isSnowflake(guildId)) return undefined
  const stored = store.guilds.rememberChannel(channelId, guildId)
  return stored instanceof StoreAway ? stored : guildId
}
