/**
 * `npm run bench`: the built product in figures, beside OpenCode alone. Exits 1 when a p50 misses its target. Nothing else should run on
 * the machine; the load is printed with the table. `--n`, `--starts`, `--rounds` and `--messages` make it shorter.
 */
import { cpus, loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import { benchCreates } from '../../discord-emulator/bench/creates.ts'
import { installBuilt, type Installed } from '../test/build/installed.ts'
import { startHouse } from '../test/support/house.ts'
import { load } from './load.ts'
import { replies } from './replies.ts'
import { isMissed, rowOf, type Row } from './row.ts'
import { RULES } from './script.ts'
import { helpStarts, readyStarts } from './starts.ts'
import { tableOf } from './table.ts'

const { values } = parseArgs({
  options: {
    n: { type: 'string', default: '30' },
    starts: { type: 'string', default: '10' },
    rounds: { type: 'string', default: '3' },
    messages: { type: 'string', default: '50' },
  },
})
const size = {
  n: Number(values.n),
  starts: Number(values.starts),
  rounds: Number(values.rounds),
  messages: Number(values.messages),
}

async function figures(built: Installed): Promise<readonly Row[]> {
  const emulator = await creates()
  told('creates')
  const help = await helpStarts(built, size.starts * 2)
  told('--help')
  const house = await startHouse({ rules: RULES, emulator: { rateLimits: false } })
  try {
    const project = await house.project('alpha')
    const ready = await readyStarts(house, built, size.starts)
    told('spawn → ready')
    const bot = await house.bot(built.entry)
    const replied = await replies(house, project, size.n)
    told('replies')
    await bot.stop()
    const loaded = await load(house, project, built, { ...size, firstTag: 100_000 })
    told('load')
    return [help, ready, ...replied, ...loaded, emulator]
  } finally {
    await house.stop()
  }
}

async function creates(): Promise<Row> {
  const rates: number[] = []
  for (let round = 0; round < size.rounds; round += 1) rates.push((await benchCreates(3000)).perSecond)
  return rowOf({ figure: 'emulator, messages created', unit: '/s', target: { kind: 'at least', value: 1500 } }, rates)
}

function told(what: string): void {
  process.stderr.write(`${what}: measured\n`)
}

const built = await installBuilt()
try {
  const before = loadavg()[0] ?? 0
  const rows = await figures(built)
  process.stdout.write(
    `${tableOf(rows)}\n\nNode ${process.version}, ${cpus().length} cores, load ${before.toFixed(1)} before and ${(loadavg()[0] ?? 0).toFixed(1)} after\n`,
  )
  const missed = rows.filter(isMissed)
  if (missed.length > 0) process.stdout.write(`\nMissed:\n${tableOf(missed)}\n`)
  process.exitCode = missed.length > 0 ? 1 : 0
} finally {
  built.remove()
}
