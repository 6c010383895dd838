#!/usr/bin/env node
/** The command line: a gateway with the settings of the environment, until SIGTERM or Ctrl-C. */
import { reasonOf, UsageError } from './base/errors.ts'
import { createLog } from './base/log.ts'
import { Metrics } from './base/metrics.ts'
import { readConfig, SETTINGS } from './config.ts'
import { startGateway } from './gateway.ts'
import { openStore } from './store/store.ts'

/** Wrong settings: starting again as it is does not help. */
const USAGE = 64
/** Something has to be there first. */
const TRY_LATER = 75

await main()

async function main(): Promise<void> {
  if (process.argv.includes('--help')) return void process.stdout.write(help())
  const config = readConfig(process.env)
  if (config instanceof UsageError) return fail(config.message, USAGE)
  const now = () => Date.now()
  const log = createLog((line) => void process.stderr.write(line), now)
  const metrics = new Metrics()
  try {
    const store = openStore({
      path: config.databasePath,
      keepMs: config.keepHours * 3_600_000,
      keepEvents: config.keepEvents,
      now,
      onFailure: () => metrics.add('gateway_store_failures_total'),
    })
    const onFatal = (reason: string): void => {
      fail(reason, USAGE)
      void gateway.stop()
    }
    const gateway = await startGateway(config, { store, log, now, metrics, onFatal })
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void gateway.stop())
  } catch (error) {
    fail(`The gateway cannot start: ${reasonOf(error)}.`, TRY_LATER)
  }
}

function fail(sentence: string, code: number): void {
  process.stderr.write(`kimaki-gateway: ${sentence}\n`)
  process.exitCode = code
}

function help(): string {
  const lines = Object.entries(SETTINGS).map(([name, what]) => `  ${name.padEnd(36)} ${what}`)
  return `kimaki-gateway: one Discord bot for the machines of many people. Settings, from the environment:\n\n${lines.join('\n')}\n`
}
