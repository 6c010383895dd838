/** `npm run test:crash -- --n 1000 --seed 7 [--mix delivery|asks|commands]`: random kills, a histogram and the checker's word. Exits 1 when anything is amiss. */
import { parseArgs } from 'node:util'
import { startHarness } from '../support/harness.ts'
import { postMortem } from './post-mortem.ts'
import { offerIn } from './commands/invocations.ts'
import { MIXES, type Mix } from './mixes.ts'
import { randomKills, report } from './random-kills.ts'
import { CRASH_RULES } from './rules.ts'

const { values } = parseArgs({
  options: {
    n: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
    mix: { type: 'string', default: 'plain' },
  },
})
/** The share of kills that fall between a message's arrival and its last post: fewer prove little. */
const IN_FLIGHT = 0.7
const kills = Number(values.n)
const seed = Number(values.seed)
const mix: Mix = Object.hasOwn(MIXES, values.mix) ? (values.mix as Mix) : 'plain'
const harness = await startHarness({ rules: CRASH_RULES, emulator: { rateLimits: false }, opencode: 'real' })
try {
  const projects = [await harness.project('alpha'), await harness.project('beta')]
  if (mix === 'commands') for (const project of projects) offerIn(project)
  const startedAt = performance.now()
  const progress = (done: number): void =>
    void (
      done % 5 === 0 && process.stderr.write(`${done}/${kills} kills, ${Math.round((performance.now() - startedAt) / 1000)} s\n`)
    )
  const result = await randomKills(harness, projects, { kills, seed, mix, onKill: progress })
  process.stdout.write(`seed ${seed}: ${report(result)}\n`)
  if (result.verdict.findings.length > 0) {
    const threads = new Set(result.verdict.findings.flatMap(({ messageId }) => threadOf(messageId) ?? []))
    process.stderr.write([result.lastLog, ...[...threads].slice(0, 3).map((id) => postMortem(harness, id))].join('\n'))
  }
  if (result.inFlight < IN_FLIGHT)
    process.stderr.write(`too few of the kills hit anything: at least ${IN_FLIGHT * 100} % should\n`)
  process.exitCode = result.verdict.findings.length + result.invented.length === 0 && result.inFlight >= IN_FLIGHT ? 0 : 1
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`)
  process.exitCode = 1
} finally {
  await harness.stop()
}

/** The thread the message stands in, or begins. */
function threadOf(messageId: string | undefined): string | undefined {
  const entry = harness.emulator.journal.entries.find((one) => one.kind === 'message' && one.messageId === messageId)
  if (entry?.kind !== 'message') return undefined
  return entry.parentId === undefined ? entry.messageId : entry.channelId
}
