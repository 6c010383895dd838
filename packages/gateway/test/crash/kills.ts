/**
 * SIGKILLs of the gateway and of its bots at random moments, while people write. Counted in the inboxes of the bots: each message of the
 * servers a bot is let into stands there once, and no other. The seed chooses who is killed and when.
 */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { startEmulator, type Emulator, type Guild, type Person } from 'discord-emulator'
import { install, register } from '../support/client.ts'
import { freePort } from '../support/free-port.ts'

export interface KillsOptions {
  readonly kills: number
  readonly seed: number
  /** The program of the gateway. */
  readonly program?: 'gateway' | 'hasty'
  /** What a bot has not heard so long after the last message is lost. */
  readonly settleMs?: number
  readonly onKill?: (done: number) => void
}

export interface Kills {
  readonly messages: number
  readonly gatewayKills: number
  readonly botKills: number
  /** Messages that a bot should have heard, for all bots. */
  readonly wanted: number
  readonly lost: number
  readonly doubled: number
  /** Messages of servers that a bot is not let into. */
  readonly foreign: number
  /** Times that a bot had to identify anew. */
  readonly gaps: number
}

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url))
const PROGRAMS = { gateway: at('../../src/main.ts'), hasty: at('processes/hasty-gateway.ts'), bot: at('processes/bot.ts') }
/** Between two messages; and between two kills at most, on top of the time that the victim takes to be back. */
const [WRITE_MS, KILL_MS] = [15, 300]
const SETTLE_MS = 30_000

