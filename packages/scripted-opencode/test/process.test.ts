/** The program as a process: how it starts, refuses and fails. */
import { request } from 'node:http'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createHome } from './fixtures/server.ts'
import type { Home } from './fixtures/server.ts'

let home: Home
beforeEach(() => {
  home = createHome({})
})
afterEach(() => home.remove())

test('it says where it listens, and is healthy to those who know the password', async () => {
  const server = await home.start()
  const [, url] = /^opencode server listening on (http:\S+)$/m.exec(server.output()) ?? []
  expect(await server.call('GET', '/global/health')).toEqual({ status: 200, json: { healthy: true, version: '1.18.33' } })
  expect((await fetch(`${url}/global/health`)).status).toBe(401)
})

test('V22: a request for what is no address is a 400 and ends nothing', async () => {
  const server = await home.start()
  const [, port] = /listening on http:\S+:(\d+)$/m.exec(server.output()) ?? []
  const status = (path: string): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const asking = request({ host: '127.0.0.1', port, path, agent: false }, ({ statusCode }) => resolve(statusCode))
      asking.on('error', reject).end()
    })
  for (const path of ['//', 'http://', '//[::1']) expect(await status(path)).toBe(400)
  expect(await server.call('GET', '/global/health')).toMatchObject({ status: 200 })
})

test('a path nobody knows is a page, with status 200', async () => {
  const server = await home.start()
  await expect(server.call('GET', '/nowhere')).rejects.toThrow('JSON')
})

test('a taken port, or a broken configuration of the user, ends it with 1 and the reason', async () => {
  const holder = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => holder.once('listening', resolve))
  expect(await home.run((holder.address() as AddressInfo).port)).toEqual({
    code: 1,
    output: expect.stringContaining('ServeError'),
  })
  holder.close()

  writeFileSync(home.configFile, '{ "model": "x')
  const { code, output } = await home.run()
  expect(code).toBe(1)
  expect(output).toMatch(/Config file at \S+opencode\.json is not valid JSON\(C\): \n--- JSONC Input ---/)
  expect(output).toMatch(/^UnexpectedEndOfString at line 1, column 12$/m)
})

test('a broken configuration of a project is the answer of every route about it, until another process reads it', async () => {
  const file = join(home.project, 'opencode.json')
  writeFileSync(file, '{ "agent": 3 }')
  const server = await home.start()
  const issues = [{ path: ['agent'], message: 'Expected object, got 3' }]
  const refusal = { status: 400, json: { name: 'ConfigInvalidError', data: { path: file, issues } } }
  expect(await server.call('POST', '/session', {})).toEqual(refusal)
  writeFileSync(file, '{}')
  expect(await server.call('POST', '/instance/dispose')).toEqual(refusal)
  expect(await server.call('GET', '/session/status')).toEqual(refusal)
  expect((await (await home.start()).call('GET', '/session/status')).status).toBe(200)
})
