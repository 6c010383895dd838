/** Many threads at once, and what is left of them: CPU of a rush, memory with a hundred threads used, and the cost of doing nothing. */
import type { Installed } from '../test/build/installed.ts'
import type { Harness, Project } from '../test/support/harness.ts'
import { cpuMsOfTree, rssMbOfTree } from './process-tree.ts'
import { rowOf, type Row } from './row.ts'

export interface CrowdOptions {
  /** Each is a bot of its own. */
  readonly rounds: number
  readonly idleMs: number
}

interface Place {
  readonly harness: Harness
  readonly built: Installed
  readonly project: Project
}

const THREADS = 100
const RUSH = 50
const MESSAGES_EACH = 3
/** Beyond the tags that other figures use. */
const FIRST_TAG = 500_000

export async function crowd({ harness, built, project }: Place, { rounds, idleMs }: CrowdOptions): Promise<readonly Row[]> {
  const rushCpu: number[] = []
  const rss: number[] = []
  const idleCpu: number[] = []
  let tag = FIRST_TAG
  const next = (): string => `#m${(tag += 1)}`
  for (let round = 0; round < rounds; round += 1) {
    const bot = await harness.bot(built.entry, { KIMAKI_NO_WRAPPER: '' })
    const threads = await opened(harness, project, THREADS, next)
    const before = cpuMsOfTree(bot.pid)
    const tags = threads
      .slice(0, RUSH)
      .flatMap((thread) => Array.from({ length: MESSAGES_EACH }, () => say(harness, thread, next())))
    await untilAllEnded(harness, threads, tags)
    rushCpu.push((cpuMsOfTree(bot.pid) - before) / 1000)
    rss.push(rssMbOfTree(bot.pid))
    const idleFrom = cpuMsOfTree(bot.pid)
    await new Promise((resolve) => setTimeout(resolve, idleMs))
    idleCpu.push(((cpuMsOfTree(bot.pid) - idleFrom) / idleMs) * 100)
    await bot.stop()
  }
  harness.expectFaithful()
  return [
    rowOf(
      { figure: `CPU of ${RUSH} threads × ${MESSAGES_EACH} messages at once`, unit: 's', target: { kind: 'at most', value: 6 } },
      rushCpu,
    ),
    rowOf(
      { figure: `RSS of wrapper and bot, ${THREADS} threads used`, unit: 'MB', target: { kind: 'at most', value: 160 } },
      rss,
    ),
    rowOf({ figure: `idle CPU, ${THREADS} threads used`, unit: '%', target: { kind: 'at most', value: 0.5 } }, idleCpu),
  ]
}

async function opened(harness: Harness, { channelId }: Project, count: number, next: () => string): Promise<readonly string[]> {
  const threads = Array.from({ length: count }, () => harness.owner.send(channelId, `hello ${next()}`).id)
  for (const thread of threads) await harness.untilSaid(thread, FOOTER, 120_000)
  return threads
}

function say({ owner }: Harness, thread: string, tag: string): string {
  owner.send(thread, `and ${tag}`)
  return tag
}

/** Messages of a thread that wait together are read together: the last one's answer is the end of them all. */
async function untilAllEnded(harness: Harness, threads: readonly string[], tags: readonly string[]): Promise<void> {
  for (const [index, tag] of tags.entries()) {
    if (index % MESSAGES_EACH !== MESSAGES_EACH - 1) continue
    const thread = threads[Math.floor(index / MESSAGES_EACH)] ?? ''
    await harness.untilSaid(thread, new RegExp(`Answer to ${tag}\\b`), 120_000)
    await harness.emulator.world.until('the footer', () => FOOTER.test(harness.said(thread).at(-1) ?? '') || undefined, 120_000)
  }
}

const FOOTER = /^\*alpha/
