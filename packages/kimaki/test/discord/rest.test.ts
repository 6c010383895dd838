/** Answers that no well-behaved Discord would give. */
import { createServer, type RequestListener, type Server } from 'node:http'
import { connect, createServer as createConnections, type AddressInfo } from 'node:net'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { ChatUnknown } from '../../src/base/errors.ts'
import { Secrets } from '../../src/base/redact.ts'
import { createCache } from '../../src/discord/inbound/cache.ts'
import { createFetchMissing } from '../../src/discord/inbound/fetch-missing.ts'
import { Members } from '../../src/discord/inbound/members.ts'
import { createAnswers } from '../../src/discord/outbound/answers.ts'
import { registerCommands } from '../../src/discord/outbound/commands.ts'
import { createCosmetic } from '../../src/discord/outbound/cosmetic.ts'
import { editMessage, ownMessagesAfter, postMessage } from '../../src/discord/outbound/post.ts'
import { inspect } from '../../src/discord/inspect.ts'
import { openThread, startThread } from '../../src/discord/outbound/threads.ts'
import { Rest } from '../../src/discord/rest/rest.ts'
import { listOfIds } from '../../src/discord/wire/answer.ts'
import { anything, list } from '../../src/discord/wire/shape.ts'
import type { Log } from '../../src/ports/host.ts'
import { outgoing } from './world.ts'

let server: Server
let rest: Rest

afterEach(() => {
  vi.useRealTimers()
  rest.stop()
  server.close()
  server.closeAllConnections()
})

const quiet = () => undefined
const log: Log = { debug: quiet, info: quiet, warn: quiet, error: quiet }

/** How long a request may take. A busy machine, too, answers in this time. */
const TIMEOUT_MS = 30_000

