import type { IncomingHttpHeaders } from 'node:http'
import { describe, expect, it } from 'vitest'
import { createGuard } from '../../src/web/guard.ts'

const guard = createGuard(8787)
const authorization = `Bearer ${guard.token}`
const host = '127.0.0.1:8787'

const admits = (headers: IncomingHttpHeaders, path = '/api/kill') => guard.admits({ headers }, path)

describe('V22: who may use the page', () => {
  it.each([
    ['its address', { host, authorization }],
    ['its other name', { host: 'localhost:8787', authorization }],
    ['itself', { host, origin: `http://${host}`, authorization }],
  ])('who has the token, from %s', (_what, headers) => {
    expect(admits(headers)).toBe(true)
    expect(admits(headers, '/api/events')).toBe(true)
  })

  it.each([
    ['no token', { host }],
    ['the token of another start', { host, authorization: 'Bearer old' }],
    ['the token in a cookie, which every port of this machine is sent', { host, cookie: `playground-8787=${guard.token}` }],
    ['another name for this address', { host: 'rebound.example:8787', authorization }],
    ['another port', { host: '127.0.0.1:1', authorization }],
    ['another site', { host, origin: 'https://evil.example', authorization }],
    ['another port of this machine', { host, origin: 'http://127.0.0.1:1', authorization }],
  ])('not who comes with %s', (_what, headers) => {
    expect(admits(headers)).toBe(false)
    expect(admits(headers, '/api/events')).toBe(false)
  })

  it('its files are for everyone who knows its name', () => {
    expect(admits({ host }, '/')).toBe(true)
    expect(admits({ host: 'rebound.example:8787' }, '/')).toBe(false)
  })
})
