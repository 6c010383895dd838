/** Somebody else listens where OpenCode should, or what listens is no OpenCode that may be used. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SCRIPTED_OPENCODE } from 'scripted-opencode'
import { openCodeTestEnvironment } from '../../../scripted-model/src/index.ts'
import { describe, expect, onTestFinished, test } from 'vitest'
import { AgentUnavailable } from '../../src/base/errors.ts'
import { createFolders } from '../../src/host/folders.ts'
import { MARK } from '../../src/opencode/process/left-running.ts'
import { createAgent } from '../../src/opencode/agent.ts'
import { adoptServer } from '../../src/opencode/process/adopt.ts'
import { OLDEST, refusedVersion } from '../../src/opencode/process/version.ts'
import { announces, listeningSockets, ownsPort } from '../../src/opencode/process/listening.ts'
import { identify } from '../../src/opencode/process/process.ts'
import { HttpClient } from '../../src/opencode/wire/http.ts'
import { pidIn, signalTo } from '../support/pids.ts'
import { createMemory } from './fixtures/memory.ts'
import { isAlive, until } from './fixtures/world.ts'

const NEVER = new AbortController().signal
const quiet = () => undefined
const warnings: string[] = []
const log = { debug: quiet, info: quiet, warn: (line: string) => void warnings.push(line), error: quiet }

function folder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'kimaki-thief-'))
  onTestFinished(() => rmSync(dir, { recursive: true, force: true, maxRetries: 5 }))
  mkdirSync(join(dir, 'project'))
  return dir
}

function program(path: string, text: string): string {
  writeFileSync(path, text)
  chmodSync(path, 0o755)
  return path
}

/** Listens, answers everything as OpenCode's health does, and keeps what it was told. */
async function thief() {
  let told = ''
  let connections = 0
  const body = '{"healthy":true,"version":"1.18.33"}'
  const server = createServer((socket) => {
    connections += 1
    socket.on('error', quiet)
    socket.on('data', (bytes) => {
      told += bytes.toString('latin1')
      socket.write(`HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`)
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  return { port: (server.address() as AddressInfo).port, told: () => told, connections: () => connections }
}

/** An agent whose OpenCode is this program. */
function agentOf(dir: string, binary: string) {
  const memory = createMemory()
  const agent = createAgent({
    log,
    memory,
    environment: openCodeTestEnvironment(dir),
    dataDir: join(dir, 'kimaki'),
    folders: createFolders(),
    servers: 1,
    binary,
  })
  onTestFinished(() => agent.stop('end'))
  return { memory, open: () => agent.openSession(join(dir, 'project'), 'mark', false) }
}

/** A program that plays a server: `answer` gets `(request, response, asked)`, JavaScript. */
function fakeServer(dir: string, answer: string): string {
  return program(
    join(dir, 'opencode'),
    `#!${process.execPath}
const { appendFileSync } = require('node:fs')
const port = Number(process.argv[process.argv.indexOf('--port') + 1])
require('node:http').createServer((request, response) => {
  const { authorization } = request.headers
  appendFileSync(${JSON.stringify(join(dir, 'heard'))}, String(authorization) + '\\n')
  response.setHeader('content-type', 'application/json')
  ${answer}
}).listen(port, '127.0.0.1', () => console.log('opencode server listening on http://127.0.0.1:' + port))
`,
  )
}

describe('V23: the port of OpenCode is taken first', () => {
  test('by another program while OpenCode starts: that program hears nothing, and OpenCode works on another port', async () => {
    const dir = folder()
    const [told, pid, port] = ['told', 'pid', 'port'].map((name) => join(dir, name)) as [string, string, string]
    const steals = program(
      join(dir, 'thief.cjs'),
      `#!${process.execPath}
const { appendFileSync, writeFileSync } = require('node:fs')
require('node:http').createServer((request, response) => {
  appendFileSync(${JSON.stringify(told)}, JSON.stringify(request.headers))
  response.setHeader('content-type', 'application/json')
  response.end('{"healthy":true,"version":"1.18.33"}')
}).listen(Number(process.argv[2]), '127.0.0.1', () => {
  writeFileSync(${JSON.stringify(port)}, process.argv[2])
  writeFileSync(${JSON.stringify(pid)}, process.pid + '\\n')
})
`,
    )
    // At its first start somebody is faster: another user's program, which is no child of the server and inherits nothing.
    const binary = program(
      join(dir, 'opencode'),
      `#!/bin/sh
if [ ! -e ${pid} ]; then
  (env -u ${MARK} setsid ${steals} "$5" >/dev/null 2>&1 </dev/null &)
  until [ -e ${pid} ]; do sleep 0.02; done
fi
SCRIPTED_OPENCODE_NODE=${process.execPath} exec ${SCRIPTED_OPENCODE} "$@"
`,
    )
    onTestFinished(() => void signalTo(pidIn(pid) ?? 0, 'SIGKILL'))
    const { memory, open } = agentOf(dir, binary)
    expect(await open()).toMatchObject({ session: expect.stringMatching(/^ses_/) })
    expect(existsSync(told)).toBe(false)
    expect(isAlive(pidIn(pid) ?? 0)).toBe(true)
    expect(memory.record?.port).not.toBe(Number(readFileSync(port, 'utf8')))
  })

  test('a recorded process that lives and never listened is not looked for at a stranger: she hears nothing', async () => {
    const { port, told, connections } = await thief()
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)', '--', '--port', String(port)], { detached: true })
    onTestFinished(() => void child.kill('SIGKILL'))
    const pid = child.pid ?? 0
    const { startTicks } = await until('the process', () => identify(pid))
    const remembered = { record: { pid, startTicks, port, password: 'secret' }, directories: [tmpdir()], heartbeatAt: Date.now() }
    expect(await adoptServer(remembered, { log, stopped: NEVER }, 200)).toBeUndefined()
    expect([told(), connections(), isAlive(pid)]).toEqual(['', 0, false])
  })

  test.each([
    ['P1: nobody has proven who listens', { isProven: () => false, isAlive: () => true }, 0],
    ['P2: the server died, and its port was taken at once', { isProven: () => true, isAlive: () => false }, 1],
  ])('%s: no byte goes out', async (_name, listener, connected) => {
    const { port, told, connections } = await thief()
    const http = new HttpClient({ port, password: 'secret' }, NEVER, listener)
    onTestFinished(() => http.close())
    expect(await http.call({ method: 'GET', path: '/session' })).toBeInstanceOf(AgentUnavailable)
    expect(await http.stream('/global/event', NEVER, 2_000)).toBeInstanceOf(Error)
    await until('the connections', () => connections() === 2 * connected)
    expect(told()).toBe('')
  })

  test('without that proof the password goes out (red control)', async () => {
    const { port, told } = await thief()
    const http = new HttpClient({ port, password: 'secret' }, NEVER)
    onTestFinished(() => http.close())
    await http.call({ method: 'GET', path: '/session' })
    expect(told()).toContain(Buffer.from('opencode:secret').toString('base64'))
  })

  test.each([
    ['opencode server listening on http://127.0.0.1:4096\n', true],
    ['Warning: x\nopencode server listening on http://127.0.0.1:4096', true],
    ['opencode server listening on http://127.0.0.1:40961\n', false],
    ['opencode server listening on http://127.0.0.1:4097\n', false],
    ['> opencode server listening on http://127.0.0.1:4096\n', false],
    ['', false],
  ])('the output %j announces port 4096: %s', (output, is) => expect(announces(output, 4096)).toBe(is))

  test('only a socket that listens on this port of 127.0.0.1 counts', () => {
    const line = (local: string, state: string, inode: number) =>
      `   0: ${local} 00000000:0000 ${state} 00000000:00000000 00:00000000 00000000  1000        0 ${inode} 1 0000 100 0 0 10 0`
    const table = [
      '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode',
      line('0100007F:1000', '0A', 11),
      line('00000000:1000', '0A', 12),
      line('0100007F:1000', '01', 13),
      line('0100007F:1001', '0A', 14),
    ].join('\n')
    expect(listeningSockets(table, 4096)).toEqual(['11'])
  })

  test('the system tells whose port it is', async () => {
    const { port } = await thief()
    expect([ownsPort(process.pid, port), ownsPort(process.ppid, port), ownsPort(process.pid, port + 1)]).toEqual([
      true,
      false,
      false,
    ])
  })
})

describe('V34: a server that must not be used', () => {
  test('one that answers without its password is refused, and does not hear it', async () => {
    const dir = folder()
    const binary = fakeServer(dir, `response.end('{"healthy":true,"version":"1.18.33"}')`)
    const { memory, open } = agentOf(dir, binary)
    expect(await open()).toMatchObject({ reason: expect.stringContaining('answers without its password') })
    expect(readFileSync(join(dir, 'heard'), 'utf8')).toBe('undefined\n')
    expect(isAlive(memory.record?.pid ?? 0)).toBe(false)
  })

  test('one that is older than the pinned minor is refused with both versions', async () => {
    const dir = folder()
    const ask = `if (!authorization) return response.writeHead(401).end()`
    const { open } = agentOf(dir, fakeServer(dir, `${ask}; response.end('{"healthy":true,"version":"1.17.99"}')`))
    expect(await open()).toMatchObject({
      reason: `OpenCode is not used: its version is 1.17.99, and Kimaki needs ${OLDEST.join('.')} or newer. Update the program that OPENCODE_PATH names, or unset OPENCODE_PATH`,
    })
  })

  test('the oldest version is the minor that is installed with Kimaki', () => {
    const { dependencies } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
      readonly dependencies: Readonly<Record<string, string>>
    }
    expect(dependencies['opencode-ai']).toMatch(new RegExp(`^${OLDEST.join('\\.')}\\.\\d+$`))
  })

  test.each(['1.18.0', '1.18.33', '1.19.0-beta.1', 'v1.18.4'])('%s may be used', (version) =>
    expect(refusedVersion(version)).toBeUndefined(),
  )

  test.each(['1.17.99', '1.0.216', '0.99.0', '0.0.0-dev-202601010000', 'local', '', undefined, '2.0.0', 'v2.1.4'])(
    '%s may not',
    (version) => expect(refusedVersion(version)).toBeInstanceOf(AgentUnavailable),
  )
})
