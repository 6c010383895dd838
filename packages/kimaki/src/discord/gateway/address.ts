/**
 * Which addresses the bot connects to as a gateway: there it says its token. With Discord's own REST API they are Discord's, over TLS; what
 * READY, the database or an answer says beyond that comes from somebody in between.
 */
import { isSocketUrl } from '../wire/answer.ts'

export type IsGateway = (address: string) => boolean

/** Where Discord's gateway is when it is asked of nobody (Discord docs: Gateway > Connections). */
export const DISCORD_GATEWAY = 'wss://gateway.discord.gg'

/** With another API (an emulator, a proxy) any address of a socket. */
export const gatewayOf = (apiUrl: string): IsGateway => (isDiscords(apiUrl) ? isDiscordsGateway : isSocketUrl)

function isDiscords(apiUrl: string): boolean {
  const { protocol, hostname } = new URL(apiUrl)
  return protocol === 'https:' && /^(?:.+\.)?(?:discord|discordapp)\.com$/.test(hostname)
}

function isDiscordsGateway(address: string): boolean {
  if (!URL.canParse(address)) return false
  const { protocol, hostname, port, username, password } = new URL(address)
  return protocol === 'wss:' && hostname.endsWith('.discord.gg') && port + username + password === ''
}
