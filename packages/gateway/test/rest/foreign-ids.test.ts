/**
 * A client never reaches what is another's: routes, queries and bodies by chance, full of ids of both, and an oracle that reads what is
 * asked of Discord. The oracle knows nothing of routes: it looks for ids of the other client wherever they stand.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { createLog } from '../../src/base/log.ts'
import { Metrics } from '../../src/base/metrics.ts'
import { Limits } from '../../src/rest/limits.ts'
import { createOwnAnswers } from '../../src/rest/own-answers.ts'
import { createProxy } from '../../src/rest/proxy.ts'
import { RULES } from '../../src/rest/table.ts'
import type { UpstreamRequest, UpstreamRest } from '../../src/upstream/rest.ts'
import { APPLICATION, smallWorld, type Owner, type SmallWorld } from '../support/world.ts'

const RUNS = Number(process.env['FUZZ_RUNS'] ?? 2000)

interface Wish {
  readonly method: string
  readonly path: string
  readonly body: unknown
}

/** Asks as Ada does; `asked`: what reached Discord. */
function asAda({ store, ada }: SmallWorld) {
  const asked: UpstreamRequest[] = []
  const upstream: UpstreamRest = {
    async ask(request) {
      asked.push(request)
      return { status: 404, headers: new Headers(), body: Buffer.from('{}') }
    },
    get: async () => ({ id: APPLICATION }),
  }
  const now = () => 0
  const log = createLog(() => undefined, now)
  const limits = new Limits({ perSecond: Infinity, invalid: Infinity }, now)
  const own = createOwnAnswers(store, upstream, 'ws://gateway')
  const proxy = createProxy({ store, upstream, applicationId: APPLICATION, limits, own, log, metrics: new Metrics() })
  /** What the gateway itself asks before it refuses (whose is this channel?) hands nothing to anybody. */
  const ask = async ({ method, path, body }: Wish, type = 'application/json'): Promise<number> => {
    const bytes = body === undefined ? [] : [Buffer.from(typeof body === 'string' ? body : JSON.stringify(body))]
    const headers = { authorization: `Bot ${ada.token}`, 'content-type': type }
    const request = Object.assign(Readable.from(bytes), { method, headers }) as unknown as IncomingMessage
    let status = 0
    const response = {
      writeHead(code: number) {
        status = code
        return response
      },
      end: () => undefined,
    } as unknown as ServerResponse
    await proxy(request, response, path)
    return status
  }
  return { ask, asked }
}

/** Ids of the other one in what is asked of Discord, decoded as often as it can be. */
function leaks(asked: readonly UpstreamRequest[], { guildId, channelId, threadId, interactionToken }: Owner): readonly string[] {
  const secret = new RegExp(`(?<![\\w-])(?:${[guildId, channelId, threadId, interactionToken].join('|')})(?![\\w-])`)
  return asked.flatMap(({ path, body }) => {
    const text = `${path} ${decodeURIComponent(path)} ${typeof body === 'string' ? body : ''}`
    return secret.test(text) ? [text] : []
  })
}

const FIELDS = ['guild_id', 'channel_id', 'parent_id', 'webhook_channel_id', 'thread_id', 'channel_ids'] as const

function wishes(ada: Owner, ben: Owner): fc.Arbitrary<Wish> {
  const ids = (one: Owner) => [one.guildId, one.channelId, one.threadId]
  const id = fc.oneof(
    { weight: 5, arbitrary: fc.constantFrom(...ids(ada)) },
    { weight: 3, arbitrary: fc.constantFrom(...ids(ben)) },
    fc.constantFrom(APPLICATION, '7', '', '..', `${ada.guildId}/../${ben.guildId}`, `${ada.channelId}%2F..%2F${ben.channelId}`),
  )
  const token = fc.constantFrom(ada.interactionToken, ben.interactionToken, 'unknown', '..')
  const field = fc.constantFrom(...FIELDS)
  const value = fc.oneof(id, fc.array(id, { maxLength: 2 }), id.map(Number), fc.constant(null))
  const flat = fc.array(fc.tuple(field, value), { maxLength: 3 }).map((pairs) => Object.fromEntries(pairs) as unknown)
  const body = fc.oneof(
    fc.constant(undefined),
    flat,
    flat.map((inner) => ({ message_reference: inner })),
    flat.map((inner) => [{ options: [inner] }]),
    fc
      .tuple(flat, flat)
      .map(([first, second]) => `${JSON.stringify(first).slice(0, -1)},"x":${JSON.stringify(second)}}`.replace('{,', '{')),
  )
  const query = fc
    .array(fc.tuple(field, id), { maxLength: 2 })
    .map((pairs) => (pairs.length > 0 ? `?${new URLSearchParams(pairs)}` : ''))
  const route = fc.constantFrom(...RULES.keys())
  return fc
    .tuple(route, fc.array(id, { minLength: 5, maxLength: 5 }), token, query, body)
    .map(([name, values, given, search, content]) => {
      const [method = '', template = ''] = name.split(' ')
      let index = 0
      const path = template.replaceAll(/\{(\w+)\}/g, (_all, param: string) => {
        index += 1
        if (param.endsWith('token')) return given
        if (param === 'application_id' || param === 'webhook_id') return APPLICATION
        // Ids of messages and people are only looked for in the place that the path names: any will do.
        return ['guild_id', 'channel_id'].includes(param) ? (values[index % values.length] ?? '') : '7'
      })
      return { method, path: path + search, body: content }
    })
}

