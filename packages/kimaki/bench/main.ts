/**
 * `npm run bench`: the built product in figures, beside OpenCode alone. Exits 1 when a p50 misses its target. Nothing else should run on
 * the machine: its load is printed with the table. `--n`, `--starts`, `--rounds`, `--messages`, `--asks`, `--typed` and `--cold` make it shorter than its three minutes;
 * `--commands` measures slash commands alone.
 */
import { cpus, loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import { installBuilt } from '../test/build/installed.ts'
import { startHarness, type Project } from '../test/support/harness.ts'
import { asks } from './asks.ts'
import { startBareOpenCode } from './bare-opencode.ts'
import { commands, manyCommands } from './commands.ts'
import { coldProjects } from './cold.ts'
import { crowd } from './crowd.ts'
import { diffPages } from './diff-page.ts'
import { emulatorFigures } from './emulator.ts'
import { interrupts } from './interrupts.ts'
import { load } from './load.ts'
import { replies } from './replies.ts'
import { isMissed, type Row } from './row.ts'
import { RULES } from './script.ts'
import { longAnswer } from './shown/long-answer.ts'
import { commandStarts, readyStarts } from './starts.ts'
import { tableOf } from './table.ts'

const { values } = parseArgs({
  options: {
    n: { type: 'string', default: '30' },
    starts: { type: 'string', default: '10' },
    rounds: { type: 'string', default: '3' },
    messages: { type: 'string', default: '50' },
    interrupts: { type: 'string', default: '12' },
    asks: { type: 'string', default: '30' },
    cold: { type: 'string', default: '20' },
    typed: { type: 'string', default: '100' },
    idle: { type: 'string', default: '20' },
    commands: { type: 'boolean', default: false },
  },
})
const starts = Number(values.starts)
const rounds = Number(values.rounds)

/** What has to be ended, the latest first; Ctrl-C ends it too. */
const begun = new AsyncDisposableStack()
let ending: Promise<void> | undefined
const end = (): Promise<void> => (ending ??= begun.disposeAsync())
const endEarly = (): void => void end().finally(() => process.exit(130))
process.once('SIGINT', endEarly).once('SIGTERM', endEarly)

async function figures(): Promise<readonly Row[]> {
  if (values.commands) return slashCommands(await place())
  const emulator = await measured('emulator', emulatorFigures(rounds))
  const { built, harness } = await place()
  const started = await measured('commands', commandStarts(harness, built, starts * 2))
  const project = await harness.project('alpha')
  const ready = await measured('spawn → ready', readyStarts(harness, built, starts))

  const bot = await harness.bot(built.entry)
  const bare = await startBareOpenCode(harness)
  const replied = await measured('replies', replies({ harness, bare, project }, Number(values.n)))
  await bare.stop()
  await bot.stop()
  const cold = await measured('cold projects', coldProjects({ harness, built }, Number(values.cold)))

  const loaded = await measured('load', load({ harness, built, project }, { rounds, messages: Number(values.messages) }))
  const crowded = await measured('crowd', crowd({ harness, built, project }, { rounds, idleMs: Number(values.idle) * 1000 }))
  const interrupted = await measured('interrupts', interrupts({ harness, built, project }, Number(values.interrupts)))
  const asked = await measured('asks', asks({ harness, built, project }, Number(values.asks)))
  const slash = await slashCommands({ built, harness }, project)
  return [
    ...started,
    ready,
    ...replied,
    ...cold,
    ...loaded,
    ...crowded,
    interrupted,
    ...asked,
    ...slash,
    longAnswer(20),
    await measured('page of a diff', diffPages(20)),
    ...emulator,
  ]
}

type Place = Awaited<ReturnType<typeof place>>

async function place() {
  const built = begun.adopt(await installBuilt(), ({ remove }) => remove())
  const harness = begun.adopt(await startHarness({ rules: RULES, emulator: { rateLimits: false }, opencode: 'real' }), (one) =>
    one.stop(),
  )
  return { built, harness }
}

async function slashCommands({ built, harness }: Place, known?: Project): Promise<readonly Row[]> {
  const project = known ?? (await harness.project('alpha'))
  const typed = await measured('slash commands', commands({ harness, built, project }, Number(values.typed)))
  const many = await measured('many commands', manyCommands({ harness, built, project }, starts))
  return [...typed, many]
}

async function measured<T>(what: string, work: Promise<T>): Promise<T> {
  const result = await work
  process.stderr.write(`measured: ${what}\n`)
  return result
}

const loadNow = (): string => (loadavg()[0] ?? 0).toFixed(1)

try {
  const before = loadNow()
  const rows = await figures()
  const missed = rows.filter(isMissed)
  process.stdout.write(
    `${tableOf(rows)}\n\nNode ${process.version}, ${cpus().length} cores, load ${before} before and ${loadNow()} after\n`,
  )
  if (missed.length > 0) process.stdout.write(`\nMissed:\n${tableOf(missed)}\n`)
  process.exitCode = missed.length > 0 ? 1 : 0
} finally {
  await end()
}
