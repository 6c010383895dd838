/** After `stop()` nothing is left: proven by a process that ends by itself. */
import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterEach, describe, expect, test } from 'vitest'
import { GatewayClient } from '../../src/discord/gateway/client.ts'
import { IdentifyBudget } from '../../src/discord/gateway/identify-budget.ts'
import type { Log } from '../../src/ports/host.ts'
import { inMemory, openWorld, type World } from './world.ts'

let world: World

afterEach(() => world.stop())

const quiet = () => undefined
const log: Log = { debug: quiet, info: quiet, warn: quiet, error: quiet }
const program = fileURLToPath(new URL('./fixtures/short-life.ts', import.meta.url))

describe('stop', () => {
  test('ends a rate-limit wait, a hanging request and the connection, and leaves the session resumable (L4, R2, R4)', async () => {
    const create = { bucket: 'message-create', limit: 2, windowMs: 60_000 }
    world = await openWorld({ rateLimits: { routes: { 'POST /channels/:channel/messages': create } } })
    world.emulator.faults.add({ route: 'GET /channels/:channel/messages', effect: { kind: 'hang', commit: false } })
    const startedAt = Date.now()
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [program, world.emulator.apiUrl, world.bot.token, world.channelId],
      { timeout: 20_000 },
    )
    const said = JSON.parse(stdout) as Readonly<Record<'ends' | 'late' | 'left', readonly string[]>>
    expect(said.ends).toEqual(['AbortError', 'AbortError'])
    expect(said.late).toEqual(['AbortError'])
    expect(said.left.filter((name) => name !== 'PipeWrap' && name !== 'TTYWrap')).toEqual([])
    expect(Date.now() - startedAt).toBeLessThan(15_000)
    const close = world.emulator.journal.entries.findLast((entry) => entry.kind === 'gateway' && entry.what === 'close')
    expect(close).toMatchObject({ code: 4200 })
  })

  test('during the pause before a reconnect is final (S5)', async () => {
    world = await openWorld()
    const chat = world.chat()
    await chat.start()
    world.emulator.gateway.cut(world.bot.id)
    await chat.until('the end', () => chat.lines.find((line) => line.startsWith('gateway connection ended')))
    await chat.port.stop()
    expect(world.gatewaySteps().filter((step) => step === 'connect')).toHaveLength(1)
  })

  test('ends a connection that is still being made, at whatever moment it comes (S5)', async () => {
    world = await openWorld()
    const mute = createServer((socket) => socket.on('error', () => undefined).resume())
    await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve))
    const { port } = mute.address() as AddressInfo
    const start = () => startMute(`ws://127.0.0.1:${port}`)
    for (let moments = 0; moments < 12; moments += 1) {
      const client = start()
      for (let n = 0; n < moments; n += 1) await Promise.resolve()
      await client.stop()
    }
    const connected = once(mute, 'connection')
    const client = start()
    const [socket] = (await connected) as [Socket]
    await client.stop()
    // A server is closed once every connection is.
    await once(mute.close(), 'close')
    expect(socket.destroyed).toBe(true)
    // A socket that was left would end with the handshake's time-out of 10 s.
  }, 5000)
})

function startMute(url: string): GatewayClient {
  const position = { sessionId: 's', resumeUrl: url, sequence: 1 }
  const budget = new IdentifyBudget({ records: inMemory(), log })
  const retryForever = (): Promise<never> => new Promise(() => undefined)
  const options = { token: 't', log, position, budget, retryForever }
  const client = new GatewayClient({
    isGateway: () => true,
    ...options,
    onDispatch: () => undefined,
    onFatal: () => undefined,
  })
  client.start()
  return client
}
