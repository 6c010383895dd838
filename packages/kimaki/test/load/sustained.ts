/** A steady load: so many messages a second over so many threads, for minutes. What is lost, how soon it is accepted, what grows. */
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'
import { summarise, type Verdict } from 'checker'
import { rssMb } from '../../bench/process-tree.ts'
import { percentile } from '../../bench/row.ts'
import { SMALL_NURSERY } from '../../src/cli/process/wrapper.ts'
import type { Harness, Project } from '../support/harness.ts'
import type { Measured } from './measured-bot.ts'

export interface Sustained {
  readonly messages: number
  readonly acceptedMs: { readonly p50: number; readonly p95: number; readonly max: number }
  /** Medians of each part of the run. */
  readonly settled: Sample
  readonly last: Sample
  readonly verdict: Verdict
}

/** One look at the bot's process. */
export interface Sample {
  readonly rssMb: number
  readonly sockets: number
  readonly timers: number
  readonly children: number
}

export interface Load {
  readonly minutes: number
  readonly perSecond: number
  readonly threads: number
  /** Share of the run that is warming up: what grows there is not counted. */
  readonly warmUp: number
  readonly onMinute?: (line: string) => void
}

const MEASURING = { kind: 'composition', file: new URL('measured-bot.ts', import.meta.url) } as const
const SAMPLE_MS = 5000
/** Discord limits how fast threads are opened in a channel: one message in five opens one until all stand. */
const OPENS_EVERY = 5

export async function sustained(harness: Harness, projects: readonly Project[], load: Load): Promise<Sustained> {
  const { minutes, perSecond, threads, warmUp, onMinute } = load
  const file = join(harness.dir, 'measured.jsonl')
  // As the wrapper starts it.
  const bot = await harness.bot(MEASURING, { MEASURED: file, NODE_OPTIONS: SMALL_NURSERY })
  const open: string[] = []
  const samples: Sample[] = []
  const total = Math.round(minutes * 60 * perSecond)
  const startedAt = performance.now()
  const sampling = setInterval(() => {
    samples.push(sampleOf(bot.pid, file))
    const at = samples.at(-1)
    if (samples.length % (60_000 / SAMPLE_MS) === 0) onMinute?.(`${open.length} threads, ${JSON.stringify(at)}`)
  }, SAMPLE_MS)
  for (let sent = 0; sent < total; sent += 1) {
    await untilDue(startedAt + (sent * 1000) / perSecond)
    const text = `text #m${sent + 1}`
    const standing = open.filter((id) => harness.emulator.world.channel(id))
    const opens = open.length < threads && (sent % OPENS_EVERY === 0 || standing.length === 0)
    if (opens) open.push(harness.owner.send(projects[open.length % projects.length]?.channelId ?? '', text).id)
    else harness.owner.send(standing[sent % standing.length] ?? '', text)
  }
  await harness.emulator.world.until('the last answer', () => harness.model.log.at(-1)?.outcome === 'done', 60_000)
  const verdict = await untilFaithful(harness)
  clearInterval(sampling)
  await bot.stop()
  const warm = samples.slice(Math.floor(samples.length * warmUp))
  const window = Math.max(1, Math.floor(warm.length / 5))
  return {
    messages: total,
    acceptedMs: acceptedAfter(harness, file),
    settled: medianOf(warm.slice(0, window)),
    last: medianOf(warm.slice(-window)),
    verdict,
  }
}

const untilDue = (at: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, Math.max(0, at - performance.now())))

/** The last messages may still be on their way: looked at again for a while. */
async function untilFaithful({ verdict }: Harness): Promise<Verdict> {
  for (let look = 0; look < 30; look += 1) {
    const now = verdict()
    if (now.findings.length === 0) return now
    await new Promise((resolve) => setTimeout(resolve, 1000))
  }
  return verdict()
}

function sampleOf(pid: number, file: string): Sample {
  const resources = linesOf(file).findLast((line) => line.kind === 'resources')
  return {
    rssMb: Math.round(rssMb(pid)),
    sockets: readdirSync(`/proc/${pid}/fd`).filter((fd) => isSocket(`/proc/${pid}/fd/${fd}`)).length,
    timers: resources?.kind === 'resources' ? (resources.byType['Timeout'] ?? 0) : 0,
    children: readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).length,
  }
}

function isSocket(link: string): boolean {
  try {
    return readlinkSync(link).startsWith('socket:')
  } catch {
    return false
  }
}

const linesOf = (file: string): readonly Measured[] =>
  existsSync(file)
    ? readFileSync(file, 'utf8')
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as Measured)
    : []

/** From the gateway frame that brought a message to the commit of its row. */
function acceptedAfter({ emulator }: Harness, file: string): Sustained['acceptedMs'] {
  const dispatched = new Map<string, number>()
  for (const entry of emulator.journal.entries)
    if (entry.kind === 'dispatch' && entry.event === 'MESSAGE_CREATE' && entry.subjectId !== undefined)
      dispatched.set(entry.subjectId, entry.at)
  const took = linesOf(file).flatMap((line) =>
    line.kind === 'accepted' ? line.at - (dispatched.get(line.messageId) ?? Number.NaN) : [],
  )
  return { p50: percentile(took, 0.5), p95: percentile(took, 0.95), max: Math.max(...took) }
}

function medianOf(samples: readonly Sample[]): Sample {
  const of = (what: keyof Sample): number =>
    percentile(
      samples.map((sample) => sample[what]),
      0.5,
    )
  return { rssMb: of('rssMb'), sockets: of('sockets'), timers: of('timers'), children: of('children') }
}

/** What is wrong with a run; nothing when it holds. */
export function faultsOf({ acceptedMs, settled, last, verdict }: Sustained): readonly string[] {
  return [
    ...(verdict.findings.length > 0 ? [summarise(verdict)] : []),
    ...(acceptedMs.p95 > 500 ? [`accepted after ${acceptedMs.p95.toFixed(0)} ms (p95), more than 500`] : []),
    ...(last.rssMb > settled.rssMb * 1.1 ? [`memory grew from ${settled.rssMb} to ${last.rssMb} MB`] : []),
    ...(last.sockets > settled.sockets + 2 ? [`sockets grew from ${settled.sockets} to ${last.sockets}`] : []),
    ...(last.timers > settled.timers * 1.1 + 5 ? [`timers grew from ${settled.timers} to ${last.timers}`] : []),
    ...(last.children !== settled.children ? [`processes went from ${settled.children} to ${last.children}`] : []),
  ]
}

export function report(run: Sustained): string {
  const { messages, acceptedMs, settled, last, verdict } = run
  const cell = ({ rssMb: rss, sockets, timers, children }: Sample): string =>
    `${rss} MB RSS, ${sockets} sockets, ${timers} timers, ${children} child processes`
  return [
    `${messages} messages; accepted after ${acceptedMs.p50.toFixed(1)} ms (p50), ${acceptedMs.p95.toFixed(1)} ms (p95), ${acceptedMs.max.toFixed(0)} ms (max)`,
    `once warm: ${cell(settled)}`,
    `at the end: ${cell(last)}`,
    summarise(verdict),
  ].join('\n')
}
