/** OAuth2: the page that asks for consent, and the exchange of its code (docs: OAuth2). */
import { DiscordError } from '../../world/base/discord-error.ts'
import { consent, decline, readWish, type Wish } from '../../world/oauth/authorize.ts'
import { exchange, TOKEN_LIFETIME_S } from '../../world/oauth/tokens.ts'
import type { Realm } from '../../world/realm/realm.ts'
import type { BotRecord } from '../../world/realm/records.ts'
import { showGuild } from '../../world/show/show-guild.ts'
import { isObject } from '../body/form.ts'
import { ok, type RestAnswer, type RestRequest, type Route } from '../route.ts'

export const oauthRoutes: readonly Route[] = [
  { method: 'GET', template: '/oauth2/authorize', open: true, handle: showPage },
  { method: 'POST', template: '/oauth2/authorize', open: true, handle: takeForm },
  { method: 'POST', template: '/oauth2/token', open: true, handle: giveToken },
]

const addressOf = ({ realm, query }: RestRequest): string => `${realm.settings.origin}/oauth2/authorize?${query}`

/** The page asks who the person is, since nobody is logged in here. */
function showPage(request: RestRequest): RestAnswer {
  try {
    return page(200, formOf(request.realm, readWish(request.realm, addressOf(request))))
  } catch (error) {
    if (!(error instanceof DiscordError)) throw error
    return page(error.status, `<p>${escape(JSON.stringify(error.body))}</p>`)
  }
}

function takeForm(request: RestRequest): RestAnswer {
  const { realm, body } = request
  const { user = '', guild = '', answer } = textsOf(body)
  const wish = readWish(realm, addressOf(request))
  const isNoGuild = guild === ''
  const location =
    answer === 'cancel' ? decline(wish) : consent(realm, wish, { userId: user, guildId: isNoGuild ? undefined : guild })
  return { kind: 'redirect', status: 302, location }
}

function giveToken({ realm, body, authorization }: RestRequest): RestAnswer {
  const form = textsOf(body)
  const bot = applicationOf(realm, form, authorization)
  if (bot === undefined) return refuse(401, 'invalid_client')
  if (form.grant_type !== 'authorization_code') return refuse(400, 'unsupported_grant_type')
  const given = exchange(realm, bot.id, form.code ?? '', form.redirect_uri ?? '')
  if (given === undefined) return refuse(400, 'invalid_grant')
  const guild = realm.guilds.get(given.grant.guildId ?? '')
  return ok({
    token_type: 'Bearer',
    access_token: given.token,
    expires_in: TOKEN_LIFETIME_S,
    refresh_token: given.refreshToken,
    scope: given.grant.scopes.join(' '),
    ...(guild === undefined ? {} : { guild: showGuild(guild) }),
  })
}

/** Id and secret come in the form or as HTTP Basic. */
function applicationOf(realm: Realm, form: Texts, authorization: string | undefined): BotRecord | undefined {
  const basic = /^Basic (.+)$/.exec(authorization ?? '')?.[1]
  const [basicId, basicSecret] = basic === undefined ? [] : Buffer.from(basic, 'base64').toString().split(':')
  const bot = realm.bots.get(basicId ?? form.client_id ?? '')
  return bot !== undefined && bot.clientSecret === (basicSecret ?? form.client_secret) ? bot : undefined
}

const refuse = (status: number, error: string): RestAnswer => ({ kind: 'json', status, body: { error } })

type Texts = Readonly<Record<string, string | undefined>>

const textsOf = (body: unknown): Texts =>
  Object.fromEntries(Object.entries(isObject(body) ? body : {}).filter(([, value]) => typeof value === 'string')) as Texts

const page = (status: number, content: string): RestAnswer => ({
  kind: 'file',
  status,
  contentType: 'text/html; charset=utf-8',
  data: Buffer.from(`<!doctype html><title>Authorize</title>${content}`),
})

function formOf(realm: Realm, { bot, scopes, isGuildFixed, guildId }: Wish): string {
  const people = [...realm.users.values()].filter((user) => !user.bot)
  const guilds = [...realm.guilds.values()].filter(({ id }) => !isGuildFixed || id === guildId)
  const options = (all: readonly { readonly id: string; readonly name: string }[]) =>
    all.map(({ id, name }) => `<option value="${id}">${escape(name)}</option>`).join('')
  const guildField = scopes.includes('bot') ? `<label>Add to server <select name="guild">${options(guilds)}</select></label>` : ''
  return `<form method="post"><h1>${escape(bot.name)} wants: ${escape(scopes.join(', '))}</h1>
<label>You are <select name="user">${options(people)}</select></label>${guildField}
<button name="answer" value="authorize">Authorize</button><button name="answer" value="cancel">Cancel</button></form>`
}

const escape = (text: string): string => text.replaceAll(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`)
