/** An emulator with two guilds of two people, and a gateway before it. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEmulator } from 'discord-emulator'
import { onTestFinished } from 'vitest'
import { createLog } from '../../src/base/log.ts'
import { Metrics } from '../../src/base/metrics.ts'
import { readConfig, type Config } from '../../src/config.ts'
import { startGateway, type Gateway } from '../../src/gateway.ts'
import type { Store } from '../../src/ports/store.ts'
import { openStore } from '../../src/store/store.ts'
import { freePort } from './free-port.ts'

/** `shards`: how many Discord asks for. */
export async function house({ shards = 1 } = {}) {
  const emulator = await startEmulator({ rateLimits: false, shards })
  const folder = mkdtempSync(join(tmpdir(), 'kimaki-gateway-'))
  const running: Gateway[] = []
  onTestFinished(async () => {
    await Promise.all(running.map((gateway) => gateway.stop()))
    await emulator.stop()
    rmSync(folder, { recursive: true, force: true })
  })
  const { world } = emulator
  const port = await freePort()
  const origin = `http://127.0.0.1:${port}`
  const bot = world.bot({ name: 'shared', redirectUris: [`${origin}/api/oauth/callback`] })
  const [ada, ben] = [world.user('Ada'), world.user('Ben')]
  const [workshop, library] = [world.guild({ name: 'Workshop', owner: ada }), world.guild({ name: 'Library', owner: ben })]
  const [general, desk] = [workshop.textChannel('general'), library.textChannel('desk')]
  const env = {
    KIMAKI_GATEWAY_APPLICATION_ID: bot.applicationId,
    KIMAKI_GATEWAY_CLIENT_SECRET: bot.clientSecret,
    KIMAKI_GATEWAY_BOT_TOKEN: bot.token,
    KIMAKI_GATEWAY_PUBLIC_URL: origin,
    KIMAKI_GATEWAY_PORT: String(port),
    KIMAKI_GATEWAY_DATABASE: join(folder, 'gateway.sqlite'),
    KIMAKI_GATEWAY_API_URL: emulator.apiUrl,
    KIMAKI_GATEWAY_AUTHORIZE_URL: `${emulator.origin}/oauth2/authorize`,
    KIMAKI_GATEWAY_METRICS_TOKEN: 'metrics',
  }
  /** `weaken`: the store with a safeguard less. */
  const start = async (weaken: (store: Store) => Store = (store) => store) => {
    const config = readConfig(env) as Config
    const metrics = new Metrics()
    const path = config.databasePath
    const now = () => Date.now()
    const store = openStore({ path, keepMs: 86_400_000, keepEvents: 10_000, now, onFailure: () => undefined })
    const log = createLog(() => undefined, now)
    const gateway = await startGateway(
      { ...config, identifyEveryMs: 50 },
      { store: weaken(store), log, now, metrics, onFatal: () => undefined },
    )
    running.push(gateway)
    return gateway
  }
  return { emulator, world, origin, env, bot, ada, ben, workshop, library, general, desk, start }
}
