/** How soon the built program is there: its help, and a bot that hears messages. */
import { spawn } from 'node:child_process'
import { setTimeout as pause } from 'node:timers/promises'
import type { Harness } from '../test/support/harness.ts'
import type { Installed } from '../test/build/installed.ts'
import { rowOf, type Row } from './row.ts'

export async function helpStarts({ bin }: Installed, n: number): Promise<Row> {
  const samples: number[] = []
  for (let index = 0; index < n; index += 1) samples.push(await timeToEnd([bin, '--help']))
  return rowOf({ figure: '--help', unit: 'ms', target: { kind: 'at most', value: 150 } }, samples)
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
  return rowOf({ figure: 'spawn → ready', unit: 'ms', target: { kind: 'at most', value: 500 } }, samples)
}

function timeToEnd(args: readonly string[]): Promise<number> {
  const startedAt = performance.now()
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { stdio: 'ignore' })
    child.once('error', reject)
    child.once('exit', (code) =>
      code === 0 ? resolve(performance.now() - startedAt) : reject(new Error(`${args.join(' ')} ended with ${code}`)),
    )
  })
}
