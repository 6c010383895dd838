/** What ends the bot for good, in words: what happened and what to do. */
import { GatewayCloseCodes } from 'discord-api-types/v10'
import type { ChatFatal } from '../../ports/chat.ts'
import type { Peer } from './peer.ts'

const PORTAL = 'https://discord.com/developers/applications'

export const wrongToken: ChatFatal = fatal(
  'Discord does not accept the bot token.',
  `Copy the token again (${PORTAL} > your application > Bot > Reset Token) and start with it.`,
)

/** A fault of the set-up that no retry can repair: anything in 4xx but 401 (asked again first) and 429. */
export function refusedAtStart(apiUrl: string, status: number): ChatFatal {
  return fatal(
    `${apiUrl} refuses the bot (HTTP ${status}).`,
    'Check KIMAKI_DISCORD_API_URL (a REST base that ends in /api) and that nothing between this machine and Discord blocks the bot.',
  )
}

/** Fatal close codes of the gateway (Discord docs: Opcodes and Status Codes > Gateway Close Event Codes, reconnect = false). */
export function fatalClose(code: number | undefined, peer?: Peer): ChatFatal | undefined {
  if (code === undefined) return undefined
  if (peer && CLOSE_CODES[code] === wrongToken) return peer.wrongToken
  return peer?.closes[code] ?? CLOSE_CODES[code]
}

const CLOSE_CODES: Readonly<Record<number, ChatFatal>> = {
  [GatewayCloseCodes.AuthenticationFailed]: wrongToken,
  [GatewayCloseCodes.InvalidShard]: fatal(
    'Discord refuses the shard of this bot (4010).',
    'Update Kimaki; if that does not help, report it.',
  ),
  [GatewayCloseCodes.ShardingRequired]: fatal(
    'The bot is in so many servers that Discord asks for sharding (4011).',
    'Use a bot of your own that is only in the servers you work in.',
  ),
  [GatewayCloseCodes.InvalidAPIVersion]: fatal(
    'Discord has retired the API version this program speaks (4012).',
    'Update Kimaki.',
  ),
  [GatewayCloseCodes.InvalidIntents]: fatal('Discord does not know the intents this program asks for (4013).', 'Update Kimaki.'),
  [GatewayCloseCodes.DisallowedIntents]: fatal(
    'The bot may not read messages: the Message Content intent is off (4014).',
    `Turn on "Message Content Intent" (${PORTAL} > your application > Bot > Privileged Gateway Intents) and start again.`,
  ),
}

function fatal(message: string, fix: string): ChatFatal {
  return { kind: 'fatal', message, fix }
}