test(`${RUNS} requests with foreign ids in path, query and body: none reaches Discord`, async () => {
  const world = smallWorld()
  const { ask, asked } = asAda(world)
  const outcomes = new Map<number, number>()
  const leaked: string[] = []
  const all = fc.sample(wishes(world.ada, world.ben), RUNS)
  for (const wish of all) {
    const before = asked.length
    const status = await ask(wish)
    const passed = asked
      .slice(before)
      .filter(({ method, path }) => !(status === 403 && method === 'GET' && /^\/channels\/\d+$/.test(path)))
    leaked.push(...leaks(passed, world.ben))
    outcomes.set(status, (outcomes.get(status) ?? 0) + 1)
  }
  expect(leaked).toEqual([])
  // The run is about something: requests of Ada's own went through, and others were refused.
  expect(asked.length).toBeGreaterThan(RUNS / 100)
  expect(outcomes.get(403)).toBeGreaterThan(RUNS / 4)
  // Red control: what would happen without the checks is seen by the oracle.
  expect(
    leaks(
      all.map(({ method, path, body }) => ({ method, path: path.replaceAll('%', ''), body: JSON.stringify(body) ?? '' })),
      world.ben,
    ).length,
  ).toBeGreaterThan(RUNS / 10)
})

test('what is checked is what goes on: a field twice, a second payload, and fields beside it do not slip through', async () => {
  const world = smallWorld()
  const { ada, ben } = world
  const { ask, asked } = asAda(world)
  const path = `/channels/${ada.channelId}/messages`
  const twice = `{"message_reference":{"channel_id":"${ben.channelId}","channel_id":"${ada.channelId}"}}`
  expect(await ask({ method: 'POST', path, body: twice })).toBe(404)
  const part = (name: string, text: string) => `--b\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${text}\r\n`
  const foreign = `{"message_reference":{"channel_id":"${ben.channelId}"}}`
  for (const parts of [
    part('payload_json', foreign),
    part('payload_json', '{}') + part('payload_json', foreign),
    part('channel_id', ben.channelId),
  ]) {
    expect([400, 403]).toContain(await ask({ method: 'POST', path, body: `${parts}--b--` }, 'multipart/form-data; boundary=b'))
  }
  expect(
    await ask(
      { method: 'POST', path, body: `${part('payload_json', '{"content":"x"}')}--b--` },
      'multipart/form-data; boundary=b',
    ),
  ).toBe(404)
  expect(asked).toHaveLength(2)
  expect(leaks(asked, ben)).toEqual([])
})

test.each<[string, (world: SmallWorld) => Wish, number]>([
  ['its own channel', ({ ada }) => ({ method: 'GET', path: `/channels/${ada.channelId}`, body: undefined }), 404],
  ['its own thread', ({ ada }) => ({ method: 'GET', path: `/channels/${ada.threadId}`, body: undefined }), 404],
  ['another’s channel', ({ ben }) => ({ method: 'GET', path: `/channels/${ben.channelId}`, body: undefined }), 403],
  ['another’s guild', ({ ben }) => ({ method: 'GET', path: `/guilds/${ben.guildId}`, body: undefined }), 403],
  [
    'an interaction of its own',
    ({ ada }) => ({ method: 'POST', path: `/interactions/1/${ada.interactionToken}/callback`, body: { type: 5 } }),
    404,
  ],
  [
    'an interaction of another',
    ({ ben }) => ({ method: 'POST', path: `/interactions/1/${ben.interactionToken}/callback`, body: { type: 5 } }),
    403,
  ],
  [
    'another application',
    ({ ada }) => ({ method: 'GET', path: `/applications/1/guilds/${ada.guildId}/commands`, body: undefined }),
    403,
  ],
  ['a webhook of somebody', ({ ada }) => ({ method: 'POST', path: `/webhooks/1/${ada.interactionToken}`, body: {} }), 403],
  ['the guilds of the bot', () => ({ method: 'GET', path: '/users/@me/guilds', body: undefined }), 200],
])('a request about %s is answered as it should be', async (_what, wish, status) => {
  const world = smallWorld()
  expect(await asAda(world).ask(wish(world))).toBe(status)
})

test('a token of an interaction is good for fifteen minutes', async () => {
  const world = smallWorld()
  const wish = { method: 'POST', path: `/webhooks/${APPLICATION}/${world.ada.interactionToken}`, body: {} }
  world.clock.now += 899_999
  expect(await asAda(world).ask(wish)).toBe(404)
  world.clock.now += 1
  expect(await asAda(world).ask(wish)).toBe(403)
})

test('when the store is away the answer is 503, never a 401, for which clients throw their token away', async () => {
  const world = smallWorld()
  const { ask, asked } = asAda(world)
  world.store.close()
  expect(await ask({ method: 'GET', path: `/channels/${world.ada.channelId}`, body: undefined })).toBe(503)
  expect(asked).toEqual([])
})
