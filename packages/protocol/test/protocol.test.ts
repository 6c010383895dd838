/** What both sides say is read with care: anything else is told by the field that is wrong. */
import { describe, expect, test } from 'vitest'
import {
  CLOSE,
  FATAL,
  hashOf,
  Malformed,
  PROTOCOL,
  readRegistered,
  readRegistration,
  readStatus,
  readToken,
  REFUSALS,
  tokenOf,
} from '../src/index.ts'

const clientId = '6f1c2a34-0000-4000-8000-00000000000a'
const secret = 'ab'.repeat(32)
const registration = { client_id: clientId, secret_sha256: hashOf(secret), machine: "Ada's laptop" }
const registered = { protocol: PROTOCOL, attempt: clientId, code: 'ABCD-2345', install_url: 'https://gateway.example/x' }

describe('a token', () => {
  test('is the id and the secret, and comes back as it went', () => {
    expect(readToken(tokenOf({ clientId, secret }))).toEqual({ clientId, secret })
  })

  test.each([
    '',
    clientId,
    `${clientId}:`,
    `${clientId}:${secret}:more`,
    `${clientId.toUpperCase()}:${secret}`,
    'MTA.abc.def',
    ':',
  ])('"%s" is none', (token) => {
    expect(readToken(token)).toBeInstanceOf(Malformed)
  })
})

describe('a registration', () => {
  test('is read, and what a newer side adds is not looked at', () => {
    expect(readRegistration({ ...registration, later: 1 })).toEqual({ ...registration, restart: undefined })
    expect(readRegistration({ ...registration, restart: true })).toMatchObject({ restart: true })
  })

  test.each([
    ['client_id', { ...registration, client_id: '../x' }],
    ['secret_sha256', { ...registration, secret_sha256: secret.slice(1) }],
    ['machine', { ...registration, machine: 'a\nb' }],
    ['machine', { ...registration, machine: 'x'.repeat(101) }],
    ['restart', { ...registration, restart: 'yes' }],
    ['the registration', [registration]],
    ['the registration', null],
  ])('with a wrong %s is told so', (field, body) => {
    expect(readRegistration(body)).toMatchObject({ field })
  })

  test('is answered with a code and an address; another version is told', () => {
    expect(readRegistered(registered)).toEqual(registered)
    expect(readRegistered({ ...registered, protocol: 2 })).toMatchObject({ field: 'protocol' })
    expect(readRegistered('<html>')).toBeInstanceOf(Malformed)
  })
})

test.each([
  [{ protocol: 1, state: 'waiting' }, true],
  [{ protocol: 1, state: 'authorized', guild_id: '123' }, true],
  [{ protocol: 1, state: 'failed', message: 'You cancelled.' }, true],
  [{ protocol: 1, state: 'authorized' }, false],
  [{ protocol: 1, state: 'failed' }, false],
  [{ protocol: 1, state: 'else' }, false],
  [{ state: 'waiting' }, false],
])('the status %j is one: %s', (body, isOne) => {
  const status = readStatus(body)
  expect(isOne ? status : status instanceof Malformed).toEqual(isOne ? body : true)
})

test('refusals have codes of their own, and sentences that end; close codes of ours are beyond those of Discord', () => {
  const refusals = Object.values(REFUSALS)
  const own = refusals.map(({ code }) => code).filter((code) => code >= 900_000)
  expect(new Set(own).size).toBe(own.length)
  expect(refusals.filter(({ message }) => !/[.]$|^404/.test(message))).toEqual([])
  expect(FATAL).toEqual([CLOSE.unknownClient, CLOSE.replaced])
})
