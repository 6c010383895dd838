/** `kimaki attach`: which server a session is opened on, and with what. */
import { describe, expect, test } from 'vitest'
import { attachArguments, serverOf } from '../../src/cli/control/attach.ts'
import type { RememberedServer } from '../../src/ports/agent.ts'

const server = (port: number, directory: string): RememberedServer => ({
  record: { pid: port, startTicks: '1', port, password: `secret-${port}` },
  directories: [directory],
  heartbeatAt: 0,
})
const servers = [server(1, '/a'), server(2, '/b')]
type Directory = Parameters<typeof serverOf>[2]
const answers =
  (known: Readonly<Record<number, string | undefined>>): Directory =>
  async ({ port }) =>
    port in known ? { directory: known[port] } : 'no server'

describe('a session is opened', () => {
  test('on the server that serves its folder, whichever knows it first', async () => {
    const found = await serverOf(servers, 'ses_1', answers({ 1: '/b', 2: '/b' }))
    expect(found).toEqual({ port: 2, password: 'secret-2', directory: '/b' })
  })

  test.each([
    ['no server runs', {}, /no OpenCode server of kimaki runs on this machine/],
    ['no server knows the session', { 1: undefined, 2: undefined }, /OpenCode knows no session ses_1/],
    ['the server of its folder is gone', { 1: '/b' }, /no OpenCode server of kimaki serves \/b now/],
    ['no server serves its folder', { 1: '/c', 2: '/c' }, /no OpenCode server of kimaki serves \/c now/],
  ])('not where %s: a sentence says so', async (_name, known, expected) => {
    const found = await serverOf(servers, 'ses_1', answers(known))
    expect(found instanceof Error ? found.message : '').toMatch(expected)
  })

  test('with the password in no argument', () => {
    const args = attachArguments({ port: 2, password: 'secret-2', directory: '/b' }, 'ses_1')
    expect(args).toEqual(['attach', 'http://127.0.0.1:2', '--session', 'ses_1', '--dir', '/b'])
  })
})
