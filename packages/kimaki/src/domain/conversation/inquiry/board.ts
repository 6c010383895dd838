/** Which threads of a project wait for whom, which work, and which are idle: from what is on record, nothing is asked of OpenCode. */
import type { PromptEnd } from '../prompt.ts'

/** A thread as the record knows it. */
export interface ThreadRecord {
  readonly threadId: string
  /** The person who wrote to the agent last; undefined: a program did. */
  readonly asker: { readonly id: string; readonly name: string } | undefined
  /** Unix ms: when that was. */
  readonly askedAt: number
  /** The agent asks, and nobody has answered. */
  readonly isAsking: boolean
  /** Something of it is not ended. */
  readonly isWorking: boolean
  /** Messages in its queue. */
  readonly queued: number
  /** How the newest message ended. */
  readonly end: PromptEnd['kind'] | undefined
}

export interface Board {
  readonly waiting: readonly WaitingThread[]
  readonly working: readonly ThreadRecord[]
  readonly idle: readonly ThreadRecord[]
}

export interface WaitingThread extends ThreadRecord {
  readonly because: 'asks' | 'failed' | 'answered'
}

/** An answer that nobody has written after for so long waits for nobody any more. */
const ANSWER_WAITS_MS = 24 * 3_600_000

const FAILURES: readonly (PromptEnd['kind'] | undefined)[] = ['failed', 'interrupted']

/** The newest first in each. */
export function boardOf(threads: readonly ThreadRecord[], now: number): Board {
  const sorted = threads.toSorted((a, b) => b.askedAt - a.askedAt)
  const waiting = sorted.flatMap((thread): readonly WaitingThread[] => {
    const because = waitsBecause(thread, now)
    return because ? [{ ...thread, because }] : []
  })
  const others = sorted.filter(({ threadId }) => !waiting.some((thread) => thread.threadId === threadId))
  return { waiting, working: others.filter(({ isWorking }) => isWorking), idle: others.filter(({ isWorking }) => !isWorking) }
}

function waitsBecause({ isAsking, isWorking, end, askedAt }: ThreadRecord, now: number): WaitingThread['because'] | undefined {
  if (isAsking) return 'asks'
  if (isWorking) return undefined
  if (FAILURES.includes(end)) return 'failed'
  const isFresh = now - askedAt < ANSWER_WAITS_MS
  return (end === 'answered' || end === 'merged') && isFresh ? 'answered' : undefined
}
