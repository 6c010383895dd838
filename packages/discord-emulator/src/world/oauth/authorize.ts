/**
 * What the page that asks for consent does (docs: OAuth2 > Authorization Code Grant, Bot Authorization Flow). The bot joins when the
 * person agrees; the code is for whoever knows the application's secret.
 */
import { PermissionFlagsBits as P } from 'discord-api-types/v10'
import type { Snowflake } from '../../api.ts'
import { formRefusal, refusal } from '../base/discord-error.ts'
import { installBot } from '../members/install.ts'
import { guildPermissions, joinedGuild } from '../realm/access.ts'
import type { Realm } from '../realm/realm.ts'
import type { BotRecord } from '../realm/records.ts'

/** What an address of the page asks for. */
export interface Wish {
  readonly bot: BotRecord
  readonly scopes: readonly string[]
  readonly permissions: bigint
  readonly redirectUri: string
  readonly state: string | undefined
  /** The guild it is about: chosen already, and with `disable_guild_select` for good. */
  readonly guildId: Snowflake | undefined
  readonly isGuildFixed: boolean
}

export interface Chosen {
  readonly userId: Snowflake
  readonly guildId?: Snowflake | undefined
}

const CODE_LIFETIME_MS = 600_000

const KNOWN_SCOPES: readonly string[] = ['identify', 'guilds', 'bot', 'applications.commands']

/** Throws for what the page itself would say is wrong: nobody is sent to an address that the portal does not allow. */
export function readWish(realm: Realm, address: string): Wish {
  const query = URL.parse(address)?.searchParams ?? new URLSearchParams()
  const bot = realm.bots.get(query.get('client_id') ?? '')
  if (bot === undefined) throw refusal('unknownApplication')
  const scopes = (query.get('scope') ?? '').split(' ').filter((scope) => scope !== '')
  const redirectUri = query.get('redirect_uri') ?? ''
  const permissions = query.get('permissions') ?? '0'
  const problems = [
    ...(bot.redirectUris.includes(redirectUri) ? [] : [problem('redirect_uri', 'Redirect URI is not supported by client')]),
    ...(query.get('response_type') === 'code' ? [] : [problem('response_type', 'Only "code" is emulated')]),
    ...(scopes.length > 0 && scopes.every((scope) => KNOWN_SCOPES.includes(scope)) ? [] : [problem('scope', 'Unknown scope')]),
    ...(/^\d{1,20}$/.test(permissions) ? [] : [problem('permissions', `Value "${permissions}" is not int.`)]),
  ]
  if (problems.length > 0) throw formRefusal(problems)
  return {
    bot,
    scopes,
    redirectUri,
    permissions: BigInt(permissions),
    state: query.get('state') ?? undefined,
    guildId: query.get('guild_id') ?? undefined,
    isGuildFixed: query.get('disable_guild_select') === 'true',
  }
}

const problem = (field: string, message: string) => ({ path: [field], code: 'BASE_TYPE_CHOICES', message })

/** Where the browser is sent; `guild_id` is a hint there, the answer to the code says it for sure. */
export function consent(realm: Realm, wish: Wish, { userId, guildId: chosen }: Chosen): string {
  const { bot, scopes, permissions, redirectUri, state } = wish
  const guildId = wish.isGuildFixed ? wish.guildId : (chosen ?? wish.guildId)
  const withBot = scopes.includes('bot')
  if (withBot) {
    if (guildId === undefined) throw formRefusal([problem('guild_id', 'This field is required')])
    const guild = joinedGuild(realm, userId, guildId)
    const member = guild.members.get(userId)
    if (member === undefined || (guildPermissions(guild, member) & P.ManageGuild) === 0n) throw refusal('missingPermissions')
    installBot(realm, guild, bot, { permissions })
  }
  const code = realm.settings.secret(15).toString('base64url')
  const expiresAt = realm.settings.now() + CODE_LIFETIME_MS
  realm.grants.codes.set(code, {
    botId: bot.id,
    userId,
    scopes,
    guildId: withBot ? guildId : undefined,
    redirectUri,
    expiresAt,
  })
  const inGuild = withBot && guildId !== undefined ? { guild_id: guildId, permissions: String(permissions) } : {}
  return withQuery(redirectUri, { code, ...(state === undefined ? {} : { state }), ...inGuild })
}

export const decline = ({ redirectUri, state }: Wish): string =>
  withQuery(redirectUri, {
    error: 'access_denied',
    error_description: 'The resource owner or authorization server denied the request',
    ...(state === undefined ? {} : { state }),
  })

function withQuery(address: string, fields: Readonly<Record<string, string>>): string {
  const url = new URL(address)
  for (const [name, value] of Object.entries(fields)) url.searchParams.set(name, value)
  return url.href
}
