/** Which project is served where, and for how long: with servers that are only counted. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import type { Link } from '../../src/opencode/session/link.ts'
import { boundOutputs, outputFile } from '../../src/opencode/process/output.ts'
import type { Lease } from '../../src/opencode/pool/lease.ts'
import { createFolders } from '../../src/host/folders.ts'
import { Pool } from '../../src/opencode/pool/pool.ts'
import type { SlotOptions } from '../../src/opencode/pool/slots.ts'
import type { Supervisor } from '../../src/opencode/process/supervisor.ts'
import type { RememberedServer } from '../../src/ports/agent.ts'
import { isAbortError } from '../../src/base/errors.ts'
import { must } from './fixtures/world.ts'
import { createMemory } from './fixtures/memory.ts'
import type { TestMemory } from './fixtures/memory.ts'

const QUIET_MS = 2_000
/** A pid from which on nobody lives. */
const DEAD = 900

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

interface TestPool {
  readonly pool: Pool
  /** What each running server serves, by the pid it got. */
  serving(): Readonly<Record<number, string>>
  /** Sessions that run in a folder. */
  readonly running: Set<string>
  lease(project: string): Promise<Lease>
  call(project: string): Promise<void>
  readonly stopped: AbortController
  /** Folders that are not trusted. */
  readonly untrusted: Set<string>
  /** The kind of each running server that serves a folder. */
  kinds(): Readonly<Record<string, 'bare' | 'full'>>
  /** Calls have been answered and nothing has happened for a while. */
  rest(): Promise<void>
}

function testPool(limit: number, memory: TestMemory = createMemory()): TestPool {
  const slots = new Map<SlotOptions, Link | undefined>()
  const running = new Set<string>()
  const untrusted = new Set<string>()
  let pids = 100

  function supervise(options: SlotOptions): Supervisor<Link> {
    slots.set(options, options.remembered && link(options.remembered.record, options.remembered.directories))
    return {
      async live() {
        const known = slots.get(options)
        if (known) return known
        const record = {
          pid: (pids += 1),
          startTicks: '1',
          port: 1,
          password: 'x',
          ...(options.isBare && { isBare: true as const }),
        }
        await options.remember(record)
        const fresh = link(record, [])
        slots.set(options, fresh)
        return fresh
      },
      current: () => slots.get(options),
      adopted: async () => undefined,
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
      call: async ({ directory }: { readonly directory: string }) => ({
        json: running.has(directory) ? { ses_1: { type: 'busy' } } : {},
        next: undefined,
      }),
    }
    return { server: { record, adopted: false }, http, directories: new Set(directories) } as unknown as Link
  }

  const quiet = () => undefined
  const log = { debug: quiet, info: quiet, warn: quiet, error: quiet }
  const stopped = new AbortController()
  const pool = new Pool({
    log,
    records: memory,
    environment: {},
    dataDir: tmpdir(),
    folders: createFolders(),
    limit,
    trusts: {
      all: () => [...untrusted].map((directory) => ({ directory, isTrusted: false, programs: [] })),
      knows: async () => undefined,
    },
    programs: { opened: () => undefined },
    stopped: stopped.signal,
    isRecordedServer: ({ pid }) => pid < DEAD,
    endLeftRunning: async () => undefined,
    supervise,
  })
  const lease = async (project: string): Promise<Lease> => {
    const acquired = must(await pool.acquire(project))
    must(await acquired.server())
    return acquired
  }
  return {
    pool,
    running,
    stopped,
    untrusted,
    lease,
    call: async (project) => (await lease(project)).release(),
    serving: () =>
      Object.fromEntries(memory.servers.map(({ record, directories }) => [record.pid, directories.toSorted().join(' ')])),
    kinds: () =>
      Object.fromEntries(
        memory.servers.flatMap(({ record, directories }) =>
          directories.map((directory) => [directory, record.isBare ? ('bare' as const) : ('full' as const)]),
        ),
      ),
    rest: async () => void (await vi.advanceTimersByTimeAsync(QUIET_MS)),
  }
}

const left = (pid: number, ...directories: readonly string[]): RememberedServer => ({
  record: { pid, startTicks: '1', port: 1, password: 'x' },
  directories,
  heartbeatAt: Date.now(),
})

test('I1: first messages that come together start one server a project', async () => {
  const { call, serving } = testPool(8)
  await Promise.all(['/a', '/b', '/a', '/a', '/b'].map(call))
  expect(Object.values(serving()).toSorted()).toEqual(['/a', '/b'])
})

