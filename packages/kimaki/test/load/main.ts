/** `npm run test:load -- --minutes 30 --rate 10 --threads 100`: a steady load, in figures. Exits 1 when anything is amiss. */
import { parseArgs } from 'node:util'
import { startHarness } from '../support/harness.ts'
import { RULES } from '../../bench/script.ts'
import { faultsOf, report, sustained } from './sustained.ts'

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '30' },
    rate: { type: 'string', default: '10' },
    threads: { type: 'string', default: '100' },
  },
})
const minutes = Number(values.minutes)
const harness = await startHarness({ rules: RULES, opencode: 'real' })
try {
  const projects = [await harness.project('alpha'), await harness.project('beta')]
  const result = await sustained(harness, projects, {
    minutes,
    perSecond: Number(values.rate),
    threads: Number(values.threads),
    // Five minutes of thirty.
    warmUp: 5 / 30,
    onMinute: (line) => void process.stderr.write(`${line}\n`),
  })
  const faults = faultsOf(result)
  process.stdout.write(`${minutes} min at ${values.rate} messages/s over ${values.threads} threads, Discord's rate limits on\n`)
  process.stdout.write(`${[report(result), ...faults.map((fault) => `✗ ${fault}`)].join('\n')}\n`)
  process.exitCode = faults.length === 0 ? 0 : 1
} finally {
  await harness.stop()
}
