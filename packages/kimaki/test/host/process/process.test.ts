/** What the process of the bot does beside its work: snapshots of its heap, reports of errors, a Mac kept awake. */
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { Capacity, UNKNOWN } from '../../../src/app/conversation/capacity.ts'
import { Secrets } from '../../../src/base/redact.ts'
import { COOL_DOWN_MS, HeapSnapshots, SNAPSHOTS_KEPT } from '../../../src/host/process/heap-snapshots.ts'
import { createKeepAwake } from '../../../src/host/process/keep-awake.ts'
import { createSentry, reporting } from '../../../src/host/process/sentry.ts'
import type { Log } from '../../../src/ports/host.ts'

function logInto(lines: string[]): Log {
  const write = (line: string, facts?: object): void => void lines.push(`${line} ${JSON.stringify(facts ?? {})}`)
  return { debug: write, info: write, warn: write, error: write }
}

describe('heap snapshots', () => {
  const MB = 2 ** 20

  function snapshots(heap = { used: 90 * MB, limit: 100 * MB }) {
    const dataDir = mkdtempSync(join(tmpdir(), 'kimaki-heap-'))
    onTestFinished(() => rmSync(dataDir, { recursive: true }))
    const folder = join(dataDir, 'heap-snapshots')
    const lines: string[] = []
    let now = Date.now()
    const write = (file: string): void => {
      expect(statSync(file).mode & 0o777).toBe(0o600)
      writeFileSync(file, 'all that the bot knows')
      utimesSync(file, now / 1000, now / 1000)
    }
    return {
      taken: new HeapSnapshots({ dataDir, log: logInto(lines), now: () => now, heap: () => heap, write }),
      files: () => (existsSync(folder) ? readdirSync(folder).toSorted() : []),
      pass: (ms: number) => void (now += ms),
      lines,
      folder,
    }
  }

  test('are for the user alone, at most one in five minutes, and the newest three are kept, whatever else lies there', () => {
    const { taken, files, pass, lines, folder } = snapshots()
    for (let count = 0; count < SNAPSHOTS_KEPT + 2; count += 1) {
      taken.take()
      taken.take()
      pass(COOL_DOWN_MS)
    }
    expect(files()).toHaveLength(SNAPSHOTS_KEPT)
    expect(statSync(folder).mode & 0o777).toBe(0o700)
    expect(lines.filter((line) => line.includes('younger than 5 minutes'))).toHaveLength(SNAPSHOTS_KEPT + 2)
    writeFileSync(join(folder, 'mine.txt'), '')
    taken.take()
    expect(files()).toContain('mine.txt')
  })

  test.each([
    [84, 0],
    [85, 1],
  ])('at %i %% of the heap: %i', (used, count) => {
    const { taken, files } = snapshots({ used: used * MB, limit: 100 * MB })
    taken.look()
    taken.look()
    expect(files()).toHaveLength(count)
  })

  test('a folder that cannot be made is told, and nothing else happens', () => {
    const lines: string[] = []
    const taken = new HeapSnapshots({ dataDir: import.meta.filename, log: logInto(lines), write: () => undefined })
    taken.take()
    expect(lines.join()).toContain('could not be written')
  })
})

