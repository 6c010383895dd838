/** The emulator must never be what is measured elsewhere: what it takes in a second, starts a client with, and keeps in memory. */
import { benchCreates } from '../../discord-emulator/bench/creates.ts'
import { benchMemory } from '../../discord-emulator/bench/memory.ts'
import { benchSpread } from '../../discord-emulator/bench/spread.ts'
import { benchThreads } from '../../discord-emulator/bench/threads.ts'
import { rowOf, type Heading, type Row } from './row.ts'

const FIGURES: readonly (readonly [Heading, () => Promise<number>])[] = [
  [
    { figure: 'emulator, messages created in a row', unit: '/s', target: { kind: 'at least', value: 1500 } },
    async () => (await benchCreates(3000)).perSecond,
  ],
  [
    { figure: 'emulator, messages over 50 channels', unit: '/s', target: { kind: 'at least', value: 4000 } },
    async () => (await benchSpread(10_000)).perSecond,
  ],
  [
    { figure: 'emulator, client with 10,000 threads', unit: 'ms', target: { kind: 'at most', value: 1000 } },
    async () => (await benchThreads(10_000)).ms,
  ],
  [
    { figure: 'emulator, 200,000 messages', unit: 'MB', target: { kind: 'at most', value: 200 } },
    async () => (await benchMemory(200_000)).megabytes,
  ],
]

export async function emulatorFigures(rounds: number): Promise<readonly Row[]> {
  const rows: Row[] = []
  for (const [heading, figure] of FIGURES) {
    const samples: number[] = []
    for (let round = 0; round < rounds; round += 1) samples.push(await figure())
    rows.push(rowOf(heading, samples))
  }
  return rows
}

if (import.meta.main) process.stdout.write(`${JSON.stringify(await emulatorFigures(3), null, 1)}\n`)
