/** What a bot costs: from its cold start through a number of messages, half of them new threads and half follow-ups. */
import type { Harness, Project } from '../test/support/harness.ts'
import type { Installed } from '../test/build/installed.ts'
import { ask } from './conversation.ts'
import { cpuMsOfTree, rssMb } from './process-tree.ts'
import { rowOf, type Row } from './row.ts'

export interface LoadOptions {
  /** Each is a bot of its own. */
  readonly rounds: number
  readonly messages: number
}

interface Place {
  readonly harness: Harness
  readonly built: Installed
  readonly project: Project
}

/** Beyond the tags that other figures use. */
const FIRST_TAG = 100_000

export async function load({ harness, built, project }: Place, { rounds, messages }: LoadOptions): Promise<readonly Row[]> {
  const cpu: number[] = []
  const rss: number[] = []
  for (let round = 0; round < rounds; round += 1) {
    const bot = await harness.bot(built.entry)
    await converse(harness, project, messages, FIRST_TAG + round * messages)
    cpu.push(cpuMsOfTree(bot.pid) / messages)
    rss.push(rssMb(bot.pid))
    await bot.stop()
  }
  harness.expectFaithful()
  return [
    rowOf(
      { figure: `CPU a message, over ${messages} from a cold start`, unit: 'ms', target: { kind: 'at most', value: 30 } },
      cpu,
    ),
    rowOf({ figure: `RSS after them`, unit: 'MB', target: { kind: 'at most', value: 120 } }, rss),
  ]
}

async function converse(harness: Harness, { channelId }: Project, messages: number, firstTag: number): Promise<void> {
  let thread: string | undefined
  for (let index = 0; index < messages; index += 1) {
    const tag = `#m${firstTag + index}`
    const opened = await ask(harness, { channelId: thread ?? channelId, inThread: thread !== undefined }, tag)
    thread = thread === undefined ? opened.threadId : undefined
  }
}
