/** `kimaki sqlitedb`, as the client of libSQL sees it: over HTTP, with each connection in a process of its own. */
import { request } from 'node:http'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { BatchCond, openHttp, type HttpClient } from '@libsql/hrana-client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { UsageError } from '../../src/base/errors.ts'
import { sqlitedb } from '../../src/cli/commands/bot/sqlitedb.ts'
import type { Composed } from '../../src/cli/compose.ts'
import { readConfig, type Config } from '../../src/cli/config.ts'
import { takeControl } from '../../src/cli/control/lock.ts'
import { Kept } from '../../src/cli/loopback/kept.ts'
import { listen } from '../../src/cli/loopback/listener.ts'
import { ConnectionProcess } from '../../src/cli/sqlitedb/connection-process.ts'
import { serveDatabase, type SqlAddress, type SqlServer } from '../../src/cli/sqlitedb/server.ts'
import { Streams, type StreamConnection } from '../../src/cli/sqlitedb/streams.ts'
import type { StorePort } from '../../src/ports/store.ts'
import { createStore } from '../../src/store/store.ts'
import { manualClock } from '../app/support/clock.ts'

const dataDir = mkdtempSync(join(tmpdir(), 'kimaki-sql-'))
const file = join(dataDir, 'discord-sessions.db')
/** As the bot has it open. */
let store: StorePort
let server: SqlServer
let client: HttpClient

beforeAll(async () => {
  const opened = createStore(file)
  if (opened instanceof Error) throw opened
  store = opened
  server = await serve('read')
  client = clientOf(server)
})
afterAll(async () => {
  client.close()
  await server.close()
  await store.close()
  rmSync(dataDir, { recursive: true })
})

/** It never ends. */
const FOREVER = 'WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n'

async function serve(mode: 'read' | 'write'): Promise<SqlServer> {
  const served = await serveDatabase(file, mode)
  if (served instanceof Error) throw served
  return served
}

