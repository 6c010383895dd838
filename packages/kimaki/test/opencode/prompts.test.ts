/** When a prompt is posted, and how often: every outcome of a POST, on a clock of our own. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { agentErrorText } from '../../src/app/ask-agent.ts'
import { AgentRefused, AgentUnavailable, PromptNotSeen, SessionGone, isAbortError } from '../../src/base/errors.ts'
import type { AgentFailure } from '../../src/domain/agent.ts'
import type { Call } from '../../src/opencode/wire/http.ts'
import type { Link } from '../../src/opencode/session/link.ts'
import { submitPrompt } from '../../src/opencode/session/prompts.ts'

beforeEach(() => vi.useFakeTimers({ now: 1_000_000 }))
afterEach(() => vi.useRealTimers())

const EMPTY = { json: undefined, next: undefined }
const RESET = new AgentUnavailable({ reason: 'socket hang up' })
const GONE = new SessionGone({ session: 'ses_1' })
const NO_PROVIDER: AgentFailure = {
  name: 'UnknownError',
  message: 'ProviderNoProvidersError: No providers are available',
  status: undefined,
  provider: undefined,
}
const NOT_SEEN = new PromptNotSeen({ messageId: 'msg_1' })

interface Behaviour {
  /** What the session holds before. */
  readonly stored?: number
  /** Of the n-th POST: stored or not, and the answer. */
  readonly posts?: readonly {
    readonly stores: boolean
    readonly answer: typeof EMPTY | AgentUnavailable | SessionGone
    readonly announces?: boolean
    /** The session tells an error. */
    readonly fails?: boolean
  }[]
  readonly flowing?: boolean
  /** The session works: nothing can be taken out of it. */
  readonly works?: boolean
  /** Another message stands behind it in the session. */
  readonly overtaken?: boolean
}

function setUp({ stored, posts = [], flowing = true, works = false, overtaken = false }: Behaviour) {
  const calls: string[] = []
  const stopped = new AbortController()
  let message = stored
  let watcher: (created: number) => void = () => undefined
  let fail: (failure: AgentFailure) => void = () => undefined
  let posted = 0

  async function call({ method, query }: Call) {
    calls.push(`${query ? 'LIST' : method} ${Date.now() - 1_000_000}`)
    if (query) {
      const other = { info: { id: 'msg_2', role: 'user', time: { created: 8 } } }
      const own = { info: { id: 'msg_1', role: 'user', time: { created: message } } }
      return { json: [...(message === undefined ? [] : [own]), ...(overtaken ? [other] : [])], next: undefined }
    }
    if (method === 'GET') {
      const info = { id: 'msg_1', role: 'user', time: { created: message } }
      return message === undefined
        ? new AgentRefused({ status: 404, reason: 'Message not found: msg_1' })
        : { json: { info, parts: [{ id: 'prt_1' }] }, next: undefined }
    }
    if (method === 'DELETE') {
      if (works) return new AgentRefused({ status: 409, reason: 'busy' })
      message = undefined
      return EMPTY
    }
    const { stores, answer, announces = stores, fails = false } = posts[posted] ?? { stores: true, answer: EMPTY, fails: false }
    posted += 1
    if (stores) message = Date.now()
    if (announces) watcher(Date.now())
    if (fails) fail(NO_PROVIDER)
    return answer
  }

  const link = {
    http: { call },
    server: { gone: new AbortController().signal },
    repaired: new Set(['ses_1']),
    trusted: new Set(['ses_1']),
    stream: { flows: async () => flowing },
    events: {
      prefetch: () => undefined,
      onUserMessage(_id: string, callback: (created: number) => void) {
        watcher = callback
        return () => undefined
      },
      onFailure(_session: string, callback: (failure: AgentFailure) => void) {
        fail = callback
        return () => undefined
      },
    },
  } as unknown as Link

  const send = (isRetry = false, resend = false, removeFirst?: readonly string[]) => {
    const request = {
      directory: '/p',
      session: 'ses_1',
      messageId: 'msg_1',
      parts: [],
      isRetry,
      resend,
      ...(removeFirst && { removeFirst }),
    }
    return submitPrompt(request, async () => link, stopped.signal)
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
  expect(await outcome(send())).toEqual({ created: 1_000_000 })
  expect(calls).toEqual(['POST 0'])
})

test('not announced: read after 150 ms', async () => {
  const { send, calls } = setUp({ posts: [{ stores: true, answer: EMPTY, announces: false }] })
  expect(await outcome(send())).toEqual({ created: 1_000_000 })
  expect(calls).toEqual(['POST 0', 'GET 150'])
})

