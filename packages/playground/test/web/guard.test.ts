import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import { expect, it } from 'vitest'
import { createGuard } from '../../src/web/guard.ts'

const guard = createGuard(8787)
const cookie = `other=1; playground-8787=${guard.token}`

function judge(headers: IncomingHttpHeaders, { method = 'GET', path = '/' } = {}) {
  return guard.judge({ headers, method } as IncomingMessage, new URL(path, 'http://127.0.0.1'))
}

it('lets the address with the token in, and gives it a cookie', () => {
  const verdict = judge({ host: '127.0.0.1:8787' }, { path: `/?token=${guard.token}` })
  expect(verdict).toEqual({ enter: `playground-8787=${guard.token}; HttpOnly; SameSite=Strict; Path=/` })
})

it('welcomes the cookie', () => {
  expect(judge({ host: 'localhost:8787', cookie }, { path: '/api/events' })).toBe('welcome')
  expect(judge({ host: '127.0.0.1:8787', origin: 'http://127.0.0.1:8787', cookie }, { method: 'POST', path: '/api/kill' })).toBe(
    'welcome',
  )
})

it.each([
  ['no cookie', { host: '127.0.0.1:8787' }],
  ['the cookie of another start', { host: '127.0.0.1:8787', cookie: 'playground-8787=old' }],
  ['another name for this address', { host: 'rebound.example:8787', cookie }],
  ['another port', { host: '127.0.0.1:1', cookie }],
  ['another site', { host: '127.0.0.1:8787', origin: 'https://evil.example', cookie }],
])('refuses %s', (_what, headers) => {
  expect(judge(headers, { method: 'POST', path: '/api/kill' })).toBe('refused')
})

it('takes the token from the address for nothing but the page itself', () => {
  expect(judge({ host: '127.0.0.1:8787' }, { method: 'POST', path: `/api/kill?token=${guard.token}` })).toBe('refused')
})
