/** A machine is woken at a public address alone, with nothing followed, and at the one path. */
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:https'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { isWakeBearer, readWakeAddress, wakeBearer } from 'kimaki-protocol'
import { expect, onTestFinished, test } from 'vitest'
import { createLog } from '../../src/base/log.ts'
import { Metrics } from '../../src/base/metrics.ts'
import type { Committed } from '../../src/ports/store.ts'
import { INTERNET, knock, type Knocker } from '../../src/wake/knock.ts'
import { isPublicAddress } from '../../src/wake/public-address.ts'
import { Waker } from '../../src/wake/waker.ts'
import { messageIn, POSITION, smallWorld } from '../support/world.ts'

const pem = (name: string): string => readFileSync(new URL(`fixtures/${name}.pem`, import.meta.url), 'utf8')

test.each([
  ['8.8.8.8', true],
  ['2606:4700::1111', true],
  ...[
    '127.0.0.1',
    '10.1.2.3',
    '172.31.0.1',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '0.0.0.0',
    '224.0.0.1',
    '255.255.255.255',
  ]
    .concat([
      '::1',
      '::',
      'fe80::1',
      'fd00::1',
      '::ffff:127.0.0.1',
      '::ffff:8.8.8.8',
      '64:ff9b::7f00:1',
      '2002:7f00:1::',
      '2001:db8::1',
      'ff02::1',
    ])
    .concat(['', 'localhost', '127.1'])
    .map((address) => [address, false] as const),
] as const)('%s is public: %s', (address, expected) => {
  expect(isPublicAddress(address)).toBe(expected)
})

/** A machine at https://wake.test that answers as told; by `isPublic` this machine counts as the internet. */
async function machine(answer: (request: IncomingMessage, response: ServerResponse) => void) {
  const asked: string[] = []
  const server = createServer({ key: pem('key'), cert: pem('cert') }, (request, response) => {
    asked.push(`${request.method} ${request.url} ${request.headers.authorization}`)
    answer(request, response)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const knocker: Knocker = {
    resolve: async () => [{ address: '127.0.0.1', family: 4 }],
    isPublic: () => true,
    ca: pem('cert'),
    timeoutMs: 2000,
  }
  return { asked, knocker, origin: `https://wake.test:${(server.address() as AddressInfo).port}` }
}

test('it asks at the fixed path with the bearer, and takes the status for an answer, whatever the body', async () => {
  const { asked, knocker, origin } = await machine(
    (_request, response) => void response.writeHead(200).write('a body that never ends'),
  )
  expect(await knock(knocker, origin, 'the-bearer')).toBe(200)
  expect(asked).toEqual(['POST /kimaki/wake Bearer the-bearer'])
})

test('a redirect is not followed', async () => {
  const { asked, knocker, origin } = await machine(
    (_request, response) => void response.writeHead(307, { location: '/elsewhere' }).end(),
  )
  expect(await knock(knocker, origin, 'b')).toBe(307)
  expect(asked).toHaveLength(1)
})

test.each([
  ['an address of this machine', { isPublic: isPublicAddress }],
  [
    'one public address and one that is not',
    {
      resolve: async () => [
        { address: '8.8.8.8', family: 4 },
        { address: '127.0.0.1', family: 4 },
      ],
      isPublic: isPublicAddress,
    },
  ],
])('nothing is said to a name with %s', async (_what, change: Partial<Knocker>) => {
  const { asked, knocker, origin } = await machine((_request, response) => void response.end())
  expect(await knock({ ...knocker, ...change }, origin, 'b')).toBe('the address is not public')
  expect(asked).toEqual([])
})

test('what was reached is looked at again before a word is said', async () => {
  const { asked, knocker, origin } = await machine((_request, response) => void response.end())
  const verdicts = [true, false]
  expect(await knock({ ...knocker, isPublic: () => verdicts.shift() ?? false }, origin, 'b')).toBe('the address is not public')
  expect(asked).toEqual([])
})

test('an address written as a number is no way round, and neither is a certificate of somebody else', async () => {
  for (const origin of ['https://127.0.0.1:1', 'https://[::1]:1', 'https://2130706433:1'])
    expect(await knock(INTERNET, origin, 'b')).toBe('the address is not public')
  const { asked, knocker, origin } = await machine((_request, response) => void response.end())
  const { ca: _ca, ...usual } = knocker
  expect(await knock(usual, origin, 'b')).toMatch(/self-signed/)
  expect(asked).toEqual([])
})

test('the bearer is good for its machine and for five minutes', () => {
  const [hash, other] = ['a'.repeat(64), 'b'.repeat(64)]
  const bearer = wakeBearer('me', hash, 1000)
  expect(isWakeBearer(bearer, 'me', hash, 1300)).toBe(true)
  expect(isWakeBearer(bearer, 'me', hash, 1301)).toBe(false)
  expect(isWakeBearer(bearer, 'you', hash, 1000)).toBe(false)
  expect(isWakeBearer(bearer, 'me', other, 1000)).toBe(false)
  expect(isWakeBearer(bearer.replace('1000', '1001'), 'me', hash, 1001)).toBe(false)
  expect(['', '.', 'x.y', '1000.'].some((text) => isWakeBearer(text, 'me', hash, 1000))).toBe(false)
})

test.each(['http://a.example', 'https://a.example/path', 'https://u:p@a.example', 'https://a.example/?q', 'ftp://a', '', 7])(
  '%s is no address to wake at',
  (url) => {
    expect(readWakeAddress({ url })).toBeInstanceOf(Error)
  },
)

test('a message of a person wakes the owner of the channel, once a minute; one of a bot wakes nobody', async () => {
  const { store, clock, ada, ben } = smallWorld()
  const { asked, knocker, origin } = await machine((_request, response) => void response.end())
  store.owners.claim(ada.clientId, ada)
  const wantedBy = (author: object) => {
    const { name, data } = messageIn(ada, 'hello')
    return (
      store.events.commit([{ name, data: { ...data, channel_id: ada.threadId, author } }], POSITION, () => false) as Committed
    ).wanted
  }
  expect([wantedBy({ id: '7' }), wantedBy({ id: '8', bot: true })]).toEqual([[ada.clientId], []])

  const heard = Promise.withResolvers<void>()
  const metrics = new Metrics()
  const log = createLog(
    () => undefined,
    () => clock.now,
  )
  const resolve: Knocker['resolve'] = async (name) => {
    heard.resolve()
    return knocker.resolve(name)
  }
  const waker = new Waker({ store: store.clients, now: () => clock.now, log, metrics, knocker: { ...knocker, resolve } })
  expect(waker.wake(ada.clientId)).toBe(false)
  store.clients.setWake(ada.clientId, origin)
  expect([waker.wake(ada.clientId), waker.wake(ada.clientId), waker.wake(ben.clientId)]).toEqual([true, true, false])
  await heard.promise
  await expect.poll(() => metrics.value('gateway_wakes_total{outcome="awake"}')).toBe(1)
  const { secretHash } = store.clients.find(ada.clientId) as { secretHash: string }
  const [, bearer = ''] = asked[0]?.split('Bearer ') ?? []
  expect([asked.length, isWakeBearer(bearer, ada.clientId, secretHash, clock.now / 1000)]).toEqual([1, true])
})