test('accepted but never seen: one more POST after 10 s, then it is told', async () => {
  const lost = { stores: false, answer: EMPTY } as const
  const { send, calls } = setUp({ posts: [lost, lost, lost] })
  expect(await outcome(send())).toEqual(NOT_SEEN)
  expect(calls.filter((call) => call.startsWith('POST'))).toEqual(['POST 0', 'POST 10000'])
})

test('P1: the connection breaks after the message was stored: no second POST', async () => {
  const { send, calls } = setUp({ posts: [{ stores: true, answer: RESET, announces: false }] })
  expect(await outcome(send())).toEqual({ created: 1_000_000 })
  expect(verbs(calls)).toEqual(['POST', 'GET'])
})

test('the connection breaks before: read, and posted once more', async () => {
  const { send, calls } = setUp({ posts: [{ stores: false, answer: RESET }] })
  expect(await outcome(send())).toHaveProperty('created')
  expect(verbs(calls).filter((verb) => verb === 'POST')).toHaveLength(2)
  expect(verbs(calls).at(-2)).toBe('GET')
})

test('a refusal is told at once', async () => {
  const { send, calls } = setUp({ posts: [{ stores: false, answer: GONE }] })
  expect(await outcome(send())).toEqual(GONE)
  expect(calls).toEqual(['POST 0'])
})

test('P1: a retry posts only what is absent', async () => {
  const there = setUp({ stored: 7 })
  expect(await outcome(there.send(true))).toEqual({ created: 7 })
  expect(verbs(there.calls)).toEqual(['GET'])
  const absent = setUp({})
  expect(await outcome(absent.send(true))).toHaveProperty('created')
  expect(verbs(absent.calls)).toEqual(['GET', 'POST'])
})

test('P2: resend: posted at once; the message’s old time proves nothing', async () => {
  const { send, calls } = setUp({ stored: 7 })
  expect(await outcome(send(false, true))).toEqual({ created: 1_000_000 })
  expect(calls).toEqual(['LIST 0', 'POST 0'])
  const lost = setUp({ stored: 7, posts: [{ stores: false, answer: RESET }] })
  await outcome(lost.send(false, true))
  expect(verbs(lost.calls).filter((verb) => verb === 'POST')).toHaveLength(2)
})

test('an error of the session instead of the message: looked for two seconds, not ten, each time', async () => {
  const refused = { stores: false, answer: EMPTY, fails: true } as const
  const { send, calls } = setUp({ posts: [refused, refused] })
  const told = await outcome(send())
  expect(told).toBeInstanceOf(PromptNotSeen)
  // People read what the session said, and not that a message never appeared.
  expect(told instanceof PromptNotSeen && agentErrorText(told)).toMatch(/no provider to ask\n.*npx opencode auth login/)
  const times = calls.map((call) => Number(call.split(' ')[1]))
  expect(verbs(calls).filter((verb) => verb === 'POST')).toHaveLength(2)
  expect(Math.max(...times)).toBeLessThanOrEqual(4_100)
})

test('P3: resend: with another message behind it in the session, it leaves its place first', async () => {
  const { send, calls } = setUp({ stored: 7, overtaken: true })
  expect(await outcome(send(false, true))).toEqual({ created: 1_000_000 })
  expect(calls).toEqual(['LIST 0', 'DELETE 0', 'POST 0'])
})

test('P2: resend: it stays, is accepted, but not timed anew: never posted a second time', async () => {
  const { send, calls } = setUp({ stored: 7, works: true, overtaken: true, posts: [{ stores: false, answer: EMPTY }] })
  expect(await outcome(send(false, true))).toEqual({ created: 7 })
  expect(verbs(calls).filter((verb) => verb === 'POST')).toHaveLength(1)
})

test('what is to leave the session before it, leaves it', async () => {
  const { send, calls } = setUp({})
  expect(await outcome(send(false, false, ['msg_2']))).toEqual({ created: 1_000_000 })
  expect(calls).toEqual(['DELETE 0', 'POST 0'])
})

test('P4: nothing is posted while no events flow (P-030)', async () => {
  const { send, calls } = setUp({ flowing: false })
  expect(await outcome(send())).toBeInstanceOf(AgentUnavailable)
  expect(verbs(calls)).not.toContain('POST')
})

test('a stop ends the wait', async () => {
  const { send, stopped } = setUp({ posts: [{ stores: false, answer: EMPTY }] })
  const sent = send().catch((error: unknown) => error)
  await vi.advanceTimersByTimeAsync(1_000)
  stopped.abort()
  await vi.advanceTimersByTimeAsync(0)
  expect(isAbortError(await sent)).toBe(true)
  expect(vi.getTimerCount()).toBe(0)
})
