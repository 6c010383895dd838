/** When a prompt is posted, and how often: every outcome of a POST, on a clock of our own. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Call } from '../../src/opencode/wire/http.ts'
import type { Link } from '../../src/opencode/session/link.ts'
import { sendPrompt } from '../../src/opencode/session/prompts.ts'
import { done, failed, unavailable } from '../../src/opencode/wire/result.ts'
import type { AgentFailureReason } from '../../src/ports/agent.ts'

beforeEach(() => vi.useFakeTimers({ now: 1_000_000 }))
afterEach(() => vi.useRealTimers())

const EMPTY = done({ json: undefined, next: undefined })
const RESET = unavailable('socket hang up')

interface Behaviour {
  /** What the session holds before. */
  readonly stored?: number
  /** Of the n-th POST: stored or not, and the answer. */
  readonly posts?: readonly {
    readonly stores: boolean
    readonly answer: 'ok' | 'reset' | AgentFailureReason
    readonly announces?: boolean
    /** The session tells an error. */
    readonly fails?: boolean
  }[]
  readonly flowing?: boolean
  /** The session works: nothing can be taken out of it. */
  readonly works?: boolean
}

function setUp({ stored, posts = [], flowing = true, works = false }: Behaviour) {
  const calls: string[] = []
  const stopped = new AbortController()
  let message = stored
  let watcher: (created: number) => void = () => undefined
  let fail: () => void = () => undefined
  let posted = 0

  async function call({ method }: Call) {
    calls.push(`${method} ${Date.now() - 1_000_000}`)
    if (method === 'GET') {
      const info = { id: 'msg_1', role: 'user', time: { created: message } }
      return message === undefined
        ? failed({ kind: 'refused', status: 404, message: 'Message not found: msg_1' })
        : done({ json: { info, parts: [{ id: 'prt_1' }] }, next: undefined })
    }
    if (method === 'DELETE') {
      if (works) return failed({ kind: 'refused', status: 409, message: 'busy' })
      message = undefined
      return EMPTY
    }
    const {
      stores,
      answer,
      announces = stores,
      fails = false,
    } = posts[posted] ?? { stores: true, answer: 'ok' as const, fails: false }
    posted += 1
    if (stores) message = Date.now()
    if (announces) watcher(Date.now())
    if (fails) fail()
    if (answer === 'ok') return EMPTY
    return answer === 'reset' ? RESET : failed(answer)
  }

  const link = {
    http: { call },
    server: { gone: new AbortController().signal },
    mended: new Set(['ses_1']),
    trusted: new Set(['ses_1']),
    stream: { flowing: async () => flowing },
    listening: {
      find: async () => 'ses_1',
      onUserMessage(_id: string, callback: (created: number) => void) {
        watcher = callback
        return () => undefined
      },
      onFailure(_session: string, callback: () => void) {
        fail = callback
        return () => undefined
      },
    },
  } as unknown as Link

  const send = (again = false, resend = false, takeOut?: readonly string[]) => {
    const request = {
      directory: '/p',
      session: 'ses_1',
      messageId: 'msg_1',
      parts: [],
      again,
      resend,
      ...(takeOut && { takeOut }),
    }
    return sendPrompt(request, async () => done(link), stopped.signal)
  }
  return { send, calls, stopped }
}

async function outcome<T>(promise: Promise<T>): Promise<T> {
  await vi.advanceTimersByTimeAsync(60_000)
  return promise
}
const verbs = (calls: readonly string[]) => calls.map((call) => call.split(' ')[0])

test('announced: one POST, no reading', async () => {
  const { send, calls } = setUp({})
  expect(await outcome(send())).toEqual(done({ created: 1_000_000 }))
  expect(calls).toEqual(['POST 0'])
})

test('not announced: read after 150 ms', async () => {
  const { send, calls } = setUp({ posts: [{ stores: true, answer: 'ok', announces: false }] })
  expect(await outcome(send())).toEqual(done({ created: 1_000_000 }))
  expect(calls).toEqual(['POST 0', 'GET 150'])
})

