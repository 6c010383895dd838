/** How soon the built program is there: its help, a command without network, and a bot that hears messages; beside Node alone. */
import { spawn } from 'node:child_process'
import { setTimeout as pause } from 'node:timers/promises'
import type { Harness } from '../test/support/harness.ts'
import type { Installed } from '../test/build/installed.ts'
import { rowOf, type Row } from './row.ts'

/** Node alone in the same breath: the machine may be busy, and then all take as many times longer. */
export async function commandStarts({ env: full }: Harness, { bin }: Installed, n: number): Promise<readonly Row[]> {
  // Without a token: with one, `project list` asks Discord for the names of channels.
  const { KIMAKI_BOT_TOKEN: _, ...env } = full
  const started = [['node', '-e', '0'], ['--help'], ['project', 'list']] as const
  const samples: readonly number[][] = started.map(() => [])
  for (let index = 0; index < n; index += 1)
    for (const [which, args] of started.entries())
      samples[which]?.push(await timeToEnd(args[0] === 'node' ? args.slice(1) : [bin, ...args], env))
  const [node = [], help = [], list = []] = samples
  return [
    rowOf({ figure: 'node -e 0', unit: 'ms' }, node),
    rowOf({ figure: '--help', unit: 'ms', target: { kind: 'at most', value: 60 } }, help),
    rowOf({ figure: 'project list', unit: 'ms', target: { kind: 'at most', value: 200 } }, list),
  ]
}

/** Its first look at what was written meanwhile: a bot that ends before begins a new session at the next start, and Discord spaces those. */
const CAUGHT_UP_MS = 500

/** With a project linked, as in real life; each bot has ended, its OpenCode too, before the next one starts. */
export async function readyStarts(harness: Harness, { entry }: Installed, n: number): Promise<Row> {
  const samples: number[] = []
  for (let index = 0; index < n; index += 1) {
    const bot = await harness.bot(entry)
    samples.push(bot.readyAfterMs())
    await pause(CAUGHT_UP_MS)
    await bot.stop()
  }
  return rowOf({ figure: 'spawn → ready', unit: 'ms', target: { kind: 'at most', value: 250 } }, samples)
}

function timeToEnd(args: readonly string[], env: Harness['env']): Promise<number> {
  const startedAt = performance.now()
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { stdio: 'ignore', env })
    child.once('error', reject)
    child.once('exit', (code) =>
      code === 0 ? resolve(performance.now() - startedAt) : reject(new Error(`${args.join(' ')} ended with ${code}`)),
    )
  })
}
