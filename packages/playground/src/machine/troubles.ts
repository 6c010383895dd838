/** What a person can break here, beside killing the bot: each says what will happen, happens at once, and ends by itself. */
import { readFileSync } from 'node:fs'
import type { Emulator } from 'discord-emulator'
import type { Lasting, Trouble } from '../wire.ts'
import type { BotKeeper } from './bot.ts'
import { leftovers } from './leftovers.ts'

export interface Troubles {
  /** What the menu offers. */
  readonly offered: readonly Trouble[]
  readonly lasting: () => readonly Lasting[]
  /** When something was last not as it should be, Unix milliseconds; `Infinity` while it is not. */
  readonly lastedUntil: () => number
  /** Words about what was done now; an error where it cannot be done. */
  cause(name: string): string
  onChange(listener: () => void): () => void
  stop(): void
}

interface Surroundings {
  readonly emulator: Pick<Emulator, 'faults' | 'gateway' | 'clock'>
  readonly bot: Pick<BotKeeper, 'renew'>
  readonly botId: string
  /** The temporary folder of this run: its processes carry the path. */
  readonly dir: string
}

/** `begin` returns how it ends, or words where it lasts no time. */
interface Kind extends Trouble {
  readonly begin: (surroundings: Surroundings) => (() => void) | string
  readonly lastsMs?: number
}

export function createTroubles(surroundings: Surroundings): Troubles {
  const running = new Map<string, Lasting & { readonly end: () => void; readonly timer: NodeJS.Timeout }>()
  const listeners = new Set<() => void>()
  let overAt = 0
  let hoursAhead = 0
  const tell = () => {
    for (const listener of listeners) listener()
  }

  function over(name: string): void {
    const one = running.get(name)
    if (!one) return
    running.delete(name)
    clearTimeout(one.timer)
    one.end()
    overAt = Date.now()
    tell()
  }

  function cause(name: string): string {
    const kind = KINDS.find((one) => one.name === name)
    if (!kind) throw new Error(`Nothing is called "${name}" here.`)
    // The emulator has one weather at a time, and pressing again begins it anew.
    over(name)
    if (WEATHERS.has(name)) for (const weather of WEATHERS) over(weather)
    const begun = kind.begin(surroundings)
    if (name === 'clock') hoursAhead += 1
    const { title, lastsMs = 0 } = kind
    if (typeof begun === 'string') {
      overAt = Date.now()
      tell()
      return begun
    }
    const timer = setTimeout(() => over(name), lastsMs)
    running.set(name, { name, title, until: Date.now() + lastsMs, end: begun, timer })
    tell()
    return `${title}: for ${lastsMs / 1000} seconds`
  }

  return {
    offered: KINDS.map(({ name, title, effect }) => ({ name, title, effect })),
    lasting: () => [
      ...[...running.values()].map(({ name, title, until }) => ({ name, title, until })),
      ...(hoursAhead > 0 ? [{ name: 'clock', title: `Discord's clock: +${hoursAhead} h`, until: undefined }] : []),
    ],
    lastedUntil: () => (running.size > 0 ? Infinity : overAt),
    cause,
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    stop() {
      for (const name of running.keys()) over(name)
    },
  }
}

const KINDS: readonly Kind[] = [
  {
    name: 'agent',
    title: 'Kill OpenCode',
    effect: 'SIGKILL to the agent’s server. The bot starts another one and goes on, or tells what was cut off.',
    begin: ({ dir }) => {
      const servers = leftovers(dir).filter(isAgent)
      for (const pid of servers) process.kill(pid, 'SIGKILL')
      if (servers.length === 0) throw new Error('No OpenCode server runs now: it is started with the next task.')
      return `SIGKILL sent to OpenCode (${servers.join(', ')})`
    },
  },
  {
    name: 'gateway',
    title: 'Cut the connection',
    effect: '10 seconds without Discord’s gateway: what is written meanwhile must be heard afterwards.',
    lastsMs: 10_000,
    begin: ({ emulator: { gateway }, botId }) => {
      gateway.refuse(true)
      gateway.cut(botId)
      return () => gateway.refuse(false)
    },
  },
  {
    name: '429',
    title: '429 storm',
    effect: '15 seconds in which Discord refuses every second request with “too many requests”.',
    lastsMs: 15_000,
    begin: ({ emulator }) => emulator.faults.profile('429-storm'),
  },
  {
    name: 'outage',
    title: 'Discord outage',
    effect: '12 seconds in which nearly every request fails with 5xx and the gateway is gone.',
    lastsMs: 12_000,
    begin: ({ emulator }) => emulator.faults.profile('discord-outage'),
  },
  {
    name: 'slow',
    title: 'Bad network',
    effect: '20 seconds of slow, broken and half-answered requests; events come late, twice or swapped.',
    lastsMs: 20_000,
    begin: ({ emulator }) => {
      const late = emulator.faults.add({ route: '*', times: 12, effect: { kind: 'latency', ms: 900 } })
      const end = emulator.faults.profile('flaky-wifi')
      return () => {
        late.clear()
        end()
      }
    },
  },
  {
    name: 'clock',
    title: 'Discord’s clock +1 h',
    effect: 'Discord’s clock goes an hour ahead of this machine’s, and stays there.',
    begin: ({ emulator }) => {
      emulator.clock.advance(3_600_000)
      return 'Discord’s clock is an hour ahead of this machine’s'
    },
  },
  {
    name: 'renew',
    title: 'Restart with new code',
    effect: 'SIGTERM: the bot ends in order and starts with its files as they are now. The agent works on meanwhile.',
    begin: ({ bot }) => {
      const pid = bot.renew()
      if (pid === undefined) throw new Error('The bot does not run now: it is being started already.')
      return `SIGTERM sent to ${pid}`
    },
  },
]

/** They share the one weather of the emulator. */
const WEATHERS: ReadonlySet<string> = new Set(['429', 'outage', 'slow'])

function isAgent(pid: number): boolean {
  try {
    return /opencode\S* serve/.test(readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' '))
  } catch {
    return false
  }
}
