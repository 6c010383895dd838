/** Several harnesses in which rows are played side by side: a fault of one emulator meets the bots of that emulator alone. */
import type { EmulatorOptions } from 'discord-emulator'
import { afterAll, beforeAll } from 'vitest'
import { CRASH_RULES } from '../../crash/rules.ts'
import { startHarness, type Harness } from '../../support/harness.ts'
import type { FaultRow } from './row.ts'
import { Runner } from './runner.ts'
import type { SafeguardName } from './safeguards.ts'

/** As many tests as vitest runs at a time. */
const LANES = 5

export interface Lanes {
  play(row: FaultRow, without?: SafeguardName): Promise<readonly string[]>
}

export function useLanes(emulator: EmulatorOptions): Lanes {
  const harnesses: Harness[] = []
  const free: Runner[] = []
  const waiting: ((runner: Runner) => void)[] = []

  beforeAll(async () => {
    const took = new Map<string, number>()
    for (let lane = 0; lane < LANES; lane += 1) {
      const harness = await startHarness({ rules: CRASH_RULES, emulator: { rateLimits: false, ...emulator } })
      harnesses.push(harness)
      free.push(new Runner(harness, await harness.project('alpha'), took))
    }
  })

  afterAll(async () => {
    await Promise.all(harnesses.map(async (harness) => harness.stop()))
  })

  return {
    async play(row, without) {
      const runner = free.pop() ?? (await new Promise<Runner>((resolve) => waiting.push(resolve)))
      try {
        return await runner.play(row, without)
      } finally {
        const next = waiting.shift()
        if (next) next(runner)
        else free.push(runner)
      }
    },
  }
}