export async function runKills({ kills, seed, program = 'gateway', settleMs = SETTLE_MS, onKill }: KillsOptions): Promise<Kills> {
  const folder = mkdtempSync(join(tmpdir(), 'kimaki-gateway-kills-'))
  const emulator = await startEmulator({ rateLimits: false })
  const scene = await setUp(emulator, folder, program)
  const random = randomOf(seed)
  // Of its own: how many numbers the writers draw depends on the machine, and whom the seed kills must not.
  const writing = write(scene.places, randomOf(seed + 1))
  try {
    let gatewayKills = 0
    for (let kill = 0; kill < kills; kill += 1) {
      await sleep(random() * KILL_MS)
      const victim =
        random() < 0.5 ? scene.gateway : (scene.bots[Math.floor(random() * scene.bots.length)]?.process ?? scene.gateway)
      if (victim === scene.gateway) gatewayKills += 1
      await victim.kill()
      await sleep(random() * 50)
      await victim.start()
      onKill?.(kill + 1)
    }
    const sent = await writing.stop()
    return { ...(await count(scene.bots, sent, settleMs)), messages: sent.length, gatewayKills, botKills: kills - gatewayKills }
  } finally {
    await writing.stop()
    await Promise.all([scene.gateway, ...scene.bots.map((bot) => bot.process)].map(async (one) => one.kill()))
    await emulator.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

interface Mortal {
  start(): Promise<void>
  kill(): Promise<void>
}

interface BotSeat {
  readonly process: Mortal
  readonly inbox: string
  readonly guildId: string
}

/** Two machines in one server, one in another. */
async function setUp(emulator: Emulator, folder: string, program: 'gateway' | 'hasty') {
  const { world } = emulator
  const port = await freePort()
  const origin = `http://127.0.0.1:${port}`
  const bot = world.bot({ name: 'shared', redirectUris: [`${origin}/api/oauth/callback`] })
  const people = [world.user('Ada'), world.user('Ben')] as const
  const guilds = people.map((owner) => world.guild({ name: `of ${owner.id}`, owner }))
  const places = guilds.map((guild, index) => ({
    guild,
    person: people[index] ?? people[0],
    channel: guild.textChannel('general'),
  }))
  const env = {
    KIMAKI_GATEWAY_APPLICATION_ID: bot.applicationId,
    KIMAKI_GATEWAY_CLIENT_SECRET: bot.clientSecret,
    KIMAKI_GATEWAY_BOT_TOKEN: bot.token,
    KIMAKI_GATEWAY_PUBLIC_URL: origin,
    KIMAKI_GATEWAY_PORT: String(port),
    KIMAKI_GATEWAY_DATABASE: join(folder, 'gateway.sqlite'),
    KIMAKI_GATEWAY_API_URL: emulator.apiUrl,
    KIMAKI_GATEWAY_AUTHORIZE_URL: `${emulator.origin}/oauth2/authorize`,
  }
  const gateway = mortal([PROGRAMS[program]], env)
  await gateway.start()
  const bots: BotSeat[] = []
  for (const [index, { guild, person }] of [places[0], places[0], places[1]].filter((place) => place !== undefined).entries()) {
    const client = await register(origin, `machine ${index}`)
    await install(client, person, guild.id)
    const inbox = join(folder, `bot-${index}.sqlite`)
    const seat = { process: mortal([PROGRAMS.bot, origin, client.token, inbox], {}), inbox, guildId: guild.id }
    await seat.process.start()
    bots.push(seat)
  }
  await until(() => bots.every(({ inbox }) => rowsOf(inbox, 'SELECT 1 FROM place').length > 0), SETTLE_MS)
  return { gateway, bots, places }
}

/** A gateway is there once it logs, a bot once it runs. */
function mortal(args: readonly string[], env: Readonly<Record<string, string>>): Mortal {
  let child: ChildProcess | undefined
  return {
    async start() {
      const logs = Object.keys(env).length > 0
      const started = spawn(process.execPath, args, {
        env: { PATH: process.env['PATH'] ?? '', ...env },
        stdio: ['ignore', 'ignore', logs ? 'pipe' : 'inherit'],
      })
      child = started
      await (started.stderr ? once(started.stderr, 'data') : once(started, 'spawn'))
      started.stderr?.resume()
    },
    async kill() {
      const dying = child
      child = undefined
      if (dying === undefined || dying.exitCode !== null || dying.signalCode !== null) return
      dying.kill('SIGKILL')
      await once(dying, 'exit')
    },
  }
}

interface Place {
  readonly guild: Guild
  readonly person: Person
  readonly channel: ReturnType<Guild['textChannel']>
}

interface Sent {
  readonly guildId: string
  readonly content: string
}

/** People write all the time, until `stop`. */
function write(places: readonly Place[], random: () => number): { stop(): Promise<readonly Sent[]> } {
  const sent: Sent[] = []
  let isOver = false
  const writing = (async () => {
    while (!isOver) {
      const place = places[Math.floor(random() * places.length)]
      if (place === undefined) return
      const content = `#${sent.length}`
      place.person.send(place.channel.id, content)
      sent.push({ guildId: place.guild.id, content })
      await sleep(WRITE_MS)
    }
  })()
  return {
    async stop() {
      isOver = true
      await writing
      return sent
    },
  }
}

async function count(
  bots: readonly BotSeat[],
  sent: readonly Sent[],
  settleMs: number,
): Promise<Pick<Kills, 'wanted' | 'lost' | 'doubled' | 'foreign' | 'gaps'>> {
  const seats = bots.map(({ inbox, guildId }) => ({
    wanted: sent.filter((one) => one.guildId === guildId).map(({ content }) => content),
    heard: () => rowsOf(inbox, 'SELECT content FROM inbox').map(({ content }) => String(content)),
    gaps: () => rowsOf(inbox, 'SELECT 1 FROM gaps').length,
  }))
  await until(() => seats.every(({ wanted, heard }) => new Set(heard()).size >= wanted.length), settleMs)
  const verdicts = seats.map(({ wanted, heard, gaps }) => {
    const [all, own] = [heard(), new Set(wanted)]
    const each = new Set(all)
    return {
      wanted: wanted.length,
      lost: wanted.filter((content) => !each.has(content)).length,
      doubled: all.length - each.size,
      foreign: all.filter((content) => !own.has(content)).length,
      gaps: gaps(),
    }
  })
  const sum = (name: keyof (typeof verdicts)[number]): number => verdicts.reduce((total, one) => total + one[name], 0)
  return { wanted: sum('wanted'), lost: sum('lost'), doubled: sum('doubled'), foreign: sum('foreign'), gaps: sum('gaps') }
}

function rowsOf(path: string, sql: string): readonly Record<string, unknown>[] {
  try {
    const db = new DatabaseSync(path, { readOnly: true, timeout: 2000 })
    try {
      return db.prepare(sql).all()
    } finally {
      db.close()
    }
  } catch {
    // The bot has not made it yet.
    return []
  }
}

/** Gives up at the deadline: whoever asked counts what is there. */
async function until(holds: () => boolean, deadlineMs: number): Promise<void> {
  const before = performance.now()
  while (!holds() && performance.now() - before < deadlineMs) await sleep(50)
}

/** Numbers from 0 to 1, the same ones for the same seed (mulberry32). */
function randomOf(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
