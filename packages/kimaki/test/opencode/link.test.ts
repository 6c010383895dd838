/** A server that lives but answers no more. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { backoffMs } from '../../src/base/backoff.ts'
import { Secrets } from '../../src/base/redact.ts'
import { openLink } from '../../src/opencode/session/link.ts'
import type { LiveServer } from '../../src/opencode/process/server.ts'
import { RESTART } from '../../src/opencode/process/restart-limiter.ts'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

test('without an event stream for one to two minutes the server is ended', async () => {
  const end = vi.fn<() => Promise<void>>(async () => undefined)
  const stream = vi.fn(async () => new Error('no answer'))
  const call = vi.fn(async () => ({ json: { healthy: true } }))
  const server = {
    record: { pid: 1 },
    gone: new AbortController().signal,
    check: () => undefined,
    end,
    http: { stream, call },
  } as unknown as LiveServer
  const quiet = () => undefined
  const link = openLink(server, {
    log: { debug: quiet, info: quiet, warn: quiet, error: quiet },
    secrets: new Secrets(),
    onEvent: quiet,
    onConnected: quiet,
    onSilence: quiet,
    directories: [],
  })
  await vi.advanceTimersByTimeAsync(30_000)
  expect(end).not.toHaveBeenCalled()
  await vi.advanceTimersByTimeAsync(60_000)
  expect(end).toHaveBeenCalled()
  await link.stream.close()
  link.silence.stop()
  const asked = [stream.mock.calls.length, call.mock.calls.length]
  await vi.advanceTimersByTimeAsync(300_000)
  expect([stream.mock.calls.length, call.mock.calls.length], 'closed, it asks for nothing any more').toEqual(asked)
})

test('starts are tried after 1 s, then ever later, at most 30 s', () => {
  expect([1, 2, 3, 5, 6, 100].map((failures) => backoffMs(RESTART, failures))).toEqual([
    1_000, 2_000, 4_000, 16_000, 30_000, 30_000,
  ])
})
