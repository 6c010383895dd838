/** The table of routes is held to Discord's own description, and paths are built from it alone. */
import { expect, test } from 'vitest'
import { matchRoute } from '../../src/rest/match.ts'
import { RULES } from '../../src/rest/table.ts'

/** The package's types are source that strict settings refuse. */
const SPEC: string = 'discord-api-spec'

async function routesOfDiscord(): Promise<readonly string[]> {
  const { pathsList } = (await import(SPEC)) as { readonly pathsList: Readonly<Record<string, readonly string[]>> }
  return Object.entries(pathsList).flatMap(([method, paths]) => paths.map((path) => `${method.toUpperCase()} ${path}`))
}

test('every route of Discord is decided about, and no other', async () => {
  const discords = await routesOfDiscord()
  expect(discords.length).toBeGreaterThan(200)
  expect([...RULES.keys()].toSorted()).toEqual(discords.toSorted())
})

test('leaving a guild, the bot’s profile, global commands, direct messages, invites and webhooks are refused', () => {
  const refused = [
    'DELETE /users/@me/guilds/{guild_id}',
    'PATCH /users/@me',
    'PUT /applications/{application_id}/commands',
    'POST /users/@me/channels',
    'POST /channels/{channel_id}/invites',
    'POST /channels/{channel_id}/webhooks',
    'POST /channels/{channel_id}/followers',
  ]
  expect(refused.filter((route) => !('refused' in (RULES.get(route) ?? {})))).toEqual([])
})

test.each([
  ['GET', '/channels/12/messages', '/channels/12/messages'],
  ['GET', '/users/@me', '/users/@me'],
  ['GET', '/channels/12/messages/pins', '/channels/12/messages/pins'],
  ['PUT', '/channels/1/messages/2/reactions/%F0%9F%91%8D/@me', '/channels/1/messages/2/reactions/%F0%9F%91%8D/%40me'],
  ['PUT', '/channels/1/messages/2/reactions/name:123/@me', '/channels/1/messages/2/reactions/name%3A123/@me'],
  ['POST', '/webhooks/1/aB.c-d_e', '/webhooks/1/aB.c-d_e'],
])('%s %s goes on as %s', (method, path, onward) => {
  expect(matchRoute(method, path)?.path.replace('%40', '@')).toBe(onward.replace('%40', '@'))
})

test.each([
  '/channels/12x/messages',
  '/channels//messages',
  '/channels/12/messages/',
  '/channels/12/../13/messages',
  '/channels/12%2F..%2F13/messages',
  '/channels/123456789012345678901/messages',
  '/channels/12/messages%00',
  '//channels/12/messages',
  '/channels/%E0%A4%A/messages',
  '/channels/12/messages/2/reactions/%2E%2E',
  '/channels/12/messages/2/reactions/%252E%252E/../..',
  '/webhooks/1/../messages/@original',
  '/webhooks/1/%2e%2e',
  '/channels/１２/messages',
])('%s is no route', (path) => {
  expect(['GET', 'POST', 'DELETE'].map((method) => matchRoute(method, path)).filter((one) => one !== undefined)).toEqual([])
})
