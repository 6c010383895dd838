/** One gateway socket, against a gateway that says exactly what the test has it say. The invariants C1 to C6 stand in `connection.ts`. */
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { GatewayOpcodes as Op } from 'discord-api-types/v10'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { WebSocketServer, type WebSocket } from 'ws'
import {
  openConnection,
  type Connection,
  type ConnectionEnd,
  type ConnectionOptions,
} from '../../src/discord/gateway/connection.ts'
import type { GatewayPosition } from '../../src/ports/chat.ts'

const POSITION: GatewayPosition = { sessionId: 'old', resumeUrl: 'ws://old', sequence: 7 }

let server: WebSocketServer
let connection: Connection | undefined

beforeEach(async () => {
  server = new WebSocketServer({ host: '127.0.0.1', port: 0 })
  await once(server, 'listening')
})

afterEach(async () => {
  vi.useRealTimers()
  for (const client of server.clients) client.terminate()
  await connection?.end('the test is over')
  connection = undefined
  await new Promise((resolve) => server.close(resolve))
})

interface Payload {
  readonly op: number
  readonly d?: unknown
}

interface Line {
  readonly gateway: WebSocket
  readonly closed: Promise<number>
  readonly ended: Promise<ConnectionEnd>
  readonly ends: readonly ConnectionEnd[]
  readonly handedUp: readonly (readonly [string, GatewayPosition])[]
  say(op: number, d?: unknown, dispatch?: { readonly t: string; readonly s: number }): void
  /** The next payload of the bot, of those that were not asked for yet. */
  heard(): Promise<Payload>
  heardSoFar(): number
}

