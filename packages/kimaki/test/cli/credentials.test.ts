/** Which bot runs: what decides, where each token may be said, and what the file on disk keeps. */
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CLOSE } from 'kimaki-protocol'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { UsageError } from '../../src/base/errors.ts'
import { readConfig } from '../../src/cli/config.ts'
import { gatewayPlaces, peerOf, readAccess, secretsOfToken, withToken } from '../../src/cli/credentials.ts'
import { asKnownMachine } from '../../src/cli/gateway/known.ts'
import { credentialsIn, readSaved, saveGateway, saveToken, type SavedGateway } from '../../src/cli/saved/credentials.ts'
import { fatalClose } from '../../src/discord/gateway/fatal.ts'

const DISCORD = 'https://discord.com/api'
const OWN = 'MTIzNDU2Nzg5MDEyMzQ1Njc4.GabcdE.abcdefghijklmnopqrstuvwxyz0123456789AB'
const SECRET = 'a'.repeat(64)
const CLIENT = '01234567-89ab-4cde-8f01-23456789abcd'
const MACHINE = `${CLIENT}:${SECRET}`
const KNOWN: SavedGateway = {
  clientId: CLIENT,
  secret: SECRET,
  website: 'https://gw.example',
  apiUrl: 'https://gw.example/api',
  isAuthorized: true,
}

let dataDir: string
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'kimaki-credentials-'))
})
afterEach(() => rmSync(dataDir, { recursive: true }))

describe('where a token is said', () => {
  const NAMED = { KIMAKI_WEBSITE_URL: 'https://gw.example/' }
  const OTHER = { KIMAKI_DISCORD_API_URL: 'http://127.0.0.1:1/api' }

  test.each([
    ['of a bot of one’s own: to Discord, whatever gateway there is', OWN, NAMED, DISCORD],
    ['of a machine: to the gateway that is named', MACHINE, NAMED, 'https://gw.example/api'],
    [
      'of a machine: to the socket’s host, where that is another',
      MACHINE,
      { ...NAMED, KIMAKI_GATEWAY_PROXY_URL: 'wss://ws.example' },
      'https://ws.example/api',
    ],
    ['of a machine, with the proxy alone', MACHINE, { KIMAKI_GATEWAY_PROXY_URL: 'wss://ws.example' }, 'https://ws.example/api'],
    ['of a machine, with nothing named', MACHINE, {}, 'https://discord-gateway.kimaki.dev/api'],
    ['of a machine, with another API', MACHINE, { ...NAMED, ...OTHER }, OTHER.KIMAKI_DISCORD_API_URL],
    ['of a bot of one’s own, with another API', OWN, { ...NAMED, ...OTHER }, OTHER.KIMAKI_DISCORD_API_URL],
    ['that only looks like a machine’s', `${CLIENT}:short`, NAMED, DISCORD],
  ])('%s', (_what, token, environment, apiUrl) => {
    expect(readAccess(dataDir, { ...environment, KIMAKI_BOT_TOKEN: ` ${token} ` })).toEqual({ token, apiUrl })
  })

  test('follows the token, when another one is tried', () => {
    saveGateway(dataDir, KNOWN, 'is used')
    const access = readAccess(dataDir, {}) as Exclude<ReturnType<typeof readAccess>, Error>
    expect(access).toEqual({ token: MACHINE, apiUrl: 'https://gw.example/api' })
    const config = { ...access, dataDir, environment: {} }
    expect(withToken(config, OWN)).toMatchObject({ token: OWN, apiUrl: DISCORD })
    expect(withToken({ ...config, token: OWN, apiUrl: DISCORD }, MACHINE)).toMatchObject(access)
  })

  test.each(['gw.example', 'ftp://gw.example', 'https://gw.example/x', 'https://a@gw.example', 'https://gw.example?x=1'])(
    'is refused with a sentence where the gateway is called %s',
    (address) => {
      for (const name of ['KIMAKI_WEBSITE_URL', 'KIMAKI_GATEWAY_PROXY_URL']) {
        const read = readAccess(dataDir, { [name]: address })
        expect(read).toBeInstanceOf(UsageError)
        expect((read as UsageError).message).toContain(`${name} must be an http(s) address without a path`)
      }
    },
  )
})

