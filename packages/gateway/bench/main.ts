/**
 * `npm run bench -w kimaki-gateway`: 1,000 clients in 500 servers and 200 messages a second, for 20 seconds. Three processes: Discord (the
 * emulator, which also writes the messages) is this one, the gateway and all its clients are one each. Beside the clients stands a bot that
 * is connected to Discord directly and hears the same messages; the time that the gateway adds is counted against it, message by message.
 * Exits 1 when a limit is not kept.
 */
import { fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { randomBytes, randomUUID } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { startEmulator } from 'discord-emulator'
import { hashOf, tokenOf } from 'kimaki-protocol'
import { openStore } from '../src/store/store.ts'
import { freePort } from '../test/support/free-port.ts'
import type { Report } from './clients.ts'

const [GUILDS, CLIENTS, PER_SECOND, SECONDS] = [500, 1000, 200, 20]
const LIMITS = { mb: 400, p50: 5, p99: 50 }

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'kimaki-gateway-bench-'))
const emulator = await startEmulator({ rateLimits: false })
const { world } = emulator
const port = await freePort()
const origin = `http://127.0.0.1:${port}`
const person = world.user('Ada')
const [shared, direct] = [world.bot({ name: 'shared' }), world.bot({ name: 'direct' })]
const places = Array.from({ length: GUILDS }, (_, index) => {
  const guild = world.guild({ name: `guild ${index}`, owner: person })
  for (const bot of [shared, direct]) guild.addBot(bot)
  return { guildId: guild.id, channelId: guild.textChannel('general').id }
})

const database = join(folder, 'gateway.sqlite')
const tokens = letIn(database)
const gateway = spawn(process.execPath, [at('../src/main.ts')], {
  env: {
    PATH: process.env['PATH'] ?? '',
    KIMAKI_GATEWAY_APPLICATION_ID: shared.applicationId,
    KIMAKI_GATEWAY_CLIENT_SECRET: shared.clientSecret,
    KIMAKI_GATEWAY_BOT_TOKEN: shared.token,
    KIMAKI_GATEWAY_PUBLIC_URL: origin,
    KIMAKI_GATEWAY_PORT: String(port),
    KIMAKI_GATEWAY_DATABASE: database,
    KIMAKI_GATEWAY_API_URL: emulator.apiUrl,
  },
  stdio: ['ignore', 'ignore', 'pipe'],
})
const clients = fork(at('clients.ts'), { execArgv: [] })
try {
  await once(gateway.stderr, 'data')
  gateway.stderr.resume()
  while (!(await fetch(`${origin}/healthz`)).ok) await sleep(100)
  const connecting = performance.now()
  clients.send({
    tokens,
    gateway: `${origin.replace('http', 'ws')}/gateway`,
    direct: { url: await directUrl(), token: direct.token },
  })
  await once(clients, 'message')
  const connected = Math.round(performance.now() - connecting)
  const cpuBefore = cpuSeconds()
  await write()
  await sleep(2000)
  const cpu = cpuSeconds() - cpuBefore
  clients.send('report')
  const [report] = (await once(clients, 'message')) as [Report]
  print(report, connected, cpu)
} finally {
  clients.kill('SIGKILL')
  gateway.kill('SIGKILL')
  await emulator.stop()
  rmSync(folder, { recursive: true, force: true })
}

/** As the installation would, without a thousand browsers. */
function letIn(path: string): readonly string[] {
  const store = openStore({ path, keepMs: 1, keepEvents: 1, now: () => Date.now(), onFailure: () => undefined })
  const made = Array.from({ length: CLIENTS }, (_, index) => {
    const credentials = { clientId: randomUUID(), secret: randomBytes(32).toString('hex') }
    const client = {
      id: credentials.clientId,
      secretHash: hashOf(credentials.secret),
      machine: `machine ${index}`,
      restart: false,
    }
    const attempt = store.clients.register(client)
    const place = places[index % GUILDS]
    if (typeof attempt === 'string' || attempt instanceof Error || place === undefined) throw new Error('not registered')
    store.clients.authorize(attempt.id, place.guildId, person.id)
    store.clients.announced(credentials.clientId, place.guildId)
    return tokenOf(credentials)
  })
  store.close()
  return made
}

async function directUrl(): Promise<string> {
  const answer = await fetch(`${emulator.apiUrl}/v10/gateway/bot`, { headers: { authorization: `Bot ${direct.token}` } })
  return ((await answer.json()) as { readonly url: string }).url
}

async function write(): Promise<void> {
  const before = performance.now()
  for (let count = 0; count < PER_SECOND * SECONDS; count += 1) {
    const place = places[(count * 7) % GUILDS]
    if (place !== undefined) person.send(place.channelId, `#${count} ${'word '.repeat(30)}`)
    const due = before + ((count + 1) * 1000) / PER_SECOND
    const early = due - performance.now()
    if (early > 1) await sleep(early)
  }
}

/** Linux: user and system time, in ticks of 10 ms. */
function cpuSeconds(): number {
  const fields = readFileSync(`/proc/${gateway.pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) / 100
}

function print({ heard, added }: Report, connected: number, cpu: number): void {
  const mb = Math.round(Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${gateway.pid}/status`, 'utf8'))?.[1]) / 1024)
  const wanted = PER_SECOND * SECONDS * (CLIENTS / GUILDS)
  const of = (share: number): number => Math.round((added[Math.floor(share * (added.length - 1))] ?? Number.NaN) * 10) / 10
  const lines = [
    `${CLIENTS} clients in ${GUILDS} servers, connected in ${connected} ms; ${PER_SECOND} messages a second for ${SECONDS} s`,
    `heard        ${heard} of ${wanted}`,
    `memory       ${mb} MB at most (limit ${LIMITS.mb})`,
    `added        p50 ${of(0.5)} ms (limit ${LIMITS.p50}), p99 ${of(0.99)} ms (limit ${LIMITS.p99}), most ${of(1)} ms`,
    `CPU          ${Math.round((cpu / SECONDS) * 100)} % of a core`,
  ]
  process.stdout.write(`${lines.join('\n')}\n`)
  const isKept = heard === wanted && mb <= LIMITS.mb && of(0.5) <= LIMITS.p50 && of(0.99) <= LIMITS.p99
  process.exitCode = isKept ? 0 : 1
}
