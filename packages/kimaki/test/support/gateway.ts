/** A gateway as a process of its own before an emulator, and the browser of a person who lets a machine in. */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Bot, Emulator, Person } from 'discord-emulator'
import { freePort } from './bot-process.ts'
import { COMPILE_CACHE } from './programs.ts'
import { until } from './until.ts'

export interface GatewayProcess {
  readonly origin: string
  /** Its bot at Discord. */
  readonly bot: Bot
  /** Dies without a word. */
  kill(): Promise<void>
  /** Again, with what it has on disk. */
  start(): Promise<void>
}

const MAIN = fileURLToPath(new URL('../../../gateway/src/main.ts', import.meta.url))

/** `dir`: where its database is kept. Whoever starts it kills it. */
export async function startGateway(emulator: Emulator, dir: string): Promise<GatewayProcess> {
  const port = await freePort()
  const origin = `http://127.0.0.1:${port}`
  const redirectUris = [`${origin}/api/oauth/callback`]
  const bot = emulator.world.bot({ name: 'shared', messageContentIntent: true, redirectUris })
  const env = {
    NODE_COMPILE_CACHE: COMPILE_CACHE,
    KIMAKI_GATEWAY_APPLICATION_ID: bot.applicationId,
    KIMAKI_GATEWAY_CLIENT_SECRET: bot.clientSecret,
    KIMAKI_GATEWAY_BOT_TOKEN: bot.token,
    KIMAKI_GATEWAY_PUBLIC_URL: origin,
    KIMAKI_GATEWAY_PORT: String(port),
    KIMAKI_GATEWAY_DATABASE: join(dir, 'gateway.sqlite'),
    KIMAKI_GATEWAY_API_URL: emulator.apiUrl,
    KIMAKI_GATEWAY_AUTHORIZE_URL: `${emulator.origin}/oauth2/authorize`,
    // One address registers all machines of a test.
    KIMAKI_GATEWAY_REQUESTS_PER_SECOND: '200',
  }
  let child: ChildProcess | undefined
  const start = async (): Promise<void> => {
    child = spawn(process.execPath, [MAIN], { env, stdio: ['ignore', 'ignore', 'pipe'] })
    let said = ''
    child.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()))
    await until(`the gateway: ${said}`, async () => {
      const answer = await fetch(`${origin}/healthz`).catch(() => undefined)
      return answer?.ok ?? false
    })
  }
  const kill = async (): Promise<void> => {
    const process = child
    child = undefined
    if (!process || process.exitCode !== null) return
    process.kill('SIGKILL')
    await once(process, 'exit')
  }
  await start()
  return { origin, bot, kill, start }
}

/** Opens the address, consents at Discord and comes back; resolves with where the browser ends. */
export async function letIn(installUrl: string, person: Person, guildId: string): Promise<string> {
  const begun = await visit(installUrl)
  return (await visit(person.consent(begun.location, guildId), begun.cookie)).location
}

/** Opens the address, and says no. */
export async function refuse(installUrl: string, person: Person): Promise<void> {
  const begun = await visit(installUrl)
  await visit(person.decline(begun.location), begun.cookie)
}

async function visit(address: string, cookie = ''): Promise<{ readonly location: string; readonly cookie: string }> {
  const response = await fetch(address, { redirect: 'manual', headers: { cookie } })
  await response.arrayBuffer()
  return {
    location: response.headers.get('location') ?? '',
    cookie: response.headers.getSetCookie()[0]?.split(';')[0] ?? '',
  }
}
