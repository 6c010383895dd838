/** OAuth2: a person consents, the bot joins, the application trades the code in; and whatever is wrong with it is refused. */
import { expect, test } from 'vitest'
import { identified } from '../../support/gateway.ts'
import { buildTown, codeOf, text, type Town } from '../../support/town.ts'

const REDIRECT = 'http://127.0.0.1:9/back'

async function oauthTown() {
  const town = await buildTown({ shards: 3 })
  const { world } = town
  const bot = world.bot({ name: 'shared', redirectUris: [REDIRECT] })
  const carol = world.user('Carol')
  const library = world.guild({ name: 'Library', owner: carol })
  const address = (change: Readonly<Record<string, string>> = {}) =>
    `${town.emulator.origin}/oauth2/authorize?${new URLSearchParams({
      client_id: bot.applicationId,
      response_type: 'code',
      redirect_uri: REDIRECT,
      scope: 'identify guilds bot applications.commands',
      permissions: '2048',
      state: 's',
      ...change,
    })}`
  return { ...town, shared: bot, carol, library, address }
}

type OauthTown = Awaited<ReturnType<typeof oauthTown>>

async function trade({ emulator, shared }: Pick<OauthTown, 'emulator' | 'shared'>, change: Readonly<Record<string, string>>) {
  const body = new URLSearchParams({
    grant_type: 'authorization_code',
    client_id: shared.applicationId,
    client_secret: shared.clientSecret,
    redirect_uri: REDIRECT,
    ...change,
  })
  const response = await fetch(`${emulator.apiUrl}/oauth2/token`, { method: 'POST', body })
  return { status: response.status, body: (await response.json()) as Readonly<Record<string, string & { id: string }>> }
}

const codeIn = (location: string): string => new URL(location).searchParams.get('code') ?? ''

test('consent adds the bot, whose gateway hears of the guild; the code says once which guild it was; a kick is heard as well', async () => {
  const town = await oauthTown()
  const { emulator, carol, library, shared } = town
  const { client } = await identified(emulator, shared)
  const location = new URL(carol.consent(town.address(), library.id))
  expect(Object.fromEntries(location.searchParams)).toMatchObject({ state: 's', guild_id: library.id, permissions: '2048' })
  await client.next(({ t, d }) => t === 'GUILD_CREATE' && text(d.id) === library.id)
  const traded = await trade(town, { code: codeIn(location.href) })
  expect(traded).toMatchObject({ status: 200, body: { token_type: 'Bearer', guild: { id: library.id, name: 'Library' } } })
  expect((await trade(town, { code: codeIn(location.href) })).body).toEqual({ error: 'invalid_grant' })

  const ask = async (path: string) => {
    const headers = { authorization: `Bearer ${traded.body.access_token}` }
    return (await fetch(`${emulator.apiUrl}/v10${path}`, { headers })).json()
  }
  expect(await ask('/users/@me')).toMatchObject({ id: carol.id })
  expect(await ask('/users/@me/guilds')).toEqual([expect.objectContaining({ id: library.id, owner: true })])
  expect(await ask(`/guilds/${library.id}`)).toMatchObject({ message: '401: Unauthorized' })
  library.leave(shared.id)
  await client.next(({ t, d }) => t === 'GUILD_DELETE' && text(d.id) === library.id)
})

test('the page is a form: whoever is chosen there is sent back, or cancels', async () => {
  const town = await oauthTown()
  const { carol, library } = town
  const shown = await fetch(town.address())
  expect(await shown.text()).toContain('Library')
  const post = async (body: Readonly<Record<string, string>>) =>
    fetch(town.address(), { method: 'POST', body: new URLSearchParams(body), redirect: 'manual' })
  const agreed = await post({ user: carol.id, guild: library.id, answer: 'authorize' })
  expect([agreed.status, codeIn(agreed.headers.get('location') ?? '')]).toEqual([302, expect.stringMatching(/.{10}/)])
  const cancelled = await post({ user: carol.id, answer: 'cancel' })
  expect(cancelled.headers.get('location')).toContain('error=access_denied')
  expect((await fetch(town.address({ redirect_uri: 'http://evil.example' }))).status).toBe(400)
})

test('what is wrong with a request for consent is told, and nobody is sent anywhere', async () => {
  const { carol, alice, library, address, shared, guild } = await oauthTown()
  expect(codeOf(() => carol.consent(address({ client_id: '1' }), library.id))).toBe(10002)
  expect(codeOf(() => carol.consent(address({ redirect_uri: 'http://evil.example' }), library.id))).toBe(50035)
  expect(codeOf(() => carol.consent(address({ response_type: 'token' }), library.id))).toBe(50035)
  expect(codeOf(() => carol.consent(address({ scope: 'everything' }), library.id))).toBe(50035)
  expect(codeOf(() => carol.consent(address(), guild.id))).toBe(50001)
  library.join(alice)
  expect(codeOf(() => alice.consent(address(), library.id))).toBe(50013)
  expect(shared.id).not.toBe('')
})

test.each<[string, (town: Town & OauthTown) => Readonly<Record<string, string>>, number, string]>([
  ['another secret', () => ({ client_secret: 'x' }), 401, 'invalid_client'],
  ['another kind of grant', () => ({ grant_type: 'password' }), 400, 'unsupported_grant_type'],
  ['another address', () => ({ redirect_uri: 'http://127.0.0.1:9/else' }), 400, 'invalid_grant'],
  ['an unknown code', () => ({ code: 'x' }), 400, 'invalid_grant'],
])('a code is not traded in with %s', async (_what, change, status, error) => {
  const town = await oauthTown()
  const code = codeIn(town.carol.consent(town.address(), town.library.id))
  expect(await trade(town, { code, ...change(town) })).toEqual({ status, body: { error } })
})

test('a code is too old after ten minutes; the number of shards is the one that was asked for', async () => {
  const town = await oauthTown()
  const code = codeIn(town.carol.consent(town.address(), town.library.id))
  town.emulator.clock.advance(600_000)
  expect((await trade(town, { code })).status).toBe(400)
  expect((await town.call('GET', '/gateway/bot')).body.shards).toBe(3)
})
