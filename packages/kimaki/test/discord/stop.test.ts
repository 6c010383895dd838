/** After `stop()` nothing is left: proven by a process that ends by itself. */
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterEach, describe, expect, test } from 'vitest'
import { openWorld, type World } from './world.ts'

let world: World

afterEach(() => world.stop())

const program = fileURLToPath(new URL('./fixtures/short-life.ts', import.meta.url))

describe('stop', () => {
  test('ends a rate-limit wait, a hanging request and the connection, and leaves the session resumable', async () => {
    const create = { bucket: 'message-create', limit: 1, windowMs: 60_000 }
    world = await openWorld({ rateLimits: { routes: { 'POST /channels/:channel/messages': create } } })
    world.emulator.faults.add({ route: 'GET /channels/:channel/messages', effect: { kind: 'hang', commit: false } })
    const startedAt = Date.now()
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [program, world.emulator.apiUrl, world.bot.token, world.channelId],
      { timeout: 20_000 },
    )
    const said = JSON.parse(stdout) as { kinds: readonly string[]; late: string; left: readonly string[] }
    expect(said.kinds).toEqual(['stopped', 'stopped'])
    expect(said.late).toBe('stopped')
    expect(said.left.filter((name) => name !== 'PipeWrap' && name !== 'TTYWrap')).toEqual([])
    expect(Date.now() - startedAt).toBeLessThan(15_000)
    const close = world.emulator.journal.entries.findLast((entry) => entry.kind === 'gateway' && entry.what === 'close')
    expect(close).toMatchObject({ code: 4200 })
  })

  test('during the pause before a reconnect is final', async () => {
    world = await openWorld()
    const chat = world.chat()
    await chat.start()
    world.emulator.gateway.cut(world.bot.id)
    await chat.until('the end', () => chat.lines.find((line) => line.startsWith('gateway connection ended')))
    await chat.port.stop()
    expect(world.gatewaySteps().filter((step) => step === 'connect')).toHaveLength(1)
  })

  test('in the middle of connecting closes that socket too', async () => {
    world = await openWorld()
    const chat = world.chat()
    const connected = chat.until('the connection', () => world.gatewaySteps().find((step) => step === 'connect'))
    void chat.start()
    await connected
    await chat.port.stop()
    expect(world.emulator.gateway.connections(world.bot.id)).toBe(0)
  })
})
