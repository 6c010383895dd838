/**
 * Which bot runs here: one of one's own at Discord, or that of a gateway, which serves the machines of many people. The one place that
 * knows; everything else gets a token, an address and words.
 *
 * M1. The form of the token decides: `clientId:secret` is said to a gateway and never to Discord, a token of Discord never to a gateway.
 * M2. No gateway hears of this machine before a person has asked for it: with `--gateway`, in the first questions, or with such a token.
 */
import { CLOSE, Malformed, readToken, tokenOf, type Credentials } from 'kimaki-protocol'
import { UsageError } from '../base/errors.ts'
import type { Peer } from '../discord/gateway/peer.ts'
import type { ChatFatal } from '../ports/chat.ts'
import { readSaved, type SavedGateway } from './saved/credentials.ts'

const DISCORD_API = 'https://discord.com/api'
const WEBSITE = 'https://kimaki.dev'
const PROXY = 'https://discord-gateway.kimaki.dev'

type Environment = Readonly<Record<string, string | undefined>>

/** What the rest of the program needs to speak to Discord. */
export interface Access {
  readonly token: string | undefined
  /** REST base that ends in `/api`. */
  readonly apiUrl: string
}

export interface GatewayPlaces {
  /** Where its pages are, without a slash at the end. */
  readonly website: string
  readonly apiUrl: string
  /** Somebody has named them: they are not those the program comes with. */
  readonly isNamed: boolean
}

export function readAccess(dataDir: string, environment: Environment): Access | UsageError {
  const places = gatewayPlaces(dataDir, environment)
  if (places instanceof UsageError) return places
  const given = environment['KIMAKI_BOT_TOKEN']?.trim()
  if (given) return accessOf(given, places, environment)
  const saved = readSaved(dataDir)
  if (saved instanceof UsageError) return saved
  const { gateway, uses } = saved
  const token = uses === 'gateway' && gateway ? tokenOf(gateway) : saved.token
  return accessOf(token, places, environment)
}

/** The same with another token: the address follows it. */
export function withToken<C extends Access & { readonly dataDir: string; readonly environment: Environment }>(
  config: C,
  token: string,
): C {
  const places = gatewayPlaces(config.dataDir, config.environment)
  // They were read once to make the configuration.
  if (places instanceof UsageError) throw places
  return { ...config, ...accessOf(token, places, config.environment) }
}

function accessOf(token: string | undefined, places: GatewayPlaces, environment: Environment): Access {
  const another = environment['KIMAKI_DISCORD_API_URL']?.trim()
  return { token, apiUrl: another || (isForGateway(token) ? places.apiUrl : DISCORD_API) }
}

/** The gateway that the environment names, else the one this machine is known to, else the one the program comes with. */
export function gatewayPlaces(dataDir: string, environment: Environment): GatewayPlaces | UsageError {
  const another = readApiUrl(environment)
  if (another instanceof UsageError) return another
  const website = originOf('KIMAKI_WEBSITE_URL', environment)
  if (website instanceof UsageError) return website
  const proxy = originOf('KIMAKI_GATEWAY_PROXY_URL', environment)
  if (proxy instanceof UsageError) return proxy
  const known = savedGateway(dataDir)
  // A gateway of one's own has one address for both.
  const named = website ?? proxy
  if (named !== undefined) {
    const isKnown = known?.website === named && proxy === undefined
    return { website: named, apiUrl: isKnown ? known.apiUrl : `${proxy ?? named}/api`, isNamed: true }
  }
  if (known) return { website: known.website, apiUrl: known.apiUrl, isNamed: true }
  return { website: WEBSITE, apiUrl: `${PROXY}/api`, isNamed: false }
}

/** Undefined where there is none that can be read. */
export function savedGateway(dataDir: string): SavedGateway | undefined {
  const saved = readSaved(dataDir)
  return saved instanceof UsageError ? undefined : saved.gateway
}

export const isForGateway = (token: string | undefined): boolean => credentialsOf(token) !== undefined

/** Of a machine at a gateway; undefined: it is a token of Discord, or none. */
export function credentialsOf(token: string | undefined): Credentials | undefined {
  const read = token?.includes(':') ? readToken(token) : undefined
  return read instanceof Malformed ? undefined : read
}

/** All that nobody may see of a token. */
export function secretsOfToken(token: string): readonly string[] {
  const credentials = credentialsOf(token)
  return credentials ? [token, credentials.secret] : [token]
}

/** Of the gateway that is at the other end; undefined: Discord is. */
export const gatewayHost = ({ token, apiUrl }: Access): string | undefined =>
  isForGateway(token) ? new URL(apiUrl).host : undefined

/** Who is at the other end, for the adapter; undefined: Discord. */
export function peerOf(access: Access): Peer | undefined {
  const host = gatewayHost(access)
  if (host === undefined) return undefined
  const anew = 'Connect it anew: kimaki --gateway --restart-onboarding'
  return {
    wrongToken: fatal(`The gateway ${host} does not know this machine (any more).`, anew),
    closes: {
      [CLOSE.replaced]: fatal(
        'Another kimaki has connected to the gateway with the credentials of this one.',
        'End one of the two, or give it a --data-dir of its own and connect it anew.',
      ),
    },
    // A session that a bot of one's own has begun here was Discord's own.
    isGateway: (address) => URL.canParse(address) && /^wss?:$/.test(new URL(address).protocol) && !isDiscords(address),
  }
}

const isDiscords = (address: string): boolean => /(?:^|\.)discord\.(?:gg|com)$/.test(new URL(address).hostname)

const fatal = (message: string, fix: string): ChatFatal => ({ kind: 'fatal', message, fix })

function originOf(
  name: 'KIMAKI_WEBSITE_URL' | 'KIMAKI_GATEWAY_PROXY_URL',
  environment: Environment,
): string | undefined | UsageError {
  const override = environment[name]?.trim()
  if (!override) return undefined
  const url = URL.canParse(override) ? new URL(override) : undefined
  const isPlain =
    url && /^(?:https?|wss?):$/.test(url.protocol) && /^\/?$/.test(url.pathname) && url.search + url.hash + url.username === ''
  if (!isPlain) return new UsageError({ reason: `${name} must be an http(s) address without a path; it is "${override}".` })
  return `${url.protocol.replace('ws', 'http')}//${url.host}`
}

function readApiUrl(environment: Environment): undefined | UsageError {
  const override = environment['KIMAKI_DISCORD_API_URL']?.trim()
  if (!override || (URL.canParse(override) && /^https?:\/\/.+\/api$/.test(override))) return undefined
  return new UsageError({ reason: `KIMAKI_DISCORD_API_URL must be an http(s) address that ends in /api; it is "${override}".` })
}