async function open(options: Partial<ConnectionOptions> = {}): Promise<Line> {
  const ends: ConnectionEnd[] = []
  const handedUp: [string, GatewayPosition][] = []
  const { promise: ended, resolve } = Promise.withResolvers<ConnectionEnd>()
  const connected = once(server, 'connection')
  connection = openConnection({
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`,
    token: 't',
    resume: undefined,
    mayIdentify: async () => undefined,
    onHello: () => undefined,
    onDispatch: ({ t }, position) => handedUp.push([t, position]),
    onEnd(end) {
      ends.push(end)
      resolve(end)
    },
    ...options,
  })
  const [gateway] = (await connected) as [WebSocket]
  const payloads: Payload[] = []
  const waiting: ((payload: Payload) => void)[] = []
  let count = 0
  gateway.on('message', (data) => {
    const payload = JSON.parse((data as Buffer).toString()) as Payload
    count += 1
    const next = waiting.shift()
    if (next) next(payload)
    else payloads.push(payload)
  })
  return {
    gateway,
    closed: new Promise((closed) => gateway.on('close', closed)),
    ended,
    ends,
    handedUp,
    say: (op, d = null, dispatch) => gateway.send(JSON.stringify({ op, d, ...dispatch })),
    heard: async () => payloads.shift() ?? new Promise((next) => waiting.push(next)),
    heardSoFar: () => count,
  }
}

const hello = (line: Line, heartbeat_interval = 60_000): void => line.say(Op.Hello, { heartbeat_interval })
const READY = {
  session_id: 'new',
  resume_gateway_url: 'ws://new',
  user: { id: '1' },
  application: { id: '2' },
  guilds: [],
}

describe('the beginning', () => {
  test('nothing is sent before HELLO, then one IDENTIFY once the budget allows it (C2)', async () => {
    const allowed = Promise.withResolvers<void>()
    const line = await open({ mayIdentify: () => allowed.promise })
    line.say(Op.Heartbeat)
    hello(line)
    line.say(Op.Heartbeat)
    expect(await line.heard()).toEqual({ op: Op.Heartbeat, d: null })
    expect(line.heardSoFar()).toBe(1)
    allowed.resolve()
    expect(await line.heard()).toMatchObject({ op: Op.Identify, d: { token: 't', intents: 33_281, shard: [0, 1] } })
  })

  test('a second HELLO asks for nothing again (C2)', async () => {
    const line = await open({ resume: POSITION })
    hello(line)
    hello(line)
    line.say(Op.Heartbeat)
    expect(await line.heard()).toMatchObject({ op: Op.Resume })
    expect(await line.heard()).toMatchObject({ op: Op.Heartbeat })
  })

  test('a RESUME goes on where the session stood, and what comes keeps its identity (C3)', async () => {
    const line = await open({ resume: POSITION })
    hello(line)
    expect(await line.heard()).toEqual({ op: Op.Resume, d: { token: 't', session_id: 'old', seq: 7 } })
    line.say(Op.Dispatch, {}, { t: 'TYPING_START', s: 8 })
    line.say(Op.Heartbeat)
    expect(await line.heard()).toEqual({ op: Op.Heartbeat, d: 8 })
    expect(line.handedUp).toEqual([['TYPING_START', { ...POSITION, sequence: 8 }]])
  })

  test('READY brings the identity of what follows, in the order of the socket (C3)', async () => {
    const line = await open()
    hello(line)
    await line.heard()
    line.say(Op.Dispatch, READY, { t: 'READY', s: 1 })
    line.gateway.send('no JSON')
    line.say(Op.Dispatch, {}, { t: 'TYPING_START', s: 2 })
    line.say(Op.Heartbeat)
    await line.heard()
    expect(line.handedUp).toEqual([
      ['READY', { sessionId: 'new', resumeUrl: 'ws://new', sequence: 1 }],
      ['TYPING_START', { sessionId: 'new', resumeUrl: 'ws://new', sequence: 2 }],
    ])
  })
})

describe('what cannot be read', () => {
  test.each<[string, unknown]>([
    ['without an interval', {}],
    ['with an interval that is a text', { heartbeat_interval: 'soon' }],
    ['with an interval of nothing', { heartbeat_interval: 0 }],
    ['that is null', null],
  ])('a HELLO %s ends it, and the session may be resumed', async (_what, d) => {
    const line = await open({ resume: POSITION })
    line.say(Op.Hello, d)
    expect(await line.ended).toMatchObject({ reason: expect.stringContaining('HELLO cannot be read') as string, resumable: true })
  })

  test('a READY that does not say who we are ends it, and its session', async () => {
    const line = await open()
    hello(line)
    await line.heard()
    line.say(Op.Dispatch, { ...READY, user: null }, { t: 'READY', s: 1 })
    expect(await line.ended).toMatchObject({ reason: 'READY cannot be read: user is not an object', resumable: false })
  })

  test('any other dispatch, or one without a number, is handed up, and what is no frame is passed over', async () => {
    const line = await open({ resume: POSITION })
    hello(line)
    await line.heard()
    for (const junk of ['null', '5', '"x"', '[]', '{', '{"op":"0"}', '{"op":99}', '{"op":0}']) line.gateway.send(junk)
    line.say(Op.Dispatch, null, { t: 'MESSAGE_CREATE', s: 8 })
    line.say(Op.Heartbeat)
    await line.heard()
    expect(line.handedUp.map(([name, { sequence }]) => [name, sequence])).toEqual([
      ['', 7],
      ['MESSAGE_CREATE', 8],
    ])
  })
})

describe('the end', () => {
  test('is told once, and nothing is handed up after it (C1)', async () => {
    const line = await open({ resume: POSITION })
    hello(line)
    await line.heard()
    line.say(Op.Reconnect)
    line.say(Op.InvalidSession, false)
    line.say(Op.Dispatch, {}, { t: 'TYPING_START', s: 8 })
    await line.closed
    await connection?.end('again')
    expect(line.ends).toEqual([{ code: undefined, reason: 'Discord asks to reconnect', resumable: true }])
    expect(line.handedUp).toEqual([])
  })

  test('stops the wait for the identify budget (C1)', async () => {
    const asked = Promise.withResolvers<AbortSignal>()
    const line = await open({ mayIdentify: (signal) => (asked.resolve(signal), new Promise(() => undefined)) })
    hello(line)
    const signal = await asked.promise
    await connection?.end('stopping')
    expect(signal.aborted).toBe(true)
    expect(line.heardSoFar()).toBe(0)
  })

  test.each([
    [true, true],
    [false, false],
  ])('an invalid session (op 9, %o) may be resumed: %o (C5)', async (d, resumable) => {
    const line = await open({ resume: POSITION })
    hello(line)
    line.say(Op.InvalidSession, d)
    expect(await line.ended).toMatchObject({ resumable })
  })

  test.each([
    [4000, true],
    [4009, true],
    [1001, true],
    [1000, false],
    [4003, false],
    [4007, false],
    [4008, false],
    [4014, false],
  ])('after close code %i the session may be resumed: %o (C5)', async (code, resumable) => {
    const line = await open({ resume: POSITION })
    hello(line)
    await line.heard()
    line.gateway.close(code)
    expect(await line.ended).toEqual({ code, reason: `closed with ${code}`, resumable })
  })

  test('before HELLO no close code costs the session (C5)', async () => {
    const line = await open({ resume: POSITION })
    line.gateway.close(1000)
    expect(await line.ended).toMatchObject({ code: 1000, resumable: true })
  })

  test('a line that breaks ends with 1006 and may be resumed (C5)', async () => {
    const line = await open({ resume: POSITION })
    hello(line)
    await line.heard()
    line.gateway.terminate()
    expect(await line.ended).toMatchObject({ code: 1006, resumable: true })
  })

  test('of ours closes with 4200, which keeps the session (C6)', async () => {
    const line = await open({ resume: POSITION })
    hello(line)
    await line.heard()
    await connection?.end('stopping')
    expect(await line.closed).toBe(4200)
    expect(await line.ended).toEqual({ code: undefined, reason: 'stopping', resumable: true })
  })

  test('does not wait for a half-open line for longer than a second (C6)', async () => {
    const line = await open({ resume: POSITION })
    hello(line)
    await line.heard()
    line.gateway.pause()
    const from = performance.now()
    await connection?.end('stopping')
    expect(performance.now() - from).toBeGreaterThan(900)
    expect(line.gateway.readyState).toBe(line.gateway.OPEN)
  })
})

describe('silence', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }))

  test('no HELLO for 15 s ends it (C4)', async () => {
    const line = await open({ resume: POSITION })
    vi.advanceTimersByTime(14_999)
    expect(line.ends).toEqual([])
    vi.advanceTimersByTime(1)
    expect(await line.ended).toEqual({ code: undefined, reason: 'no HELLO', resumable: true })
  })

  test('no READY for 15 s after the IDENTIFY ends it, and its session (C4, C5)', async () => {
    const line = await open()
    hello(line)
    await line.heard()
    vi.advanceTimersByTime(15_000)
    expect(await line.ended).toEqual({ code: undefined, reason: 'no READY', resumable: false })
  })

  test('of ours, when the process was stopped for a minute, ends it before anything is read: a RESUME tells it as missed (C4)', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0.5)
    const line = await open({ resume: POSITION })
    hello(line, 40_000)
    await line.heard()
    line.say(Op.Dispatch, {}, { t: 'RESUMED', s: 8 })
    await vi.waitFor(() => expect(line.handedUp).toHaveLength(1))
    const now = performance.now()
    vi.spyOn(performance, 'now').mockReturnValue(now + 60_000)
    line.say(Op.Dispatch, {}, { t: 'TYPING_START', s: 9 })
    expect(await line.ended).toMatchObject({ reason: 'the process stood still', resumable: true })
    expect(line.handedUp).toHaveLength(1)
    vi.restoreAllMocks()
  })

  test('a heartbeat without acknowledgement until the next is due ends it; one that Discord asked for does not count (C4)', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0.5)
    const line = await open({ resume: POSITION })
    hello(line, 1000)
    await line.heard()
    vi.advanceTimersByTime(500)
    expect(await line.heard()).toEqual({ op: Op.Heartbeat, d: 7 })
    line.say(Op.HeartbeatAck)
    line.say(Op.Heartbeat)
    expect(await line.heard()).toEqual({ op: Op.Heartbeat, d: 7 })
    vi.advanceTimersByTime(1000)
    expect(await line.heard()).toEqual({ op: Op.Heartbeat, d: 7 })
    expect(line.ends).toEqual([])
    vi.advanceTimersByTime(1000)
    expect(await line.ended).toMatchObject({ reason: expect.stringContaining('zombie'), resumable: true })
    vi.restoreAllMocks()
  })
})