describe('the file', () => {
  test('keeps both, says which is used, and only its user may read it', () => {
    saveToken(dataDir, OWN)
    saveGateway(dataDir, { ...KNOWN, isAuthorized: false, attempt: 'open' })
    expect(readAccess(dataDir, {})).toEqual({ token: OWN, apiUrl: DISCORD })
    saveGateway(dataDir, KNOWN, 'is used')
    expect(readAccess(dataDir, {})).toMatchObject({ token: MACHINE })
    saveToken(dataDir, `${OWN}2`)
    expect(readAccess(dataDir, {})).toMatchObject({ token: `${OWN}2` })
    expect(readSaved(dataDir)).toEqual({ token: `${OWN}2`, gateway: KNOWN })
    expect(statSync(credentialsIn(dataDir)).mode & 0o777).toBe(0o600)
    expect(JSON.parse(readFileSync(credentialsIn(dataDir), 'utf8'))).not.toHaveProperty('uses')
  })

  test('with a machine that nobody has let in yet holds no token to run with', () => {
    saveGateway(dataDir, { ...KNOWN, isAuthorized: false })
    expect(readAccess(dataDir, {})).toEqual({ token: undefined, apiUrl: DISCORD })
  })

  test('names the gateway, unless the environment names another', () => {
    expect(gatewayPlaces(dataDir, {})).toMatchObject({ website: 'https://kimaki.dev', isNamed: false })
    saveGateway(dataDir, { ...KNOWN, apiUrl: 'https://ws.example/api' })
    expect(gatewayPlaces(dataDir, {})).toEqual({ website: 'https://gw.example', apiUrl: 'https://ws.example/api', isNamed: true })
    const other = { website: 'https://other.example', apiUrl: 'https://other.example/api', isNamed: true }
    expect(gatewayPlaces(dataDir, { KIMAKI_WEBSITE_URL: 'https://other.example' })).toEqual(other)
  })
})

describe('a machine that was let in before', () => {
  const start = (environment: Readonly<Record<string, string>> = {}) => {
    const config = readConfig({ dataDir }, environment)
    return config instanceof Error ? undefined : asKnownMachine(config)
  }

  test('starts as it is, from then on without --gateway too, and forgets an attempt that was given up', () => {
    saveToken(dataDir, OWN)
    saveGateway(dataDir, { ...KNOWN, attempt: 'given up' })
    expect(start()).toMatchObject({ token: MACHINE, apiUrl: KNOWN.apiUrl })
    expect(readAccess(dataDir, {})).toEqual({ token: MACHINE, apiUrl: KNOWN.apiUrl })
    expect(readSaved(dataDir)).toEqual({ token: OWN, gateway: KNOWN, uses: 'gateway' })
  })

  test('is not known to another gateway, and none is that nobody has let in', () => {
    saveGateway(dataDir, KNOWN)
    expect(start({ KIMAKI_WEBSITE_URL: 'https://other.example' })).toBeUndefined()
    saveGateway(dataDir, { ...KNOWN, isAuthorized: false })
    expect(start()).toBeUndefined()
  })
})

describe('for the adapter', () => {
  const peer = peerOf({ token: MACHINE, apiUrl: 'https://gw.example/api' })

  test('there is nobody but Discord with a token of Discord', () => {
    expect(peerOf({ token: OWN, apiUrl: DISCORD })).toBeUndefined()
  })

  test('refusals of a gateway name it, and say what to do', () => {
    const refused = fatalClose(CLOSE.unknownClient, peer)
    expect(refused).toEqual(peer?.wrongToken)
    expect(refused).toMatchObject({
      message: expect.stringContaining('gw.example'),
      fix: expect.stringContaining('--restart-onboarding'),
    })
    expect(fatalClose(CLOSE.replaced, peer)?.message).toContain('Another kimaki')
    expect(fatalClose(CLOSE.replaced)).toBeUndefined()
    expect(fatalClose(CLOSE.tryAgain, peer)).toBeUndefined()
  })

  test.each([
    ['wss://gw.example/gateway', true],
    ['ws://127.0.0.1:8080/gateway', true],
    // Where a bot of one's own was connected before.
    ['wss://gateway-us-east1-b.discord.gg', false],
    ['https://gw.example', false],
    ['', false],
  ])('a socket at "%s" hears the secret: %s', (address, mayHear) => {
    expect(peer?.isGateway(address)).toBe(mayHear)
  })

  test('the secret is one without the id, too', () => {
    expect(secretsOfToken(MACHINE)).toEqual([MACHINE, SECRET])
    expect(secretsOfToken(OWN)).toEqual([OWN])
  })
})
