/** Whether a client may ask for a route: every guild and channel that the request names must be its own. */
import type { RefusalName } from 'kimaki-protocol'
import { NoAnswer, StoreAway } from '../base/errors.ts'
import { mayChangeCommands } from './commands.ts'
import { guildOfChannel, type ChannelLookUp } from './guild-of-channel.ts'
import { idsInBody, idsInQuery } from './ids.ts'
import type { Match } from './match.ts'
import type { Allowed } from './table.ts'

export interface Asked {
  readonly match: Match
  readonly query: URLSearchParams
  readonly body: unknown
}

export interface PermitOptions extends ChannelLookUp {
  readonly applicationId: string
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
    const holder = store.guilds.holderOfToken(named.token)
    if (holder instanceof StoreAway) return 'unavailable'
    if (holder?.clientId !== clientId || !own.includes(holder.guildId)) return 'foreignToken'
  }
  const guilds = [...named.guilds, ...inBody.guilds, ...inQuery.guilds]
  if (guilds.some((id) => !own.includes(id))) return 'foreignGuild'
  for (const channelId of new Set([...named.channels, ...inBody.channels, ...inQuery.channels])) {
    const guild = await guildOfChannel(options, clientId, channelId)
    if (guild instanceof StoreAway) return 'unavailable'
    if (guild instanceof NoAnswer) return 'noAnswer'
    if (guild === undefined || !own.includes(guild)) return 'foreignGuild'
  }
  const mayChange = mayChangeCommands(store.owners, clientId, match, body)
  if (mayChange instanceof StoreAway) return 'unavailable'
  return mayChange ? 'yes' : 'foreignCommand'
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
