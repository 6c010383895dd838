/**
 * The first message in a project whose folder its server has never seen, with one server for all, beside OpenCode alone in the same
 * folder: what it takes to prepare the folder is OpenCode's, the rest is ours. Both servers have worked as much as the other before, in
 * other folders.
 */
import { setTimeout as pause } from 'node:timers/promises'
import type { Installed } from '../test/build/installed.ts'
import type { Harness, Project } from '../test/support/harness.ts'
import { startBareOpenCode, type BareOpenCode } from './bare-opencode.ts'
import { ask } from './conversation.ts'
import { differenceOf, rowOf, type Row } from './row.ts'

const WARM_UP = 6
/** A folder goes on being prepared after the answer: that must not fall into the other side's turn. */
const QUIET_MS = 500
const FIRST_TAG = 200_000
const TARGET = { kind: 'at most', value: 60 } as const

export interface Sides {
  /** No bot of it runs. */
  readonly harness: Harness
  readonly built: Installed
}

export async function coldProjects({ harness, built }: Sides, n: number): Promise<readonly Row[]> {
  const projects: Project[] = []
  for (let index = 0; index < n + WARM_UP; index += 1) projects.push(await harness.project(`cold-${index}`))
  const bot = await harness.bot(built.entry, {}, ['--opencode-servers', '1'])
  const bare = await startBareOpenCode(harness)
  const bridge: number[] = []
  const alone: number[] = []
  try {
    for (const [round, project] of projects.entries()) {
      const turns = [
        async () =>
          keep(
            bridge,
            round,
            (await ask(harness, { channelId: project.channelId, inThread: false }, `#m${FIRST_TAG + round}`)).ms,
          ),
        async () => keep(alone, round, await byItself(bare, project, `#a${FIRST_TAG + round}`)),
      ]
      for (const turn of round % 2 === 0 ? turns : turns.toReversed()) {
        await turn()
        await pause(QUIET_MS)
      }
    }
  } finally {
    await bare.stop()
  }
  await bot.stop()
  harness.expectFaithful()
  const unit = 'ms'
  const through = rowOf({ figure: 'cold project on a used server, first reply', unit }, bridge)
  const without = rowOf({ figure: 'cold project, OpenCode alone', unit }, alone)
  return [through, without, differenceOf({ figure: 'cold project, the bridge adds', unit, target: TARGET }, through, without)]
}

function keep(samples: number[], round: number, ms: number): void {
  if (round >= WARM_UP) samples.push(ms)
}

async function byItself(bare: BareOpenCode, { directory }: Project, tag: string): Promise<number> {
  const openedAt = performance.now()
  const session = await bare.openSession(directory)
  const { at } = await bare.ask(session, `hello ${tag}`, tag)
  return at - openedAt
}
