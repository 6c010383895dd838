/** `npm run test:catch-up`: 500 messages in 50 threads, 10 of them new, arrive while the bot is down for a minute. Exits 1 when anything is amiss. */
import { parseArgs } from 'node:util'
import { startHarness } from '../support/harness.ts'
import { catchUpLoad, LOAD_RULES, report } from './catch-up.ts'

const { values } = parseArgs({
  options: {
    messages: { type: 'string', default: '500' },
    threads: { type: 'string', default: '50' },
    born: { type: 'string', default: '10' },
    /** Seconds. */
    down: { type: 'string', default: '60' },
  },
})
const LIMIT_MS = 60_000

const harness = await startHarness({ rules: LOAD_RULES, opencode: 'real' })
try {
  const project = await harness.project('alpha')
  const load = {
    messages: Number(values.messages),
    threads: Number(values.threads),
    born: Number(values.born),
    downMs: Number(values.down) * 1000,
  }
  const result = await catchUpLoad(harness, project, load, { patienceMs: 4 * LIMIT_MS })
  process.stdout.write(`${report(result)}\n`)
  process.exitCode = result.verdict.findings.length === 0 && result.lastPostMs <= LIMIT_MS ? 0 : 1
} finally {
  await harness.stop()
}