const clientOf = ({ address }: SqlServer): HttpClient => openHttp(address.url, address.token)
const post = async ({ url, token }: SqlAddress, body: unknown, headers: Record<string, string> = {}) => {
  const response = await fetch(`${url}/v2/pipeline`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
  return { status: response.status, body: (await response.json()) as Record<string, unknown> }
}

test('the client of libSQL reads: arguments, integers of 64 bits, blobs, a batch, a description, an error with its code', async () => {
  const stream = client.openStream()
  stream.intMode = 'bigint'
  const value = await stream.queryValue(['SELECT :n + 1', { n: 9_223_372_036_854_775_806n }])
  expect(value.value).toBe(9_223_372_036_854_775_807n)
  const row = await stream.queryRow(['SELECT ? AS a, ? AS b', [new Uint8Array([0, 255]), null]])
  expect(new Uint8Array(row.row?.['a'] as ArrayBuffer)).toEqual(new Uint8Array([0, 255]))
  const described = await stream.describe('SELECT directory FROM project WHERE channel = ?')
  expect(described).toMatchObject({ isReadonly: true, isExplain: false, columns: [{ name: 'directory', decltype: 'TEXT' }] })
  await stream.sequence('SELECT 1; SELECT 2')
  const batch = stream.batch()
  const first = batch.step()
  const counted = first.query('SELECT count(*) FROM meta')
  const left = batch
    .step()
    .condition(BatchCond.not(BatchCond.ok(first)))
    .query('SELECT 1')
  await batch.execute()
  expect([(await counted)?.rows.length, await left]).toEqual([1, undefined])
  await expect(stream.run('DELETE FROM meta')).rejects.toMatchObject({ code: 'SQLITE_READONLY' })
  stream.close()
})

test('a transaction goes on from one pipeline to the next, and is rolled back with its stream', async () => {
  const writable = await serve('write')
  const writer = clientOf(writable)
  for (const end of ['COMMIT', undefined]) {
    const stream = writer.openStream()
    await stream.run('BEGIN')
    await stream.run(['INSERT INTO meta (key, value) VALUES (?, ?)', [`test-${end}`, 'x']])
    if (end) await stream.run(end)
    // What is asked last ends the stream, and its answer says that it has ended.
    stream.closeGracefully()
  }
  const reader = client.openStream()
  await expect
    .poll(async () => (await reader.query(`SELECT key FROM meta WHERE key LIKE 'test-%'`)).rows.map((row) => row[0]))
    .toEqual(['test-COMMIT'])
  reader.close()
  writer.close()
  await writable.close()
})

test('a stream that reads for long does not keep the bot from writing', async () => {
  const stream = client.openStream()
  await stream.run('BEGIN')
  const before = await stream.queryValue('SELECT count(*) FROM cursor')
  await store.commit({ cursors: [{ channelId: 'c', messageId: '1' }] })
  expect(await stream.queryValue('SELECT count(*) FROM cursor')).toEqual(before)
  await stream.run('COMMIT')
  expect((await stream.queryValue('SELECT count(*) FROM cursor')).value).toBe(1)
  stream.close()
})

describe('nobody without the token, and no page of elsewhere, gets anything', () => {
  const ask = (path: string, headers: Record<string, string>): Promise<number | undefined> =>
    new Promise((resolve, reject) => {
      const call = request(`${server.address.url}${path}`, { headers, agent: false }, (response) => {
        response.resume()
        resolve(response.statusCode)
      })
      call.on('error', reject).end()
    })
  test.each([
    ['/v2', {}, 401],
    ['/', {}, 401],
    ['/v2/pipeline', {}, 401],
    ['/v2', { authorization: 'Bearer x' }, 401],
    ['/v2', { authorization: 'TOKEN' }, 200],
    ['/v3', { authorization: 'TOKEN' }, 404],
    ['/v2', { authorization: 'TOKEN', host: 'evil.example' }, 403],
    ['/v2', { authorization: 'TOKEN', origin: 'https://evil.example' }, 403],
  ] as const)('GET %s %j', async (path, headers, status) => {
    const { authorization, ...others } = headers as { readonly authorization?: string }
    const token = authorization === 'TOKEN' ? `Bearer ${server.address.token}` : authorization
    expect(await ask(path, { ...others, ...(token && { authorization: token }) })).toBe(status)
  })
})

test('a body that is no pipeline is refused with a sentence', async () => {
  for (const body of ['{', '[]', '{"requests":7}'])
    expect(await post(server.address, body)).toMatchObject({ status: 400, body: { code: 'PROTOCOL' } })
})

describe('streams', () => {
  const LIMITS = { streams: 2, idleMs: 1000, lifeMs: 5000, pipelineMs: 3000 }
  const CLOSE = { requests: [{ type: 'close' }] }
  const READ = { requests: [{ type: 'get_autocommit' }] }
  const stays = new AbortController().signal
  /** `log`: what is done to the connections, by number. */
  function begin() {
    const clock = manualClock()
    const log: string[] = []
    let made = 0
    const open = (): StreamConnection => {
      const name = String((made += 1))
      return {
        isGone: false,
        ask: async () => '[]',
        endStream: () => void log.push(`end ${name}`),
        kill: () => void log.push(`kill ${name}`),
      }
    }
    const streams = new Streams(open, clock, LIMITS)
    const ask = async (body: object): Promise<{ readonly baton?: string | null; readonly code?: string }> => {
      const answer = await streams.pipeline(body, stays)
      return typeof answer === 'string' ? (JSON.parse(answer) as { readonly baton: string | null }) : answer
    }
    return { clock, log, ask, streams }
  }

  test('a baton counts once', async () => {
    const { ask } = begin()
    const { baton } = await ask(READ)
    expect((await ask({ ...READ, baton })).code).toBeUndefined()
    expect((await ask({ ...READ, baton })).code).toBe('STREAM_EXPIRED')
    expect((await ask({ ...READ, baton: 'x' })).code).toBe('STREAM_EXPIRED')
  })

  test('one more than there may be is refused, until one is closed; its process serves the next', async () => {
    const { ask, log } = begin()
    const { baton } = await ask(READ)
    await ask(READ)
    expect((await ask(READ)).code).toBe('TOO_MANY_STREAMS')
    expect((await ask({ ...CLOSE, baton })).baton).toBeNull()
    expect((await ask(READ)).baton).toEqual(expect.any(String))
    expect(log).toEqual(['end 1'])
  })

  test('one that nobody goes on with ends, and so does its process', async () => {
    const { ask, log, clock } = begin()
    const { baton } = await ask(READ)
    clock.advance(LIMITS.idleMs)
    expect((await ask({ ...READ, baton })).code).toBe('STREAM_EXPIRED')
    expect(log).toEqual(['end 1'])
    clock.advance(LIMITS.idleMs)
    expect(log).toEqual(['end 1', 'kill 1'])
  })

  test('one that is too old ends with its next pipeline', async () => {
    const { ask, log, clock } = begin()
    let { baton } = await ask(READ)
    for (let at = 0; at <= LIMITS.lifeMs; at += 999) {
      clock.advance(999)
      ;({ baton } = await ask({ ...READ, baton }))
    }
    expect(baton).toBeNull()
    expect(log).toEqual(['end 1'])
  })

  test('with the server all of them end', async () => {
    const { ask, log, streams } = begin()
    await ask(READ)
    await ask(CLOSE)
    streams.close()
    expect(log).toEqual(['end 2', 'kill 1', 'kill 2'])
  })
})

test('a statement that never ends is ended, and with it its process', async () => {
  const clock = manualClock()
  const connections: ConnectionProcess[] = []
  const streams = new Streams(
    () => (connections.push(new ConnectionProcess(file, 'read')), connections[0] as ConnectionProcess),
    clock,
  )
  const asked = streams.pipeline({ requests: [{ type: 'execute', stmt: { sql: FOREVER } }] }, new AbortController().signal)
  clock.advance(10_000)
  expect(await asked).toMatchObject({ code: 'QUERY_TIMEOUT' })
  expect(connections[0]?.isGone).toBe(true)
  streams.close()
})

test('whoever is gone is not answered', async () => {
  const begun = Promise.withResolvers<AbortSignal>()
  const listener = await listen(async (_request, gone) => {
    begun.resolve(gone)
    return new Promise(() => undefined)
  })
  if (listener instanceof Error) throw listener
  const call = request({ host: '127.0.0.1', port: listener.port, agent: false })
  call.on('error', () => undefined).end()
  const gone = await begun.promise
  call.destroy()
  await expect.poll(() => gone.aborted).toBe(true)
  await listener.close()
})

test('the bot begins to serve with the first question, serves all with one address, and ends it with itself', async () => {
  const kept = new Kept()
  const composed = { kept, config: { database: file, dataDir } } as unknown as Composed
  const ask = sqlitedb.routes['POST /sqlitedb']
  const asked = [await ask?.(undefined, { composed } as never), await ask?.(undefined, { composed } as never)]
  const [address] = asked as SqlAddress[]
  expect(asked[1]).toEqual(address)
  expect((await post(address as SqlAddress, {})).status).toBe(400)
  await kept.close()
  await expect(post(address as SqlAddress, {})).rejects.toThrow('fetch failed')
})

describe('kimaki sqlitedb --writable', () => {
  const config = readConfig({}, { KIMAKI_DATA_DIR: dataDir }) as Config
  const run = async (lines: string[]) =>
    sqlitedb.run({ config, args: [], options: { writable: true, json: true }, print: (line) => void lines.push(line) })

  test('serves until a bot starts, and holds the lock till then', async () => {
    const lines: string[] = []
    const ended = run(lines)
    await expect.poll(() => lines).toHaveLength(1)
    expect(await run([])).toBeInstanceOf(UsageError)
    const address = JSON.parse(lines[0] ?? '') as SqlAddress
    expect((await post(address, {})).body).toMatchObject({ code: 'PROTOCOL' })
    const { callControl } = await import('../../src/cli/control/call.ts')
    expect(await callControl({ dataDir, method: 'POST', path: '/stop', timeoutMs: 5000 })).toMatchObject({ status: 200 })
    expect(await ended).toBe(0)
    const lock = await takeControl({ dataDir, port: config.lockPort }, {})
    expect(lock).toHaveProperty('port')
    if (lock && !(lock instanceof Error)) await lock.close()
  })
})