describe('reports to Sentry', () => {
  const DSN = 'https://abc123@errors.example/sub/42'
  const SECRET = 'a-very-secret-token-of-a-bot'

  function sentry(answer: () => Promise<Response> = async () => new Response('{}')) {
    const posts: { readonly url: string; readonly headers: Readonly<Record<string, string>>; readonly body: string }[] = []
    let now = Date.parse('2026-01-01T00:00:00Z')
    const report = createSentry({
      dsn: DSN,
      release: '1.2.3',
      secrets: new Secrets([SECRET]),
      now: () => now,
      newId: () => 'f'.repeat(32),
      post: async (url, { headers, body }) => {
        posts.push({ url, headers, body })
        return answer()
      },
    })
    if (!report) throw new Error('no DSN')
    return { report, posts, pass: (ms: number) => void (now += ms) }
  }

  test('are one envelope each: its id, what its item is and how long, and the item, without secrets', () => {
    const { report, posts } = sentry()
    report('an ünusual fault', { error: `TypeError: no ${SECRET}\n    at file.ts:1`, conversation: '7', token: SECRET })
    const [post] = posts
    expect(post?.url).toBe('https://errors.example/sub/api/42/envelope/')
    expect(post?.headers).toMatchObject({ 'x-sentry-auth': expect.stringContaining('sentry_key=abc123') as string })
    const { body = '' } = post ?? {}
    expect(body).not.toContain(SECRET)
    const [header = '', kind = '', item = '', rest] = body.split('\n')
    expect(rest).toBe('')
    expect(JSON.parse(header)).toEqual({ event_id: 'f'.repeat(32), sent_at: '2026-01-01T00:00:00.000Z' })
    expect(JSON.parse(kind)).toEqual({ type: 'event', length: Buffer.byteLength(item) })
    expect(JSON.parse(item)).toMatchObject({
      event_id: 'f'.repeat(32),
      timestamp: Date.parse('2026-01-01T00:00:00Z') / 1000,
      level: 'error',
      platform: 'node',
      release: 'kimaki@1.2.3',
      message: { formatted: 'an ünusual fault' },
      exception: { values: [{ type: 'TypeError' }] },
      extra: { conversation: '7' },
    })
  })

  test('are at most ten within a minute', () => {
    const { report, posts, pass } = sentry()
    for (let count = 0; count < 30; count += 1) report(`fault ${count}`)
    expect(posts).toHaveLength(10)
    pass(60_000)
    report('later')
    expect(posts).toHaveLength(11)
  })

  test('change nothing of the log, whether Sentry answers, refuses, or the report itself fails', async () => {
    const lines: string[] = []
    const { report, posts } = sentry(async () => Promise.reject(new Error('no network')))
    const log = reporting({ ...logInto(lines), error: (line) => void lines.push(line) }, report)
    log.error('first', { conversation: '7' })
    log.warn('a warning is no error')
    log.error('a fact that is no JSON', { size: 1n })
    await new Promise(setImmediate)
    expect(lines).toEqual(['first', 'a warning is no error {}', 'a fact that is no JSON'])
    expect(posts).toHaveLength(1)
  })

  test.each(['', 'errors.example', 'https://errors.example/42', 'https://key@errors.example/', 'ftp://key@errors.example/42'])(
    'are not made with the DSN "%s"',
    (dsn) => {
      expect(createSentry({ dsn, release: '1', secrets: new Secrets() })).toBeUndefined()
    },
  )
})

describe('a Mac', () => {
  function awake(platform: NodeJS.Platform) {
    const calls: string[] = []
    const keep = createKeepAwake({
      platform,
      pid: 77,
      start(program, args) {
        calls.push([program, ...args].join(' '))
        return { kill: () => void calls.push('end') }
      },
    })
    return { capacity: new Capacity(9, () => undefined, keep), calls }
  }
  const works = { works: true, waits: undefined }

  test('is kept awake from the first agent that works to the last, and no longer than the bot lives', () => {
    const { capacity, calls } = awake('darwin')
    capacity.expect('1')
    capacity.update('2', works)
    capacity.update('1', UNKNOWN)
    expect(calls).toEqual(['caffeinate -i -w 77'])
    capacity.update('2', UNKNOWN)
    capacity.update('2', UNKNOWN)
    capacity.update('3', works)
    expect(calls).toEqual(['caffeinate -i -w 77', 'end', 'caffeinate -i -w 77'])
  })

  test('alone needs it', () => {
    const { capacity, calls } = awake('linux')
    capacity.update('1', works)
    expect(calls).toEqual([])
  })
})