async function answering(listener: RequestListener, secrets = new Secrets()): Promise<void> {
  server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const apiUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api`
  rest = new Rest({ token: 't', apiUrl, log, secrets, timeout: TIMEOUT_MS })
}

/** What the server of the test has written to a client of this process before, the client has read after this. */
async function roundTrip(): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const echo = createConnections((socket) => socket.pipe(socket)).listen(0, '127.0.0.1', () => {
    connect((echo.address() as AddressInfo).port, '127.0.0.1')
      .on('error', reject)
      .on('data', () => resolve())
      .end('x')
  })
  await promise
  echo.close()
}

const json = { 'content-type': 'application/json' }

describe('a post has an unknown outcome when', () => {
  const post = async () => rest.call({ method: 'POST', route: '/channels/123456789012345678/messages', body: {} }, anything)

  test.each<[string, RequestListener]>([
    [
      'the body is cut',
      (_request, response) =>
        response.writeHead(200, { ...json, 'content-length': '50' }).write('{"id":', () => response.destroy()),
    ],
    ['the body is half an object', (_request, response) => response.writeHead(200, json).end('{"id":')],
    [
      'a page comes instead',
      (_request, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Welcome</h1>'),
    ],
    ['nothing at all comes with a 200', (_request, response) => response.writeHead(200).end()],
    ['a page with an error comes', (_request, response) => response.writeHead(404, json).end('<h1>no</h1>')],
    ['the line breaks', (request) => request.socket.destroy()],
  ])('%s', async (_name, listener) => {
    let requests = 0
    await answering((request, response) => {
      requests += 1
      listener(request, response)
    })
    expect(await post()).toBeInstanceOf(ChatUnknown)
    expect(requests).toBe(1)
  })

  // The clock of the time-out stands still until Discord has the request: a busy machine cannot end the wait before.
  test.each<[string, RequestListener]>([
    ['nothing is answered', quiet],
    ['the body stalls', (_request, response) => response.writeHead(200, json).write('{"id":')],
  ])('%s', async (_name, listener) => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    let requests = 0
    const heard = Promise.withResolvers<void>()
    await answering((request, response) => {
      requests += 1
      listener(request, response)
      heard.resolve()
    })
    let isOver = false
    const result = post().finally(() => (isOver = true))
    await heard.promise
    await roundTrip()
    expect(isOver).toBe(false)
    await vi.advanceTimersByTimeAsync(TIMEOUT_MS)
    expect(await result).toBeInstanceOf(ChatUnknown)
    expect(requests).toBe(1)
  })
})

test.each<[string, number, string, object | undefined]>([
  ['nothing is the answer', 204, '', undefined],
  ['a page is none', 200, '<h1>Welcome</h1>', { name: 'ChatUnknown', reason: 'an answer that is not of Discord' }],
])('of a call that Discord answers with nothing, %s', async (_name, status, body, expected) => {
  await answering((_request, response) => response.writeHead(status, { 'content-type': 'text/html' }).end(body))
  const result = await rest.send({ method: 'POST', route: '/interactions/1/token/callback', body: {} })
  if (expected) expect(result).toMatchObject(expected)
  else expect(result).toBeUndefined()
})

test('a read is tried three times (R1)', async () => {
  let requests = 0
  await answering((_request, response) => {
    requests += 1
    response.writeHead(502).end()
  })
  expect(await rest.read('/users/@me', anything)).toMatchObject({ name: 'ChatUnknown', reason: 'Discord answered 502' })
  expect(requests).toBe(3)
})

test('connections are kept for the next request', async () => {
  const sockets = new Set<unknown>()
  await answering((request, response) => {
    sockets.add(request.socket)
    response.writeHead(200, json).end('{}')
  })
  for (let n = 0; n < 10; n += 1) await rest.read('/users/@me', anything)
  expect(sockets.size).toBe(1)
})

describe('an answer without what is needed of it is a failed call, and no throw', () => {
  const ID = '123456789012345678'
  const lookAt = (to: Rest) =>
    inspect({ rest: to, facts: createFetchMissing(to, createCache()), members: new Members(to), botUserId: () => ID }, ID)
  const cases: readonly [string, unknown, (rest: Rest) => Promise<unknown>][] = [
    ['a post without an id', {}, (to) => postMessage({ rest: to, writer: 'w' }, ID, outgoing('x'), 'n')],
    ['a thread that is a list', [], (to) => openThread(to, { channelId: ID, messageId: ID, name: 'x', botUserId: ID })],
    ['a channel to be looked at without a type', { id: ID }, (to) => lookAt(to)],
    ['what a channel allows, but not to whom', { id: ID, type: 0, permission_overwrites: [{ allow: '1' }] }, (to) => lookAt(to)],
    ['a member that is null', null, (to) => new Members(to).fresh(ID, ID)],
    ['a member without roles', { user: { id: ID } }, (to) => new Members(to).fresh(ID, ID)],
    ['a channel without a type', { id: ID }, (to) => createFetchMissing(to, createCache()).channel(ID)],
    ['a guild without roles', { id: ID, owner_id: ID }, (to) => createFetchMissing(to, createCache()).guild(ID)],
    ['guilds that are an object', {}, (to) => to.read('/users/@me/guilds', listOfIds)],
    [
      'a past that is an object',
      {},
      (to) => ownMessagesAfter({ rest: to, writer: 'w' }, { channelId: ID, botUserId: ID, afterId: undefined }),
    ],
    ['commands that are null are none', null, (to) => to.read('/applications/1/commands', list(anything))],
  ]
  test.each(cases)('%s', async (_what, body, ask) => {
    await answering((_request, response) => response.writeHead(200, json).end(JSON.stringify(body)))
    expect(await ask(rest)).toMatchObject({
      name: 'ChatUnknown',
      reason: expect.stringMatching(/cannot be read: .+ is not /) as string,
    })
  })

  test('a page of the past of which one message has no id is read all the same', async () => {
    const own = { id: '5', content: 'ours', author: { id: ID } }
    await answering((_request, response) => response.writeHead(200, json).end(JSON.stringify([null, own, { author: {} }])))
    expect(await ownMessagesAfter({ rest, writer: 'w' }, { channelId: ID, botUserId: ID, afterId: undefined })).toEqual([
      { id: '5', content: 'ours', files: 0 },
    ])
  })
})

describe('what waits for a rate limit goes out in the order it came (R5)', () => {
  const LIMIT = 5
  const WINDOW_MS = 100

  /** As Discord: so many in a window, the rest is refused; `told`: every answer says what is left. */
  function limiter({ told, scope }: { readonly told: boolean; readonly scope: 'user' | 'global' | 'shared' }) {
    const served: string[] = []
    let resetAt = 0
    let used = 0
    const listener: RequestListener = (request, response) => {
      let body = ''
      request.on('data', (chunk) => (body += String(chunk)))
      request.on('end', () => {
        const now = performance.now()
        if (now >= resetAt) [resetAt, used] = [now + WINDOW_MS, 0]
        const left = (resetAt - now) / 1000
        const isRefused = used >= LIMIT
        if (!isRefused) {
          used += 1
          served.push((JSON.parse(body) as { readonly n: string }).n)
        }
        const known = {
          'x-ratelimit-bucket': 'b',
          'x-ratelimit-limit': String(LIMIT),
          'x-ratelimit-remaining': String(LIMIT - used),
          'x-ratelimit-reset-after': left.toFixed(3),
        }
        const refusal = {
          'retry-after': String(left),
          'x-ratelimit-scope': scope,
          ...(scope === 'global' && { 'x-ratelimit-global': 'true' }),
        }
        response.writeHead(isRefused ? 429 : 200, { ...json, ...(told && known), ...(isRefused && refusal) })
        response.end(JSON.stringify(isRefused ? { message: 'slow down', retry_after: left, global: scope === 'global' } : {}))
      })
    }
    return { served, listener }
  }

  test.each([
    ['a bucket whose answers say what is left', { told: true, scope: 'user' }],
    ['a bucket that only refuses', { told: false, scope: 'user' }],
    ['a limit shared with others', { told: false, scope: 'shared' }],
    ['the limit of everything', { told: false, scope: 'global' }],
  ] as const)('%s', async (_what, how) => {
    const { served, listener } = limiter(how)
    await answering(listener)
    const names = Array.from({ length: 24 }, (_, n) => String(n))
    const post = async (n: string): Promise<void> => {
      const answer = await rest.call({ method: 'POST', route: '/channels/123456789012345678/messages', body: { n } }, anything)
      expect(answer).toEqual({})
      // Whoever comes while others wait goes behind them.
      if (n === '2') await post('24')
    }
    await Promise.all(names.map(post))
    expect(served).toEqual([...names, '24'])
  })

  test('another channel does not wait with it', async () => {
    const { served, listener } = limiter({ told: true, scope: 'user' })
    const free: string[] = []
    await answering((request, response) => {
      if (request.url?.includes('/channels/2')) {
        free.push('free')
        response.writeHead(200, json).end('{}')
      } else listener(request, response)
    })
    const post = async (channel: string, n: string) =>
      rest.call({ method: 'POST', route: `/channels/${channel}23456789012345678/messages`, body: { n } }, anything)
    const waiting = Promise.all(Array.from({ length: 12 }, async (_, n) => post('1', String(n))))
    await post('2', 'free')
    expect([free.length, served.length < 12]).toEqual([1, true])
    await waiting
  })
})

describe('V20: a secret leaves in no request', () => {
  const secret = 'Qm9_t-T0ken.with-many-signs-in-it-4711'
  const content = { text: `edited ${secret}`, buttons: [{ id: `stop:${secret}`, label: secret }] }
  const interaction = { id: '1', token: 'of-the-interaction', applicationId: '2' }
  const OWN = { names: [], keep: async () => undefined }

  test.each<[string, (rest: Rest) => Promise<unknown>]>([
    [
      'a post, its file and the name of the file',
      (to) =>
        postMessage(
          { rest: to, writer: 'w' },
          '1',
          outgoing(`is ${secret}`, { file: { name: `${secret}.txt`, text: `x ${secret}` } }),
          'n',
        ),
    ],
    ['an edit, with its buttons', (to) => editMessage(to, '1', '2', content)],
    ['a refusal', (to) => createAnswers(to).refuse(interaction, `no ${secret}`)],
    ['an answer to a command', (to) => createAnswers(to).reply(interaction, content)],
    ['the name of a thread', (to) => openThread(to, { channelId: '1', messageId: '2', name: `about ${secret}`, botUserId: '3' })],
    ['the name of a thread that is cut', (to) => startThread(to, '1', `${'x'.repeat(80)} ${secret}`)],
    ['a new name', async (to) => createCosmetic(to, log, () => undefined).rename('1', `now ${secret}`)],
    [
      'commands',
      (to) =>
        registerCommands(to, { applicationId: '2', guildId: '3' }, [{ name: 'abort', description: secret, options: [] }], OWN),
    ],
  ])('%s', async (_what, act) => {
    let sent = ''
    const secrets = new Secrets([secret])
    const heard = Promise.withResolvers<void>()
    await answering((request, response) => {
      request.setEncoding('utf8').on('data', (text) => (sent += String(text)))
      request.on('end', () => {
        response.writeHead(200, json).end(request.method === 'GET' ? '[]' : '{"id":"5"}')
        if (request.method !== 'GET') heard.resolve()
      })
    }, secrets)
    await act(rest)
    await heard.promise
    expect(sent).toMatch(/\[redacted\]|…/)
    for (let at = 0; at + 8 <= secret.length; at += 1) expect(sent).not.toContain(secret.slice(at, at + 8))
  })

  test('a thread that an earlier attempt opened is known by its name as it was sent', async () => {
    const name = `${'x'.repeat(60)} ${secret} and some more words`
    let named = ''
    await answering(
      (request, response) => {
        request.setEncoding('utf8').on('data', (text) => (named = (JSON.parse(String(text)) as { name: string }).name))
        request.on('end', () => {
          if (request.method === 'POST') return response.writeHead(400, json).end('{"code":160004,"message":"there"}')
          return response
            .writeHead(200, json)
            .end(JSON.stringify({ id: '2', type: 11, owner_id: '3', name: named, parent_id: '1' }))
        })
      },
      new Secrets([secret]),
    )
    expect(await openThread(rest, { channelId: '1', messageId: '2', name, botUserId: '3' })).toEqual({ threadId: '2' })
    expect(named).toMatch(/^x+ \[redacted\] and/)
  })
})
