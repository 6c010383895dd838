/** Who can be killed: the bot, the wrapper above it, an OpenCode server below it. Found by pid, killed with SIGKILL, waited for. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { isAlive, type BotProcess } from '../support/bot-process.ts'
import type { Harness } from '../support/harness.ts'
import { until } from '../support/until.ts'
import { signalTo } from '../support/pids.ts'

export const VICTIMS = ['bot', 'wrapper', 'opencode', 'bot and opencode'] as const
export type Victim = (typeof VICTIMS)[number]

/** Drawn from: as often as each stands here. The bot dies most often. */
export const DRAW: readonly Victim[] = [
  'bot',
  'bot',
  'bot',
  'bot',
  'bot',
  'opencode',
  'opencode',
  'wrapper',
  'wrapper',
  'bot and opencode',
]

const WRAPPED = { kind: 'composition', file: new URL('../support/wrapped-bot.ts', import.meta.url) } as const

export interface Processes {
  /** Kills and waits until a bot is ready again: started by the wrapper, or taking over when the wrapper has died. */
  kill(victim: Victim): Promise<void>
  readonly log: () => string
}

/** A bot under its wrapper, and whoever has to follow them. */
export async function startProcesses(harness: Harness): Promise<Processes> {
  let wrapper = await harness.bot(WRAPPED, { KIMAKI_NO_WRAPPER: '' })

  const log = (): string => wrapper.stderr()

  async function kill(victim: Victim): Promise<void> {
    if (victim === 'wrapper') {
      wrapper.kill()
      // Its bot lives on and holds its streams: `exited` would wait for them.
      await until(
        () => `the wrapper to be gone\n${log()}`,
        async () => !isAlive(wrapper.pid),
      )
      wrapper = await harness.bot(WRAPPED, { KIMAKI_NO_WRAPPER: '' })
      return
    }
    const servers = victim === 'bot' ? [] : serversOf(harness)
    const bot = victim === 'opencode' ? [] : [botOf(harness)]
    const ready = readyLines(wrapper)
    const doomed = [...bot, ...servers]
    for (const pid of doomed) end(pid)
    await until(
      () => `the killed to be gone\n${log()}`,
      async () => !doomed.some(isAlive),
    )
    if (bot.length > 0)
      await until(
        () => `the next bot\n${log()}`,
        async () => readyLines(wrapper) > ready,
      )
  }

  return { kill, log }
}

const readyLines = (wrapper: BotProcess): number => wrapper.stdout().split('{"type":"ready"').length

const botOf = ({ dataDir }: Harness): number =>
  (JSON.parse(readFileSync(join(dataDir, 'bot-process.json'), 'utf8')) as { readonly pid: number }).pid

function serversOf({ dataDir }: Harness): readonly number[] {
  const db = new DatabaseSync(join(dataDir, 'discord-sessions.db'), { readOnly: true })
  const pids = db.prepare('SELECT DISTINCT pid FROM server').all()
  db.close()
  return pids.map(({ pid }) => Number(pid)).filter(isAlive)
}

function end(pid: number): void {
  try {
    signalTo(pid, 'SIGKILL')
  } catch {
    // It has just ended by itself.
  }
}
