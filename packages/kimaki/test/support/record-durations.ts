/** A reporter that writes down how long each test file took. */
import { readFileSync, writeFileSync } from 'node:fs'
import type { Reporter, TestModule } from 'vitest/node'
import { DURATIONS, nameOf } from './longest-first.ts'

export default class RecordDurations implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const known = JSON.parse(readFileSync(DURATIONS, 'utf8')) as Readonly<Record<string, number>>
    const seconds = modules.map((module) => {
      const { duration, collectDuration } = module.diagnostic()
      return [nameOf(module.moduleId), Math.round((duration + collectDuration) / 100) / 10] as const
    })
    const all = Object.entries({ ...known, ...Object.fromEntries(seconds) }).toSorted(([a], [b]) => a.localeCompare(b))
    writeFileSync(DURATIONS, `${JSON.stringify(Object.fromEntries(all), undefined, 2)}\n`)
  }
}
