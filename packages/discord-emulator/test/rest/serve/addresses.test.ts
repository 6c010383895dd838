import { request, type IncomingMessage } from 'node:http'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startEmulator, type Emulator } from '../../../src/index.ts'

let emulator: Emulator
beforeAll(async () => {
  emulator = await startEmulator()
})
afterAll(() => emulator.stop())

/** Sent as it stands: `fetch` would mend it. */
function statusOf(path: string, headers: Readonly<Record<string, string>> = {}): Promise<number | undefined> {
  const { port } = new URL(emulator.origin)
  return new Promise((resolve, reject) => {
    const asking = request({ host: '127.0.0.1', port, path, headers, agent: false }, (response: IncomingMessage) =>
      resolve(response.resume().statusCode),
    )
    asking.on('error', reject).end()
  })
}

test.each(['//', '///', 'http://', '//[::1'])(
  'V22: a request for %s, which is no address, is a 400 and ends nothing',
  async (path) => {
    expect(await statusOf(path)).toBe(400)
    const upgrade = {
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
    }
    expect(await statusOf(path, upgrade)).toBe(400)
    expect(await statusOf('/api/v10/gateway')).toBe(200)
  },
)