test('accepted but never seen: one more POST after 10 s, then it is told', async () => {
  const lost = { stores: false, answer: 'ok' } as const
  const { send, calls } = setUp({ posts: [lost, lost, lost] })
  expect(await outcome(send())).toEqual(failed({ kind: 'not-seen' }))
  expect(calls.filter((call) => call.startsWith('POST'))).toEqual(['POST 0', 'POST 10000'])
})

test('the connection breaks after the message was stored: no second POST', async () => {
  const { send, calls } = setUp({ posts: [{ stores: true, answer: 'reset', announces: false }] })
  expect(await outcome(send())).toEqual(done({ created: 1_000_000 }))
  expect(verbs(calls)).toEqual(['POST', 'GET'])
})

test('the connection breaks before: read, and posted once more', async () => {
  const { send, calls } = setUp({ posts: [{ stores: false, answer: 'reset' }] })
  expect((await outcome(send())).ok).toBe(true)
  expect(verbs(calls).filter((verb) => verb === 'POST')).toHaveLength(2)
  expect(verbs(calls).at(-2)).toBe('GET')
})

test('a refusal is told at once', async () => {
  const { send, calls } = setUp({ posts: [{ stores: false, answer: { kind: 'session-gone' } }] })
  expect(await outcome(send())).toEqual(failed({ kind: 'session-gone' }))
  expect(calls).toEqual(['POST 0'])
})

test('again: what is there is not posted, what is absent is', async () => {
  const there = setUp({ stored: 7 })
  expect(await outcome(there.send(true))).toEqual(done({ created: 7 }))
  expect(verbs(there.calls)).toEqual(['GET'])
  const absent = setUp({})
  expect((await outcome(absent.send(true))).ok).toBe(true)
  expect(verbs(absent.calls)).toEqual(['GET', 'POST'])
})

test('resend: posted at once; the message’s old time proves nothing', async () => {
  const { send, calls } = setUp({ stored: 7 })
  expect(await outcome(send(false, true))).toEqual(done({ created: 1_000_000 }))
  expect(calls).toEqual(['POST 0'])
  const lost = setUp({ stored: 7, posts: [{ stores: false, answer: 'reset' }] })
  await outcome(lost.send(false, true))
  expect(verbs(lost.calls).filter((verb) => verb === 'POST')).toHaveLength(2)
})

test('an error of the session instead of the message: looked for two seconds, not ten, each time', async () => {
  const refused = { stores: false, answer: 'ok', fails: true } as const
  const { send, calls } = setUp({ posts: [refused, refused] })
  expect(await outcome(send())).toMatchObject({ failure: { kind: 'not-seen' } })
  const times = calls.map((one) => Number(one.split(' ')[1]))
  expect(verbs(calls).filter((verb) => verb === 'POST')).toHaveLength(2)
  expect(Math.max(...times)).toBeLessThanOrEqual(4_100)
})

test('resend of an overtaken message: it leaves its place first', async () => {
  const { send, calls } = setUp({ stored: 7 })
  expect(await outcome(send(false, true, ['msg_1']))).toEqual(done({ created: 1_000_000 }))
  expect(calls).toEqual(['DELETE 0', 'POST 0'])
})

test('resend: it stays, is accepted, but not timed anew: never posted a second time', async () => {
  const { send, calls } = setUp({ stored: 7, works: true, posts: [{ stores: false, answer: 'ok' }] })
  expect(await outcome(send(false, true, ['msg_1']))).toEqual(done({ created: 7 }))
  expect(verbs(calls).filter((verb) => verb === 'POST')).toHaveLength(1)
})

test('nothing is posted while no events flow (P-030)', async () => {
  const { send, calls } = setUp({ flowing: false })
  expect(await outcome(send())).toMatchObject({ failure: { kind: 'unavailable' } })
  expect(verbs(calls)).not.toContain('POST')
})

test('a stop ends the wait', async () => {
  const { send, stopped } = setUp({ posts: [{ stores: false, answer: 'ok' }] })
  const sent = send()
  await vi.advanceTimersByTimeAsync(1_000)
  stopped.abort()
  await vi.advanceTimersByTimeAsync(0)
  expect(await sent).toEqual(failed({ kind: 'stopped' }))
  expect(vi.getTimerCount()).toBe(0)
})
