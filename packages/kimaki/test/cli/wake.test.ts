/** The listener by which a gateway wakes this machine: it knows one path, its gateway, and when the bot is connected. */
import { hashOf, wakeBearer, WAKE_PATH } from 'kimaki-protocol'
import { expect, onTestFinished, test } from 'vitest'
import { UsageError } from '../../src/base/errors.ts'
import { listenForWakes } from '../../src/cli/wake/listener.ts'
import { readWakeSettings } from '../../src/cli/wake/settings.ts'
import { openWake } from '../../src/cli/wake/wake.ts'

const [CLIENT, HASH, NOW] = ['me', hashOf('secret'), 1_000_000]
const bearer = wakeBearer(CLIENT, HASH, NOW / 1000)

async function listener(connected: Promise<void>, waitMs = 30_000) {
  const opened = await listenForWakes({
    host: '127.0.0.1',
    port: 0,
    clientId: CLIENT,
    secretHash: HASH,
    now: () => NOW,
    connected,
    waitMs,
  })
  if (opened instanceof Error) throw opened
  onTestFinished(async () => opened.close())
  return async (given = bearer, path = WAKE_PATH, method = 'POST') => {
    const headers = given === '' ? {} : { authorization: `Bearer ${given}` }
    const answer = await fetch(`http://127.0.0.1:${opened.port}${path}`, { method, headers })
    return [answer.status, await answer.text()]
  }
}

test('it answers once the bot is connected', async () => {
  const bot = Promise.withResolvers<void>()
  const ask = await listener(bot.promise)
  const asked = ask()
  bot.resolve()
  expect(await asked).toEqual([200, ''])
})

test('it says so when the bot is not connected in time', async () => {
  const ask = await listener(new Promise<void>(() => undefined), 1)
  expect(await ask()).toEqual([504, ''])
})

test('it knows one path and one method, and nobody but its gateway', async () => {
  const ask = await listener(Promise.resolve())
  const asked = [ask(bearer, '/'), ask(bearer, `${WAKE_PATH}/x`), ask(bearer, WAKE_PATH, 'GET'), ask(bearer, `${WAKE_PATH}?x=1`)]
  expect((await Promise.all(asked)).map(([status]) => status)).toEqual([404, 404, 404, 404])
  const strangers = ['', 'x', wakeBearer('you', HASH, NOW / 1000), wakeBearer(CLIENT, hashOf('other'), NOW / 1000)]
  const late = wakeBearer(CLIENT, HASH, NOW / 1000 - 301)
  expect((await Promise.all([...strangers, late].map((one) => ask(one)))).map(([status]) => status)).toEqual(Array(5).fill(401))
})

test.each<[Readonly<Record<string, string>>, unknown]>([
  [{}, undefined],
  [{ KIMAKI_INTERNET_REACHABLE_URL: ' ' }, undefined],
  [{ KIMAKI_INTERNET_REACHABLE_URL: 'https://a.example' }, { url: 'https://a.example', host: '0.0.0.0', port: 8787 }],
  [
    { KIMAKI_INTERNET_REACHABLE_URL: 'https://a.example:8443/', KIMAKI_WAKE_LISTEN: '[::]:80' },
    { url: 'https://a.example:8443', host: '::', port: 80 },
  ],
  [{ KIMAKI_INTERNET_REACHABLE_URL: 'http://a.example' }, UsageError],
  [{ KIMAKI_INTERNET_REACHABLE_URL: 'https://a.example/path' }, UsageError],
  [{ KIMAKI_INTERNET_REACHABLE_URL: 'https://a.example', KIMAKI_WAKE_LISTEN: '8787' }, UsageError],
])('%j: %j', (environment, expected) => {
  const settings = readWakeSettings(environment)
  if (expected === UsageError) expect(settings).toBeInstanceOf(UsageError)
  else expect(settings).toEqual(expected)
})

test('a bot of one’s own listens for nobody, and says that nobody would ask', async () => {
  const said: string[] = []
  const say = (line: string): void => void said.push(line)
  const log = { debug: say, info: say, warn: say, error: say }
  const environment = { KIMAKI_INTERNET_REACHABLE_URL: 'https://a.example' }
  expect(await openWake({ token: 'plain', apiUrl: 'http://127.0.0.1:9/api', environment }, log)).toBeUndefined()
  expect(said).toEqual([expect.stringContaining('bots of a gateway')])
})
