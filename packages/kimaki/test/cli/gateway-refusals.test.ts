/** `kimaki --gateway` where nothing good answers, or where it is called wrongly: one sentence, one event, 64, in time. */
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { hashOf } from 'kimaki-protocol'
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest'
import { readSaved } from '../../src/cli/saved/credentials.ts'
import { freePort } from '../support/bot-process.ts'
import { COMPILE_CACHE } from '../support/programs.ts'
import { runCli, type Ended } from '../support/run-cli.ts'

let dir: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'kimaki-refused-'))
})
afterEach(() => rmSync(dir, { recursive: true }))

const kimaki = async (
  website: string,
  args: readonly string[] = [],
  more: Readonly<Record<string, string>> = {},
): Promise<Ended> =>
  runCli(
    { PATH: process.env['PATH'] ?? '', HOME: dir, NODE_COMPILE_CACHE: COMPILE_CACHE, KIMAKI_WEBSITE_URL: website, ...more },
    ['--gateway', '--data-dir', join(dir, 'data'), ...args],
  )

/** One sentence on stderr, the same as the one event on stdout. */
function refusal({ code, stdout, stderr }: Ended): string {
  expect(code).toBe(64)
  const [, json = '{}'] = /^data: (\{.*\})\n\n$/.exec(stdout) ?? []
  const event = JSON.parse(json) as { readonly type: string; readonly message: string }
  expect(event.type).toBe('error')
  expect(stderr).toBe(`kimaki: ${event.message}\n`)
  return event.message
}

async function server(answer: RequestListener): Promise<string> {
  const server = createServer(answer).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

test('nobody is there', async () => {
  const address = `http://127.0.0.1:${await freePort()}`
  expect(refusal(await kimaki(address))).toBe(`The gateway ${address} cannot be reached (ECONNREFUSED).`)
})

test('somebody takes the call and says nothing: it ends within 10 s', async () => {
  const address = await server(() => undefined)
  const startedAt = performance.now()
  expect(refusal(await kimaki(address))).toContain('cannot be reached (no answer within 6 s)')
  expect(performance.now() - startedAt).toBeLessThan(10_000)
})

test('what answers is no gateway of ours: a page, another version, a redirect; the secret is told to none of them', async () => {
  const heard: string[] = []
  const answers = [
    { status: 200, headers: {}, body: '<html>' },
    { status: 404, headers: {}, body: 'no' },
    { status: 200, headers: {}, body: '{"protocol":2}' },
    { status: 302, headers: { location: 'http://127.0.0.1:1/' }, body: '' },
  ]
  const address = await server((request, response) => {
    let said = JSON.stringify(request.headers)
    request.on('data', (chunk: Buffer) => (said += chunk.toString()))
    request.on('end', () => {
      heard.push(said)
      const { status, headers, body } = answers[heard.length - 1] ?? { status: 500, headers: {}, body: '' }
      response.writeHead(status, headers).end(body)
    })
  })
  for (const _ of answers) expect(refusal(await kimaki(address))).toContain('does not speak the protocol of this kimaki')
  const saved = readSaved(join(dir, 'data'))
  const { secret = '', clientId = '' } = (saved instanceof Error ? undefined : saved.gateway) ?? {}
  expect(heard).toHaveLength(answers.length)
  expect(heard.every((text) => text.includes(clientId) && text.includes(hashOf(secret)) && !text.includes(secret))).toBe(true)
})

test('a gateway that refuses is quoted', async () => {
  const address = await server((_request, response) => {
    response.writeHead(429, { 'content-type': 'application/json' }).end('{"code":900007,"message":"This client asks too often."}')
  })
  expect(refusal(await kimaki(address))).toBe(`The gateway ${address}: This client asks too often.`)
})

test.each([
  [['--gateway-callback-url', 'http://your-platform.com/done'], {}, '--gateway-callback-url must begin with https://'],
  [[], { KIMAKI_BOT_TOKEN: 'x'.repeat(70) }, 'KIMAKI_BOT_TOKEN is the token of a bot of your own'],
  [['--restart-onboarding'], { KIMAKI_BOT_TOKEN: 'x'.repeat(70) }, 'KIMAKI_BOT_TOKEN is set, and wins'],
])('with %j and %j nothing is asked of anybody', async (args, env, words) => {
  expect(refusal(await kimaki('http://127.0.0.1:1', args, env))).toContain(words)
  expect(existsSync(join(dir, 'data', 'credentials.json'))).toBe(false)
})

test('without --gateway no gateway is spoken to, though one is named, and its options are refused', async () => {
  let calls = 0
  const address = await server((_request, response) => {
    calls += 1
    response.end()
  })
  const env = { PATH: process.env['PATH'] ?? '', HOME: dir, NODE_COMPILE_CACHE: COMPILE_CACHE, KIMAKI_WEBSITE_URL: address }
  const refused = await runCli(env, ['--data-dir', join(dir, 'data'), '--gateway-callback-url', 'https://a.example'])
  expect(refusal(refused)).toContain('is of use with --gateway alone')
  const plain = await runCli({ ...env, KIMAKI_NO_WRAPPER: '1' }, ['--data-dir', join(dir, 'data')])
  expect(refusal(plain)).toContain('KIMAKI_BOT_TOKEN is not set')
  expect(calls).toBe(0)
})
