/**
 * The first visible reply, beside OpenCode alone: a new thread against a new session, a follow-up against a second prompt in it. All
 * four take turns within one run, and the order changes from round to round, so that what else the machine does falls on all alike.
 */
import { setTimeout as pause } from 'node:timers/promises'
import type { Harness, Project } from '../test/support/harness.ts'
import type { BareOpenCode } from './bare-opencode.ts'
import { ask } from './conversation.ts'
import { differenceOf, rowOf, type Row } from './row.ts'

const WARM_UP = 3
/** Titles come after the answer; they must not fall into the next measurement. */
const QUIET_MS = 150
const TARGET = { kind: 'at most', value: 60 } as const

interface Samples {
  readonly first: number[]
  readonly followUp: number[]
}

export interface Sides {
  /** With its bot running. */
  readonly harness: Harness
  readonly bare: BareOpenCode
  readonly project: Project
}

export async function replies({ harness, bare, project }: Sides, n: number): Promise<readonly Row[]> {
  const bridge: Samples = { first: [], followUp: [] }
  const alone: Samples = { first: [], followUp: [] }
  for (let round = 0; round < n + WARM_UP; round += 1) {
    const turns = [
      async () => keep(bridge, round, await throughBridge(harness, project, round)),
      async () => keep(alone, round, await byItself(bare, project, round)),
    ]
    for (const turn of round % 2 === 0 ? turns : turns.toReversed()) await turn()
  }
  harness.expectFaithful()
  return rowsOf(bridge, alone)
}

function keep(samples: Samples, round: number, { first, followUp }: Round): void {
  if (round < WARM_UP) return
  samples.first.push(first)
  samples.followUp.push(followUp)
}

interface Round {
  readonly first: number
  readonly followUp: number
}

async function throughBridge(harness: Harness, { channelId }: Project, round: number): Promise<Round> {
  const opened = await ask(harness, { channelId, inThread: false }, `#m${2 * round}`)
  await pause(QUIET_MS)
  const followed = await ask(harness, { channelId: opened.threadId, inThread: true }, `#m${2 * round + 1}`)
  await pause(QUIET_MS)
  return { first: opened.ms, followUp: followed.ms }
}

async function byItself(bare: BareOpenCode, { directory }: Project, round: number): Promise<Round> {
  const openedAt = performance.now()
  const session = await bare.openSession(directory)
  const first = await bare.ask(session, `hello #a${2 * round}`, `#a${2 * round}`)
  await pause(QUIET_MS)
  const followedAt = performance.now()
  const second = await bare.ask(session, `hello #a${2 * round + 1}`, `#a${2 * round + 1}`)
  await pause(QUIET_MS)
  return { first: first.at - openedAt, followUp: second.at - followedAt }
}

function rowsOf(bridge: Samples, alone: Samples): readonly Row[] {
  const unit = 'ms'
  const compare = (name: string, ours: readonly number[], theirs: readonly number[]): readonly Row[] => {
    const through = rowOf({ figure: `${name}, first reply`, unit }, ours)
    const without = rowOf({ figure: `${name}, OpenCode alone`, unit }, theirs)
    return [through, without, differenceOf({ figure: `${name}, the bridge adds`, unit, target: TARGET }, through, without)]
  }
  return [...compare('new thread', bridge.first, alone.first), ...compare('follow-up', bridge.followUp, alone.followUp)]
}
