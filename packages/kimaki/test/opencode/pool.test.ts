/** Who sits where, and for how long: with servers that are only counted. */
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Link } from '../../src/opencode/session/link.ts'
import { boundOutputs, outputFile } from '../../src/opencode/process/output.ts'
import { createPool } from '../../src/opencode/pool/pool.ts'
import type { Pool, SlotOptions } from '../../src/opencode/pool/pool.ts'
import { done } from '../../src/opencode/wire/result.ts'
import type { Supervisor } from '../../src/opencode/process/supervisor.ts'
import type { RememberedServer } from '../../src/ports/agent.ts'
import { createMemory } from './fixtures/memory.ts'
import type { TestMemory } from './fixtures/memory.ts'

const QUIET_MS = 2_000
/** A pid from which on nobody lives. */
const DEAD = 900

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

interface Hall {
  readonly pool: Pool
  /** What each running server serves, by the pid it got. */
  serving(): Readonly<Record<number, string>>
  /** Sessions that run in a folder. */
  readonly running: Set<string>
  /** A call that lasts until it is let go. */
  hold(project: string): () => void
  call(project: string): Promise<void>
  /** Calls have been answered and nothing has happened for a while. */
  rest(): Promise<void>
}

function hall(limit: number, memory: TestMemory = createMemory()): Hall {
  const slots = new Map<SlotOptions, Link | undefined>()
  const running = new Set<string>()
  let pids = 100

  function supervise(options: SlotOptions): Supervisor<Link> {
    slots.set(options, options.remembered && link(options.remembered.record, options.remembered.directories))
    return {
      async live() {
        const known = slots.get(options)
        if (known) return done(known)
        const record = { pid: (pids += 1), startTicks: '1', port: 1, password: 'x' }
        await options.remember(record)
        const fresh = link(record, [])
        slots.set(options, fresh)
        return done(fresh)
      },
      current: () => slots.get(options),
      settled: async () => undefined,
      restart: async () => void slots.set(options, undefined),
      async retire() {
        slots.delete(options)
        await options.forget()
      },
      stop: async () => void slots.delete(options),
    }
  }

  function link(record: RememberedServer['record'], directories: readonly string[]): Link {
    const http = {
      call: async ({ directory }: { readonly directory: string }) =>
        done({ json: running.has(directory) ? { ses_1: { type: 'busy' } } : {}, next: undefined }),
    }
    return { server: { record, adopted: false }, http, directories: new Set(directories) } as unknown as Link
  }

  const quiet = () => undefined
  const log = { debug: quiet, info: quiet, warn: quiet, error: quiet }
  const pool = createPool({
    log,
    memory,
    environment: {},
    dataDir: tmpdir(),
    limit,
    stopped: new AbortController().signal,
    isOurs: ({ pid }) => pid < DEAD,
    supervise,
  })
  const call = async (project: string): Promise<void> => {
    expect(await pool.use(project, async (seat) => seat.live())).toMatchObject({ ok: true })
  }
  return {
    pool,
    running,
    call,
    serving: () =>
      Object.fromEntries(memory.servers.map(({ record, directories }) => [record.pid, directories.toSorted().join(' ')])),
    hold(project) {
      const over = Promise.withResolvers<void>()
      void pool.use(project, async (seat) => {
        const live = await seat.live()
        await over.promise
        return live
      })
      return over.resolve
    },
    rest: async () => void (await vi.advanceTimersByTimeAsync(QUIET_MS)),
  }
}

const left = (pid: number, ...directories: readonly string[]): RememberedServer => ({
  record: { pid, startTicks: '1', port: 1, password: 'x' },
  directories,
  seen: Date.now(),
})

test('first messages that come together start one server a project', async () => {
  const { call, serving } = hall(8)
  await Promise.all(['/a', '/b', '/a', '/a', '/b'].map(call))
  expect(Object.values(serving())).toEqual(['/a', '/b'])
})

test('red control: two pools, as two bots would have, start two servers for one project', async () => {
  const memory = createMemory()
  const [first, second] = [hall(8, memory), hall(8, createMemory())]
  await Promise.all([first.call('/a'), second.call('/a')])
  expect([...Object.values(first.serving()), ...Object.values(second.serving())]).toEqual(['/a', '/a'])
})

test('three projects have three servers, or two, or one: as many as the limit says', async () => {
  for (const [limit, expected] of [
    [8, ['/a', '/b', '/c']],
    [2, ['/b', '/c']],
    [1, ['/a /b /c']],
  ] as const) {
    const { call, rest, serving } = hall(limit)
    for (const project of ['/a', '/b', '/c']) {
      await call(project)
      await rest()
    }
    expect(Object.values(serving())).toEqual(expected)
  }
})