test('I1, red control: two pools, as two bots would have, start two servers for one project', async () => {
  const memory = createMemory()
  const [first, second] = [testPool(8, memory), testPool(8, createMemory())]
  await Promise.all([first.call('/a'), second.call('/a')])
  expect([...Object.values(first.serving()), ...Object.values(second.serving())]).toEqual(['/a', '/a'])
})

test('three projects have three servers, or two, or one: as many as the limit says', async () => {
  for (const [limit, expected] of [
    [8, ['/a', '/b', '/c']],
    [2, ['/b', '/c']],
    [1, ['/a /b /c']],
  ] as const) {
    const { call, rest, serving } = testPool(limit)
    for (const project of ['/a', '/b', '/c']) {
      await call(project)
      await rest()
    }
    expect(Object.values(serving())).toEqual(expected)
  }
})

test('I2: a server on which a session runs is not evicted, nor one that is leased', async () => {
  const { call, lease, rest, running, serving } = testPool(2)
  await call('/a')
  running.add('/a')
  await rest()
  const held = await lease('/b')
  await rest()
  await call('/c')
  expect(Object.values(serving()).join(' ').split(' ').toSorted()).toEqual(['/a', '/b', '/c'])
  expect(Object.keys(serving())).toHaveLength(2)
  held.release()
})

test('I2: a server that was called a moment ago counts as busy: its prompt may not show as running yet', async () => {
  const { call, serving } = testPool(2)
  for (const project of ['/a', '/b', '/c']) await call(project)
  expect(Object.values(serving())).toEqual(['/a /c', '/b'])
})

test('I3: projects that are placed at the same time do not open more servers than the limit', async () => {
  const { call, serving } = testPool(2)
  await Promise.all(['/a', '/b', '/c', '/d'].map(call))
  expect(Object.keys(serving())).toHaveLength(2)
  expect(Object.values(serving()).join(' ').split(' ').toSorted()).toEqual(['/a', '/b', '/c', '/d'])
})

test('I1: a project that shares a server stays there, also when another falls idle', async () => {
  const { call, rest, serving } = testPool(2)
  for (const project of ['/a', '/b', '/c']) await call(project)
  await rest()
  await call('/c')
  expect(Object.values(serving())).toEqual(['/a /c', '/b'])
})

test('a project whose slot was evicted is served by the next server', async () => {
  const { call, rest, serving } = testPool(2)
  for (const project of ['/a', '/b', '/c', '/a', '/b']) {
    await call(project)
    await rest()
  }
  expect(Object.values(serving())).toEqual(['/a', '/b'])
})

test('ahead of the first message only free slots are taken or idle servers replaced; nobody is made to share', async () => {
  const { pool, call, serving } = testPool(2)
  await call('/a')
  await pool.warm(['/a', '/b', '/c'])
  expect(Object.values(serving())).toEqual(['/a', '/b'])
  const alone = testPool(1)
  await alone.pool.warm(['/a', '/b', '/c'])
  expect(Object.values(alone.serving())).toEqual(['/a'])
})

test('of the servers started ahead, that of the project used longest ago is evicted first', async () => {
  const { pool, call, rest, serving } = testPool(3)
  await pool.warm(['/newest', '/older', '/oldest'])
  await rest()
  await call('/d')
  expect(Object.values(serving())).toEqual(['/newest', '/older', '/d'])
})

test('I5: the servers of an earlier bot keep their projects, each of them', async () => {
  const { call, serving } = testPool(8, createMemory([left(1, '/a', '/b'), left(2, '/c')]))
  for (const project of ['/b', '/c', '/a']) await call(project)
  expect(serving()).toEqual({ 1: '/a /b', 2: '/c' })
})

test('projects of a server that died with its bot are placed anew, and its record goes', async () => {
  const memory = createMemory([left(DEAD, '/a', '/b', '/c')])
  const { call, serving } = testPool(8, memory)
  for (const project of ['/b', '/a']) await call(project)
  expect(Object.values(serving())).toEqual(['/b', '/a'])
})

