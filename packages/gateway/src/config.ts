/** The settings, from the environment: what is missing or wrong is told by its name. */
import { UsageError } from './base/errors.ts'

export interface Config {
  readonly applicationId: string
  readonly clientSecret: string
  readonly botToken: string
  /** Where people and machines reach this gateway: https, or http for trying it out. */
  readonly publicUrl: string
  readonly port: number
  readonly host: string
  readonly databasePath: string
  readonly metricsToken: string | undefined
  readonly isBehindProxy: boolean
  /** REST base that ends in `/api`. */
  readonly apiUrl: string
  readonly authorizeUrl: string
  readonly intents: number
  readonly permissions: string
  /** How long events wait for a client that is away. */
  readonly keepHours: number
  readonly keepEvents: number
  readonly requestsPerSecond: number
  readonly invalidRequests: number
  readonly heartbeatMs: number
  /** Between the IDENTIFYs of two shards. */
  readonly identifyEveryMs: number
}

export const SETTINGS = {
  KIMAKI_GATEWAY_APPLICATION_ID: 'id of your Discord application',
  KIMAKI_GATEWAY_CLIENT_SECRET: 'its OAuth2 client secret',
  KIMAKI_GATEWAY_BOT_TOKEN: 'the token of its bot',
  KIMAKI_GATEWAY_PUBLIC_URL: 'where people and machines reach the gateway, such as https://gateway.example.org',
  KIMAKI_GATEWAY_PORT: 'port to listen on (default 8080)',
  KIMAKI_GATEWAY_HOST: 'address to listen on (default 127.0.0.1)',
  KIMAKI_GATEWAY_DATABASE: 'file of the database (default ./gateway.sqlite)',
  KIMAKI_GATEWAY_METRICS_TOKEN: 'bearer token for /metrics (default: nobody may read them)',
  KIMAKI_GATEWAY_BEHIND_PROXY: '1: a proxy of yours sets X-Forwarded-For',
  KIMAKI_GATEWAY_API_URL: 'REST base of Discord (default https://discord.com/api)',
  KIMAKI_GATEWAY_AUTHORIZE_URL: "Discord's page of consent (default https://discord.com/oauth2/authorize)",
  KIMAKI_GATEWAY_INTENTS: 'intents of the bot (default 33281: guilds, their messages, and what they say)',
  KIMAKI_GATEWAY_PERMISSIONS: 'permissions that are asked for (default 2252126231309392)',
  KIMAKI_GATEWAY_KEEP_HOURS: 'how long events wait for a machine that is away (default 24)',
  KIMAKI_GATEWAY_KEEP_EVENTS: 'how many of them at most (default 10000)',
  KIMAKI_GATEWAY_REQUESTS_PER_SECOND: 'requests of one machine a second (default 20)',
  KIMAKI_GATEWAY_INVALID_REQUESTS: 'refusals by Discord that one machine may cause in ten minutes (default 300)',
} as const

type Name = keyof typeof SETTINGS
type Environment = Readonly<Partial<Record<string, string>>>

export function readConfig(env: Environment): Config | UsageError {
  const text = (name: Name, otherwise = ''): string => env[name]?.trim() || otherwise
  const missing = (Object.keys(SETTINGS) as Name[]).slice(0, 4).filter((name) => text(name) === '')
  if (missing.length > 0) {
    return new UsageError({ reason: `Set ${missing.map((name) => `${name} (${SETTINGS[name]})`).join(', ')}.` })
  }
  const publicUrl = text('KIMAKI_GATEWAY_PUBLIC_URL').replace(/\/+$/, '')
  if (!/^https?:\/\/[^/?#@]+$/.test(publicUrl) || !URL.canParse(publicUrl)) {
    return new UsageError({ reason: `KIMAKI_GATEWAY_PUBLIC_URL must be an address without a path, not "${publicUrl}".` })
  }
  const numbers = {
    port: Number(text('KIMAKI_GATEWAY_PORT', '8080')),
    intents: Number(text('KIMAKI_GATEWAY_INTENTS', '33281')),
    keepHours: Number(text('KIMAKI_GATEWAY_KEEP_HOURS', '24')),
    keepEvents: Number(text('KIMAKI_GATEWAY_KEEP_EVENTS', '10000')),
    requestsPerSecond: Number(text('KIMAKI_GATEWAY_REQUESTS_PER_SECOND', '20')),
    invalidRequests: Number(text('KIMAKI_GATEWAY_INVALID_REQUESTS', '300')),
  }
  const wrong = Object.entries(numbers).find(([name, value]) => !(value > 0 || (name === 'port' && value === 0)))
  if (wrong !== undefined) return new UsageError({ reason: `The setting for ${wrong[0]} must be a number above 0.` })
  return {
    ...numbers,
    publicUrl,
    applicationId: text('KIMAKI_GATEWAY_APPLICATION_ID'),
    clientSecret: text('KIMAKI_GATEWAY_CLIENT_SECRET'),
    botToken: text('KIMAKI_GATEWAY_BOT_TOKEN'),
    host: text('KIMAKI_GATEWAY_HOST', '127.0.0.1'),
    databasePath: text('KIMAKI_GATEWAY_DATABASE', 'gateway.sqlite'),
    metricsToken: text('KIMAKI_GATEWAY_METRICS_TOKEN') || undefined,
    isBehindProxy: text('KIMAKI_GATEWAY_BEHIND_PROXY') === '1',
    apiUrl: text('KIMAKI_GATEWAY_API_URL', 'https://discord.com/api'),
    authorizeUrl: text('KIMAKI_GATEWAY_AUTHORIZE_URL', 'https://discord.com/oauth2/authorize'),
    permissions: text('KIMAKI_GATEWAY_PERMISSIONS', '2252126231309392'),
    heartbeatMs: 41_250,
    identifyEveryMs: 5000,
  }
}