test('a server on which a session runs keeps its slot, and so does one that is being called', async () => {
  const { call, hold, rest, running, serving } = hall(2)
  await call('/a')
  running.add('/a')
  await rest()
  const release = hold('/b')
  await rest()
  await call('/c')
  expect(Object.values(serving()).join(' ').split(' ').toSorted()).toEqual(['/a', '/b', '/c'])
  expect(Object.keys(serving())).toHaveLength(2)
  release()
})

test('one that was called a moment ago counts as busy: its prompt may not show as running yet', async () => {
  const { call, serving } = hall(2)
  for (const project of ['/a', '/b', '/c']) await call(project)
  expect(Object.values(serving())).toEqual(['/a /c', '/b'])
})

test('a project that shares a server stays there, also when another falls idle', async () => {
  const { call, rest, serving } = hall(2)
  for (const project of ['/a', '/b', '/c']) await call(project)
  await rest()
  await call('/c')
  expect(Object.values(serving())).toEqual(['/a /c', '/b'])
})

test('who gave up its slot is served by the next server', async () => {
  const { call, rest, serving } = hall(2)
  for (const project of ['/a', '/b', '/c', '/a', '/b']) {
    await call(project)
    await rest()
  }
  expect(Object.values(serving())).toEqual(['/a', '/b'])
})

test('ahead of the first message only free slots are taken or idle servers replaced; nobody is made to share', async () => {
  const { pool, call, serving } = hall(2)
  await call('/a')
  await pool.warm(['/a', '/b', '/c'])
  expect(Object.values(serving())).toEqual(['/a', '/b'])
  const alone = hall(1)
  await alone.pool.warm(['/a', '/b', '/c'])
  expect(Object.values(alone.serving())).toEqual(['/a'])
})

test('of the servers started ahead, that of the project used longest ago gives up its slot first', async () => {
  const { pool, call, rest, serving } = hall(3)
  await pool.warm(['/newest', '/older', '/oldest'])
  await rest()
  await call('/d')
  expect(Object.values(serving())).toEqual(['/newest', '/older', '/d'])
})

test('the servers of an earlier bot keep their projects, each of them', async () => {
  const { call, serving } = hall(8, createMemory([left(1, '/a', '/b'), left(2, '/c')]))
  for (const project of ['/b', '/c', '/a']) await call(project)
  expect(serving()).toEqual({ 1: '/a /b', 2: '/c' })
})

test('projects of a server that died with its bot are seated anew, and its record goes', async () => {
  const memory = createMemory([left(DEAD, '/a', '/b', '/c')])
  const { call, serving } = hall(8, memory)
  for (const project of ['/b', '/a']) await call(project)
  expect(Object.values(serving())).toEqual(['/b', '/a'])
})

test('when the limit is lower than it was, idle servers end at once and busy ones when they are idle', async () => {
  const { call, rest, running, serving } = hall(1, createMemory([left(1, '/a'), left(2, '/b'), left(3, '/c')]))
  running.add('/a').add('/c')
  await call('/c')
  await rest()
  expect(serving()).toEqual({ 1: '/a', 3: '/c' })
  await call('/a')
  expect(serving()).toEqual({ 1: '/a', 3: '/c' })
  running.clear()
  await vi.advanceTimersByTimeAsync(60_000)
  expect(Object.keys(serving())).toHaveLength(1)
})

test('that the bot is there is on record every minute', async () => {
  const memory = createMemory([{ ...left(1, '/a'), seen: 0 }])
  const { call } = hall(8, memory)
  await call('/a')
  await vi.advanceTimersByTimeAsync(180_000)
  expect(Date.now() - (memory.servers[0]?.seen ?? 0)).toBeLessThan(60_000)
})

test('operators see who serves whom, and nothing secret', async () => {
  const { pool, call, running } = hall(8, createMemory([left(7, '/a')]))
  running.add('/a')
  await call('/a')
  expect(await pool.servers()).toEqual([{ directories: ['/a'], pid: 7, port: 1, busy: 1 }])
})

test('what a server prints is emptied beyond 1 MB, of no other file', () => {
  const dir = mkdtempSync(join(tmpdir(), 'kimaki-output-'))
  const [mine, small, other] = [outputFile(dir, '/p/my project'), outputFile(dir, '/q/my project'), join(dir, 'kimaki.log')]
  writeFileSync(mine, 'x'.repeat(1_000_001))
  writeFileSync(small, 'x')
  writeFileSync(other, 'x'.repeat(1_000_001))
  boundOutputs(dir)
  expect([mine, small, other].map((file) => statSync(file).size)).toEqual([0, 1, 1_000_001])
  rmSync(dir, { recursive: true })
})