test('I5: when the limit is lower than it was, idle servers end at once and busy ones when they are idle', async () => {
  const { call, rest, running, serving } = testPool(1, createMemory([left(1, '/a'), left(2, '/b'), left(3, '/c')]))
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

describe('I8, V27: a folder that is not trusted', () => {
  test('has a server that runs nothing of what projects bring, and shares it with none that are trusted', async () => {
    const { call, kinds, untrusted, serving } = testPool(1)
    untrusted.add('/b')
    for (const project of ['/a', '/b', '/c']) await call(project)
    expect(kinds()).toEqual({ '/a': 'full', '/b': 'bare', '/c': 'full' })
    expect(Object.values(serving()).toSorted()).toEqual(['/a /c', '/b'])
  })

  test('gets another server as soon as the trust is changed, also when the old one works, or an earlier bot left it', async () => {
    const memory = createMemory([left(7, '/a')])
    const { lease, call, kinds, untrusted, serving } = testPool(3, memory)
    untrusted.add('/a')
    await call('/a')
    expect(kinds()).toEqual({ '/a': 'bare' })
    const held = await lease('/a')
    untrusted.clear()
    await call('/a')
    expect(kinds()).toEqual({ '/a': 'full' })
    expect(Object.values(serving())).toEqual(['/a'])
    held.release()
  })

  test('is the same by every name, and so is each of its worktrees, and what lies in it', async () => {
    const folder = realpathSync(mkdtempSync(join(tmpdir(), 'kimaki-pool-')))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const [repository, tree, linked] = ['repository', 'tree', 'link'].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ]
    mkdirSync(join(repository, '.git/worktrees/tree'), { recursive: true })
    writeFileSync(join(repository, '.git/worktrees/tree/commondir'), '../..')
    mkdirSync(tree)
    writeFileSync(join(tree, '.git'), `gitdir: ${join(repository, '.git/worktrees/tree')}`)
    symlinkSync(repository, linked)
    const { call, kinds, untrusted } = testPool(3)
    untrusted.add(linked)
    const inside = join(repository, 'web')
    for (const directory of [repository, tree, inside, `${repository}-2`]) await call(directory)
    expect(kinds()).toEqual({ [repository]: 'bare', [tree]: 'bare', [inside]: 'bare', [`${repository}-2`]: 'full' })
  })
})

test('the heartbeat of the bot is on record every minute', async () => {
  const memory = createMemory([{ ...left(1, '/a'), heartbeatAt: 0 }])
  const { call } = testPool(8, memory)
  await call('/a')
  await vi.advanceTimersByTimeAsync(180_000)
  expect(Date.now() - (memory.servers[0]?.heartbeatAt ?? 0)).toBeLessThan(60_000)
})

test('I4: a project is not served before its record is durable', async () => {
  const memory = createMemory([left(7, '/a')])
  const { pool } = testPool(1, memory)
  const stored = Promise.withResolvers<void>()
  const { write } = memory
  memory.write = async (...facts) => {
    await stored.promise
    await write(...facts)
  }
  const lease = must(await pool.acquire('/b'))
  let isServed = false
  const serving = lease.server().then(() => (isServed = true))
  await vi.advanceTimersByTimeAsync(1_000)
  expect(isServed).toBe(false)
  stored.resolve()
  await serving
  expect(memory.servers[0]?.directories).toEqual(['/a', '/b'])
  lease.release()
})

test('I6: after a stop nothing is placed, and no timer is left', async () => {
  const { pool, call, stopped } = testPool(8)
  await call('/a')
  stopped.abort()
  await pool.stop('leave')
  await expect(pool.acquire('/b')).rejects.toSatisfy(isAbortError)
  // The look at the folder goes on until the disk has answered.
  await expect.poll(() => vi.getTimerCount()).toBe(0)
})

test('operators see who serves whom, and nothing secret', async () => {
  const { pool, call, running } = testPool(8, createMemory([left(7, '/a')]))
  running.add('/a')
  await call('/a')
  expect(await pool.servers()).toEqual([{ directories: ['/a'], pid: 7, port: 1, busy: 1 }])
})

test('the output file of a server is emptied beyond 1 MB, and no other file', () => {
  const dir = mkdtempSync(join(tmpdir(), 'kimaki-output-'))
  const [mine, small, other] = [outputFile(dir, '/p/my project'), outputFile(dir, '/q/my project'), join(dir, 'kimaki.log')]
  writeFileSync(mine, 'x'.repeat(1_000_001))
  writeFileSync(small, 'x')
  writeFileSync(other, 'x'.repeat(1_000_001))
  boundOutputs(dir)
  expect([mine, small, other].map((file) => statSync(file).size)).toEqual([0, 1, 1_000_001])
  rmSync(dir, { recursive: true })
})
